/** How a version of a kind sees what is stored: as it is, or converted, once for all who look. */
import { apiVersionOf, type KubeObject } from '../../api/object.ts';
import type { Change, StoredValue } from '../../storage/store.ts';
import type { KindDefinition } from '../../api/kind.ts';
import type { Conversion } from './conversions.ts';
import { ObjectChange, ObjectVersion, type ObjectDecoder } from './object-version.ts';

export interface ObjectView {
  version(stored: Pick<StoredValue, 'value' | 'modRevision'>): ObjectVersion;
  change(change: Change): ObjectChange;
  /** Bytes to store. */
  encode(object: KubeObject): Uint8Array;
}

export class ConvertedView implements ObjectView {
  readonly #decoder: ObjectDecoder;
  readonly #shown: KindDefinition;
  readonly #conversion: Conversion;
  readonly #versions = new WeakMap<ObjectVersion, ObjectVersion>();
  readonly #changes = new WeakMap<ObjectChange, ObjectChange>();

  constructor(decoder: ObjectDecoder, shown: KindDefinition, conversion: Conversion) {
    this.#decoder = decoder;
    this.#shown = shown;
    this.#conversion = conversion;
  }

  version(stored: Pick<StoredValue, 'value' | 'modRevision'>): ObjectVersion {
    return this.#convert(this.#decoder.version(stored));
  }

  change(change: Change): ObjectChange {
    const seen = this.#decoder.change(change);
    let shown = this.#changes.get(seen);
    if (shown === undefined) {
      shown = new ObjectChange(this.#convert(seen.current), seen.previous === undefined ? undefined : this.#convert(seen.previous));
      this.#changes.set(seen, shown);
    }
    return shown;
  }

  encode(object: KubeObject): Uint8Array {
    return this.#decoder.encode(typed(this.#conversion.stored, this.#conversion.toStored(object)));
  }

  #convert(version: ObjectVersion): ObjectVersion {
    let shown = this.#versions.get(version);
    if (shown === undefined) {
      shown = new ObjectVersion(typed(this.#shown, this.#conversion.fromStored(version.object)), version.revision);
      this.#versions.set(version, shown);
    }
    return shown;
  }
}

function typed(definition: Conversion['stored'], { kind: _kind, apiVersion: _apiVersion, metadata = {}, ...rest }: KubeObject): KubeObject {
  return { kind: definition.kind, apiVersion: apiVersionOf(definition), metadata, ...rest };
}
