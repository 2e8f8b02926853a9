/**
 * An API server in memory for the unit tests of every client: create, get, list, watch, update, patch, delete, status, conflicts.
 *
 * It knows no kinds, defaults or validation. What it does hold to: one growing resourceVersion, optimistic concurrency, watches
 * that resume from a resourceVersion or say 410, graceful deletion of pods, finalizers, status apart from spec, generations.
 * Events of a watch are delivered in order, never within the call that caused them.
 */
import { alreadyExists, notFound } from '../../api/status.ts';
import type { KubeObject } from '../../api/object.ts';
import { keyOf } from '../../api/object.ts';
import { timestamp } from '../../api/time.ts';
import type { Clock, Disposable } from '../../platform/platform.ts';
import { ApiError, type ApiRequest, type ApiResponse, type Transport, type WatchEventType, type WatchHandler } from '../client.ts';
import { applyJsonPatch, applyMergePatch, applyStrategicPatch } from './fake-patches.ts';
import { parsePath, selects, type Target } from './fake-requests.ts';

interface Change {
  readonly type: WatchEventType;
  readonly collection: string;
  readonly version: number;
  readonly object: KubeObject;
  readonly old?: KubeObject;
}

interface Watcher {
  readonly target: Target;
  readonly query: ApiRequest['query'];
  readonly handler: WatchHandler<KubeObject>;
  /** The last change that it was sent. */
  sent: number;
}

export interface FakeApiOptions {
  readonly clock?: Pick<Clock, 'now'>;
  /** Asked before each request and watch; an error it returns is the answer (faults, recorded calls). */
  readonly before?: (request: ApiRequest) => ApiError | undefined;
  /** Answers what is not an object of the store: discovery, scales, metrics. */
  readonly answer?: (request: ApiRequest) => unknown;
}

/** The kind of a collection that is still empty. */
const kindless = 'Object';

export class FakeApi implements Transport {
  readonly #collections = new Map<string, Map<string, KubeObject>>();
  readonly #watchers = new Set<Watcher>();
  readonly #options: FakeApiOptions;
  #history: Change[] = [];
  #version = 0;
  #oldest = 0;
  #delivering = false;
  /** What was asked of it, newest last. */
  readonly requests: ApiRequest[] = [];

  constructor(options: FakeApiOptions = {}) {
    this.#options = options;
  }

  /** Puts objects there as they are, status included; `plural` where it is not the kind's name in lower case with an s. */
  seed(objects: readonly KubeObject[], plural?: string): void {
    for (const object of objects) {
      const apiVersion = object.apiVersion ?? 'v1';
      const collection = `${apiVersion.includes('/') ? '/apis/' : '/api/'}${apiVersion}/${plural ?? `${(object.kind ?? kindless).toLowerCase()}s`}`;
      this.#put(collection, this.#fresh(structuredClone(object)));
    }
  }

  /** Everything of a plural, newest state. */
  objects(plural: string): readonly any[] {
    return [...this.#collections].filter(([collection]) => collection.endsWith(`/${plural}`)).flatMap(([, objects]) => [...objects.values()]);
  }

  /** Ends watches: in order, or with a broken connection. */
  dropWatches(error?: Error): void {
    const dropped = [...this.#watchers];
    this.#watchers.clear();
    for (const { handler } of dropped) handler.ended(error);
  }

  /** Forgets history: watches from before now are answered with 410. */
  compact(): void {
    this.#history = [];
    this.#oldest = this.#version;
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    await Promise.resolve();
    this.requests.push(request);
    const fault = this.#options.before?.(request);
    if (fault !== undefined) return answer(fault.status);
    const own = this.#options.answer?.(request);
    if (own !== undefined) return { status: 200, headers: {}, body: own };
    try {
      return { status: request.method === 'POST' ? 201 : 200, headers: {}, body: this.#handle(request, parsePath(request.path)) };
    } catch (error) {
      if (error instanceof ApiError) return answer(error.status);
      throw error;
    }
  }

  watch(request: ApiRequest, handler: WatchHandler<KubeObject>): Disposable {
    const from = Number(request.query?.['resourceVersion'] ?? 0);
    const watcher: Watcher = { target: parsePath(request.path), query: request.query, handler, sent: from };
    const refusal = this.#options.before?.(request) ?? (from < this.#oldest ? failure(410, 'Expired', `too old resource version: ${from} (${this.#oldest})`) : undefined);
    if (refusal === undefined) this.#watchers.add(watcher);
    else queueMicrotask(() => handler.ended(refusal));
    this.#deliver();
    return { dispose: () => void this.#watchers.delete(watcher) };
  }

  #handle(request: ApiRequest, target: Target): unknown {
    const body = request.body as KubeObject;
    const verbs: Record<ApiRequest['method'], () => unknown> = {
      GET: () => (target.name === undefined ? this.#list(target, request.query) : this.#get(target)),
      POST: () => (target.subresource === undefined ? this.#create(target, body) : this.#createSubresource(target, body)),
      PUT: () => this.#update(target, structuredClone(body)),
      PATCH: () => this.#patch(target, request),
      DELETE: () => (target.name === undefined ? this.#deleteAll(target, request) : this.#delete(target, body)),
    };
    return verbs[request.method]();
  }

  #list(target: Target, query: ApiRequest['query']): unknown {
    const items = [...this.#objects(target.collection).values()].filter((object) => selects(target, query, object));
    return { kind: `${items[0]?.kind ?? kindless}List`, apiVersion: target.apiVersion, metadata: { resourceVersion: String(this.#version) }, items };
  }

  #get(target: Target): KubeObject {
    const object = this.#objects(target.collection).get(target.key);
    if (object === undefined) throw new ApiError(notFound(target, target.name ?? ''));
    if (target.subresource !== 'scale') return object;
    return { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: object.metadata, spec: { replicas: object['spec']?.replicas ?? 0 }, status: { replicas: object['status']?.replicas ?? 0 } };
  }

  #create(target: Target, body: KubeObject): KubeObject {
    const object = structuredClone(body);
    const metadata = (object.metadata ??= {});
    if (target.namespace !== undefined) metadata.namespace = target.namespace;
    if (metadata.name === undefined) metadata.name = `${metadata.generateName ?? ''}${(this.#version + 1).toString(36).padStart(5, '0')}`;
    const key = keyOf(object);
    if (this.#objects(target.collection).has(key)) throw new ApiError(alreadyExists(target, metadata.name));
    if (object.kind === 'Pod') object['status'] = { phase: 'Pending', ...object['status'] };
    return this.#put(target.collection, this.#fresh(object));
  }

  #createSubresource(target: Target, body: KubeObject): unknown {
    const pod = this.#get({ ...target, subresource: undefined });
    if (target.subresource === 'eviction') return this.#delete({ ...target, subresource: undefined }, body['deleteOptions'] ?? {});
    if (target.subresource !== 'binding') return body;
    if (pod['spec'].nodeName !== undefined) throw failure(409, 'Conflict', `Operation cannot be fulfilled on pods/binding "${target.name}": pod ${target.name} is already assigned to node "${pod['spec'].nodeName}"`);
    const others = (pod['status']?.conditions ?? []).filter((condition: { type: string }) => condition.type !== 'PodScheduled');
    const conditions = [...others, { type: 'PodScheduled', status: 'True', lastTransitionTime: this.#timestamp() }];
    this.#put(target.collection, { ...pod, spec: { ...pod['spec'], nodeName: body['target'].name }, status: { ...pod['status'], conditions } });
    return { kind: 'Status', apiVersion: 'v1', status: 'Success' };
  }

  #update(target: Target, object: KubeObject): KubeObject {
    const old = this.#get({ ...target, subresource: undefined });
    const expected = object.metadata?.resourceVersion;
    if (expected !== undefined && expected !== old.metadata?.resourceVersion) {
      const text = 'the object has been modified; please apply your changes to the latest version and try again';
      throw failure(409, 'Conflict', `Operation cannot be fulfilled on ${target.plural} "${target.name}": ${text}`);
    }
    if (target.subresource === 'status') return this.#put(target.collection, { ...old, metadata: { ...old.metadata, annotations: object.metadata?.annotations }, status: object['status'] }, old);
    if (target.subresource === 'scale') return this.#replace(target, { ...old, spec: { ...old['spec'], replicas: object['spec'].replicas } }, old);
    return this.#replace(target, old['status'] === undefined ? object : { ...object, status: old['status'] }, old);
  }

  #patch(target: Target, request: ApiRequest): KubeObject {
    const old = this.#get({ ...target, subresource: undefined });
    const type = request.headers?.['content-type'] ?? '';
    if (type.startsWith('application/json-patch')) return this.#update(target, applyJsonPatch(old, request.body));
    if (type.startsWith('application/merge-patch')) return this.#update(target, applyMergePatch(structuredClone(old), request.body));
    if (type.startsWith('application/strategic')) return this.#update(target, applyStrategicPatch(structuredClone(old), request.body));
    throw failure(415, 'UnsupportedMediaType', `the fake API does not know patches of type ${type}`);
  }

  /** Writes the new state of the main resource; the last finalizer that goes takes a dying object with it. */
  #replace(target: Target, object: KubeObject, old: KubeObject): KubeObject {
    const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation = 1 } = old.metadata ?? {};
    object.metadata = { ...object.metadata, uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds };
    object.metadata.generation = JSON.stringify(object['spec']) === JSON.stringify(old['spec']) ? generation : generation + 1;
    const dying = deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).length === 0 && (deletionGracePeriodSeconds ?? 0) === 0;
    if (dying) return this.#remove(target.collection, object);
    return JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: '' } }) === JSON.stringify({ ...old, metadata: { ...old.metadata, resourceVersion: '' } })
      ? old
      : this.#put(target.collection, object, old);
  }

  #deleteAll(target: Target, request: ApiRequest): unknown {
    const doomed = [...this.#objects(target.collection)].filter(([, object]) => selects(target, request.query, object));
    for (const [key, object] of doomed) this.#delete({ ...target, name: object.metadata?.name, key }, request.body as KubeObject);
    return { kind: 'Status', apiVersion: 'v1', status: 'Success' };
  }

  #delete(target: Target, options: KubeObject | undefined): KubeObject {
    const object = this.#get(target);
    const uid = options?.['preconditions']?.uid;
    if (uid !== undefined && uid !== object.metadata?.uid) {
      throw failure(409, 'Conflict', `Operation cannot be fulfilled on ${target.plural} "${target.name}": the UID in the precondition (${uid}) does not match the UID in record (${object.metadata?.uid})`);
    }
    const policy = { Foreground: ['foregroundDeletion'], Orphan: ['orphan'] }[String(options?.['propagationPolicy'])] ?? [];
    const finalizers = [...new Set([...(object.metadata?.finalizers ?? []), ...policy])];
    const grace = this.#grace(object, options?.['gracePeriodSeconds']);
    if (grace === 0 && finalizers.length === 0) return this.#remove(target.collection, object);
    const deletionTimestamp = object.metadata?.deletionTimestamp ?? this.#timestamp();
    return this.#put(target.collection, { ...object, metadata: { ...object.metadata, finalizers, deletionTimestamp, deletionGracePeriodSeconds: grace } }, object);
  }

  /** Only a pod that runs on a node is given time to end. */
  #grace(object: KubeObject, asked: number | undefined): number {
    const running = object.kind === 'Pod' && object['spec']?.nodeName !== undefined && !['Succeeded', 'Failed'].includes(object['status']?.phase);
    return running ? (asked ?? object['spec']?.terminationGracePeriodSeconds ?? 30) : 0;
  }

  #objects(collection: string): Map<string, KubeObject> {
    let objects = this.#collections.get(collection);
    if (objects === undefined) this.#collections.set(collection, (objects = new Map()));
    return objects;
  }

  #fresh(object: KubeObject): KubeObject {
    const version = this.#version + 1;
    object.metadata = { uid: `uid-${version}`, generation: 1, creationTimestamp: this.#timestamp(), ...object.metadata };
    return object;
  }

  #put(collection: string, object: KubeObject, old?: KubeObject): KubeObject {
    const version = ++this.#version;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    const before = old ?? this.#objects(collection).get(keyOf(stored));
    this.#objects(collection).set(keyOf(stored), stored);
    this.#changed({ type: before === undefined ? 'ADDED' : 'MODIFIED', collection, version, object: stored, ...(before === undefined ? {} : { old: before }) });
    return stored;
  }

  #remove(collection: string, object: KubeObject): KubeObject {
    const version = ++this.#version;
    this.#objects(collection).delete(keyOf(object));
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    this.#changed({ type: 'DELETED', collection, version, object: last });
    return last;
  }

  #changed(change: Change): void {
    this.#history.push(change);
    this.#deliver();
  }

  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    queueMicrotask(() => {
      this.#delivering = false;
      for (const watcher of this.#watchers) this.#send(watcher);
    });
  }

  #send(watcher: Watcher): void {
    const first = this.#history.findLastIndex((change) => change.version <= watcher.sent) + 1;
    for (const change of this.#history.slice(first)) {
      if (!this.#watchers.has(watcher)) return;
      watcher.sent = change.version;
      if (change.collection !== watcher.target.collection) continue;
      const now = selects(watcher.target, watcher.query, change.object);
      const before = change.old !== undefined && selects(watcher.target, watcher.query, change.old);
      if (change.type === 'MODIFIED' && now !== before) watcher.handler.event(now ? 'ADDED' : 'DELETED', change.object);
      else if (now) watcher.handler.event(change.type, change.object);
    }
  }

  #timestamp(): string {
    return timestamp(this.#options.clock?.now() ?? 1_767_225_600_000);
  }
}

function failure(code: number, reason: string, message: string): ApiError {
  return new ApiError({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message });
}

function answer(status: ApiError['status']): ApiResponse {
  return { status: status.code ?? 500, headers: {}, body: status };
}
