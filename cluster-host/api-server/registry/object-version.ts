/**
 * One state of one object, with its encodings made once and shared by every reader and watcher.
 *
 * Stored bytes are the object's JSON without `resourceVersion`; that is the revision of the transaction that wrote it, and is
 * put into a copy of them for who reads JSON: the object itself is encoded once in its life.
 */
import { kindType } from '../../api/catalogue/catalogue.ts';
import { wireForm } from '../../api/decode/wire.ts';
import { parseApiVersion, type KubeObject } from '../../api/object.ts';
import { encodeMessage, encodeWatchFrame } from '../../api/protobuf/codec.ts';
import { sealEnvelope } from '../../api/protobuf/envelope.ts';
import type { Change, Revision, StoredValue } from '../../storage/store.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const quoteMark = 0x22;

export class ObjectVersion {
  /** Shared: never changed. Starts with `kind`, `apiVersion`, `metadata`. */
  readonly object: KubeObject;
  readonly revision: Revision;
  readonly #stored: Uint8Array | undefined;
  #json: Uint8Array | undefined;
  #message: Uint8Array | undefined;
  #frames: Map<string, Uint8Array> | undefined;

  /** `stored`: the object's bytes in the store, where it comes from there. */
  constructor(object: KubeObject, revision: Revision, stored?: Uint8Array) {
    this.object = object;
    this.revision = revision;
    this.#stored = stored;
  }

  /** The object as JSON, with nulls where Go writes them. */
  json(): Uint8Array {
    return (this.#json ??= this.#encode());
  }

  #encode(): Uint8Array {
    const wire = onWire(this.object);
    const spliced = wire === this.object && this.#stored !== undefined ? withRevision(this.#stored, this.object, this.revision) : undefined;
    return spliced ?? encoder.encode(JSON.stringify(wire));
  }

  /** The object as one line of a watch over HTTP. */
  frame(type: string): Uint8Array {
    return this.#frame(type, () => Buffer.concat([encoder.encode(`{"type":"${type}","object":`), this.json(), encoder.encode('}\n')]));
  }

  /** The object as a protobuf message without its envelope. Only for kinds with a protobuf form. */
  message(): Uint8Array {
    this.#message ??= encodeMessage(this.object);
    if (this.#message === undefined) throw new Error(`${this.object.kind} has no protobuf form`);
    return this.#message;
  }

  /** The object in its protobuf envelope. Only for kinds with a protobuf form. */
  protobuf(): Uint8Array {
    const { apiVersion = '', kind = '' } = this.object;
    return sealEnvelope({ apiVersion, kind, raw: this.message() });
  }

  /** The object as one event of a watch in protobuf. Only for kinds with a protobuf form. */
  protobufFrame(type: string): Uint8Array {
    return this.#frame(`protobuf ${type}`, () => encodeWatchFrame(type, this.protobuf()));
  }

  #frame(key: string, make: () => Uint8Array): Uint8Array {
    this.#frames ??= new Map();
    let frame = this.#frames.get(key);
    if (frame === undefined) {
      frame = make();
      this.#frames.set(key, frame);
    }
    return frame;
  }
}

/** The same change as each watch sees it: made once. */
export class ObjectChange {
  /** The state after the change; of a deletion the last state. Both at the change's revision. */
  readonly current: ObjectVersion;
  readonly previous: ObjectVersion | undefined;
  #left: ObjectVersion | undefined;

  constructor(current: ObjectVersion, previous: ObjectVersion | undefined) {
    this.current = current;
    this.previous = previous;
  }

  /** The state before the change, at the change's revision: what a watch hears whose selector matches no more. */
  get left(): ObjectVersion | undefined {
    if (this.previous !== undefined) this.#left ??= atRevision(this.previous.object, this.current.revision);
    return this.#left;
  }
}

/** Turns stored values into object versions, each value once: the bytes of a value are its identity. */
export class ObjectDecoder {
  readonly #objects = new WeakMap<Uint8Array, KubeObject>();
  readonly #versions = new WeakMap<Uint8Array, ObjectVersion>();
  readonly #changes = new WeakMap<Change, ObjectChange>();

  /** Bytes to store; the object is remembered, so that what is written here is not decoded again. The object must not be changed afterwards. */
  encode(object: KubeObject): Uint8Array {
    const bytes = encoder.encode(JSON.stringify(object));
    this.#objects.set(bytes, object);
    return bytes;
  }

  version({ value, modRevision }: Pick<StoredValue, 'value' | 'modRevision'>): ObjectVersion {
    let version = this.#versions.get(value);
    if (version?.revision !== modRevision) {
      version = atRevision(this.#decode(value), modRevision, value);
      this.#versions.set(value, version);
    }
    return version;
  }

  change(change: Change): ObjectChange {
    let seen = this.#changes.get(change);
    if (seen === undefined) {
      const previous = change.previous === undefined ? undefined : this.version(change.previous);
      seen = new ObjectChange(this.#currentOf(change), previous);
      this.#changes.set(change, seen);
    }
    return seen;
  }

  #currentOf({ type, value, revision }: Change): ObjectVersion {
    return type === 'delete' ? atRevision(this.#decode(value), revision, value) : this.version({ value, modRevision: revision });
  }

  #decode(bytes: Uint8Array): KubeObject {
    let object = this.#objects.get(bytes);
    if (object === undefined) {
      object = JSON.parse(decoder.decode(bytes)) as KubeObject;
      this.#objects.set(bytes, object);
    }
    return object;
  }
}

/** The object as clients see it: with nulls where Go writes them. Shared: never to be changed. */
export function onWire(object: KubeObject): KubeObject {
  const version = parseApiVersion(object.apiVersion ?? '');
  const type = version && kindType({ ...version, kind: object.kind ?? '' });
  return type === undefined ? object : (wireForm(object, type) as KubeObject);
}

/** The object with the revision in its metadata; shares everything else. */
function atRevision(object: KubeObject, revision: Revision, stored?: Uint8Array): ObjectVersion {
  const { kind, apiVersion, metadata, ...rest } = object;
  return new ObjectVersion({ kind, apiVersion, metadata: { ...metadata, resourceVersion: String(revision) }, ...rest }, revision, stored);
}

/** Undefined where the bytes do not begin with kind, apiVersion and a metadata that holds something. */
function withRevision(stored: Uint8Array, { kind, apiVersion }: KubeObject, revision: Revision): Uint8Array | undefined {
  const head = Buffer.from(`${JSON.stringify({ kind, apiVersion }).slice(0, -1)},"metadata":{`);
  if (head.compare(stored, 0, head.length) !== 0 || stored[head.length] !== quoteMark) return undefined;
  return Buffer.concat([head, Buffer.from(`"resourceVersion":"${revision}",`), stored.subarray(head.length)]);
}
