/** How a version of a kind sees what is stored: as it is, or converted, once for all who look. */
import { apiVersionOf, type KubeObject } from '../../api/object.ts';
import type { Change, StoredValue } from '../../storage/store.ts';
import type { KindDefinition } from '../../api/kind.ts';
import type { Conversion } from './conversions.ts';
import { ObjectChange, ObjectVersion, type ObjectDecoder } from './object-version.ts';

export interface ObjectView {
  /** Makes ready what cannot be converted at once; to be awaited before the others are called with these. */
  readonly prepare?: (stored: readonly Pick<StoredValue, 'value' | 'modRevision'>[]) => Promise<void>;
  readonly prepareChanges?: (changes: readonly Change[]) => Promise<void>;
  version(stored: Pick<StoredValue, 'value' | 'modRevision'>): ObjectVersion;
  change(change: Change): ObjectChange;
  /** Whether it was stored in a version that is not the one of storage now. */
  isOutdated?(version: ObjectVersion): boolean;
  /** Bytes to store. */
  encode(object: KubeObject): Uint8Array | Promise<Uint8Array>;
}

export class ConvertedView implements ObjectView {
  readonly #decoder: ObjectDecoder;
  readonly #shown: KindDefinition;
  readonly #conversion: Conversion;
  readonly #versions = new WeakMap<ObjectVersion, ObjectVersion>();
  readonly #changes = new WeakMap<ObjectChange, ObjectChange>();
  /** What was converted outside, by what is stored. */
  readonly #prepared = new WeakMap<ObjectVersion, KubeObject>();
  readonly #outdated = new WeakSet<ObjectVersion>();
  readonly prepare?: NonNullable<ObjectView['prepare']>;
  readonly prepareChanges?: NonNullable<ObjectView['prepareChanges']>;

  constructor(decoder: ObjectDecoder, shown: KindDefinition, conversion: Conversion) {
    this.#decoder = decoder;
    this.#shown = shown;
    this.#conversion = conversion;
    const { convertOutside } = conversion;
    if (convertOutside === undefined) return;
    const ready = (versions: readonly ObjectVersion[]): Promise<void> => this.#convertOutside(versions, convertOutside);
    this.prepare = (stored) => ready(stored.map((one) => decoder.version(one)));
    this.prepareChanges = (changes) => ready(changes.map((change) => decoder.change(change)).flatMap(({ current, previous }) => (previous === undefined ? [current] : [current, previous])));
  }

  async #convertOutside(versions: readonly ObjectVersion[], convert: NonNullable<Conversion['convertOutside']>): Promise<void> {
    const apiVersion = apiVersionOf(this.#shown);
    const others = versions.filter((version) => version.object.apiVersion !== apiVersion && !this.#prepared.has(version));
    if (others.length === 0) return;
    const converted = await convert(others.map(({ object }) => object), apiVersion);
    for (const [index, version] of others.entries()) this.#prepared.set(version, converted[index] ?? version.object);
  }

  isOutdated(version: ObjectVersion): boolean {
    return this.#outdated.has(version);
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

  encode(object: KubeObject): Uint8Array | Promise<Uint8Array> {
    const { stored, convertOutside } = this.#conversion;
    const storedVersion = apiVersionOf(stored);
    const bytes = (one: KubeObject): Uint8Array => this.#decoder.encode(typed(stored, this.#conversion.toStored(one)));
    if (convertOutside === undefined || object.apiVersion === storedVersion) return bytes(object);
    return convertOutside([object], storedVersion).then(([converted = object]) => bytes(converted));
  }

  #convert(version: ObjectVersion): ObjectVersion {
    let shown = this.#versions.get(version);
    if (shown === undefined) {
      shown = new ObjectVersion(typed(this.#shown, this.#conversion.fromStored(this.#prepared.get(version) ?? version.object)), version.revision);
      if (version.object.apiVersion !== apiVersionOf(this.#conversion.stored)) this.#outdated.add(shown);
      this.#versions.set(version, shown);
    }
    return shown;
  }
}

function typed(definition: Conversion['stored'], { kind: _kind, apiVersion: _apiVersion, metadata = {}, ...rest }: KubeObject): KubeObject {
  return { kind: definition.kind, apiVersion: apiVersionOf(definition), metadata, ...rest };
}
