/** The client over any transport: typed operations in, API requests out, `ApiError` for every answer that is no success. */
import { apiVersionOf, type KubeList, type KubeObject, type Resource } from '../api/object.ts';
import type { V1DeleteOptions } from '../api/generated/types.ts';
import type { Disposable } from '../platform/platform.ts';
import {
  ApiError,
  type ApiRequest,
  type ApiResponse,
  type Client,
  type ListOptions,
  type PatchOptions,
  type PatchType,
  type ResourceClient,
  type Transport,
  type WatchHandler,
  type WatchOptions,
  type WriteOptions,
} from './client.ts';
import { collectionPath, objectPath } from './resource-paths.ts';

const patchContentTypes: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export class ApiClient implements Client {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  resource<T extends KubeObject>(resource: Resource<T>, namespace?: string): ResourceClient<T> {
    return new TransportResourceClient(this, this.#transport, resource, namespace);
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const response = await this.#transport.request(request);
    if (response.status >= 400) throw new ApiError(statusOf(response));
    return response;
  }
}

/** The Status of a failed answer, also where a proxy or a server in trouble sent none. */
function statusOf(response: ApiResponse): ConstructorParameters<typeof ApiError>[0] {
  const { body, status: code } = response;
  if (typeof body === 'object' && body !== null && body.kind === 'Status') return { ...body, code: body.code ?? code };
  const text = typeof body === 'string' && body !== '' ? body.trim() : `the server answered with status ${code}`;
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: text, reason: code === 404 ? 'NotFound' : 'Unknown' };
}

class TransportResourceClient<T extends KubeObject> implements ResourceClient<T> {
  readonly #client: ApiClient;
  readonly #transport: Transport;
  readonly #resource: Resource<T>;
  readonly #namespace: string | undefined;

  constructor(client: ApiClient, transport: Transport, resource: Resource<T>, namespace: string | undefined) {
    this.#client = client;
    this.#transport = transport;
    this.#resource = resource;
    this.#namespace = namespace;
  }

  async get(name: string, options: { readonly subresource?: string } = {}): Promise<T> {
    return await this.#send({ method: 'GET', path: this.#object(name, options.subresource) });
  }

  async list(options: ListOptions = {}): Promise<KubeList<T>> {
    const list = await this.#send<KubeList<T>>({ method: 'GET', path: this.#collection(), query: queryOf(options) });
    return { ...list, items: (list.items ?? []).map((item) => this.#typed(item)) };
  }

  async create(object: T, options: WriteOptions = {}): Promise<T> {
    const namespace = this.#namespace ?? object.metadata?.namespace;
    if (this.#resource.namespaced && namespace === undefined) throw new TypeError(`the namespace of the new ${this.#resource.kind} is missing`);
    const path = options.subresource === undefined
      ? collectionPath(this.#resource, namespace)
      : objectPath(this.#resource, namespace, object.metadata?.name ?? '', options.subresource);
    return await this.#send({ method: 'POST', path, query: writeQuery(options), body: this.#typed(object) });
  }

  async createSubresource<R = KubeObject>(name: string, subresource: string, body: KubeObject, options: WriteOptions = {}): Promise<R> {
    return await this.#send({ method: 'POST', path: this.#object(name, subresource), query: writeQuery(options), body });
  }

  async update(object: T, options: WriteOptions = {}): Promise<T> {
    const path = objectPath(this.#resource, this.#namespace ?? object.metadata?.namespace, object.metadata?.name ?? '', options.subresource);
    const body = options.subresource === undefined || options.subresource === 'status' ? this.#typed(object) : object;
    return await this.#send({ method: 'PUT', path, query: writeQuery(options), body });
  }

  async patch(name: string, patch: unknown, options: PatchOptions): Promise<T> {
    return await this.#send({
      method: 'PATCH',
      path: this.#object(name, options.subresource),
      query: { ...writeQuery(options), force: options.force === undefined ? undefined : String(options.force) },
      headers: { 'content-type': patchContentTypes[options.type] },
      body: patch,
    });
  }

  async delete(name: string, options: V1DeleteOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: this.#object(name), body: deleteOptions(options) });
  }

  async deleteCollection(selection: ListOptions = {}, options: V1DeleteOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: this.#collection(), query: queryOf(selection), body: deleteOptions(options) });
  }

  watch(options: WatchOptions, handler: WatchHandler<T>): Disposable {
    const request: ApiRequest = { method: 'GET', path: this.#collection(), query: { ...queryOf(options), watch: 'true' } };
    return this.#transport.watch(request, handler);
  }

  #collection(): string {
    return collectionPath(this.#resource, this.#namespace);
  }

  #object(name: string, subresource?: string): string {
    return objectPath(this.#resource, this.#namespace, name, subresource);
  }

  async #send<R>(request: ApiRequest): Promise<R> {
    return (await this.#client.request(request)).body as R;
  }

  /** Lists leave apiVersion and kind out of their items; everything that this client hands out or sends has them. */
  #typed(object: T): T {
    return object.kind === undefined ? { apiVersion: apiVersionOf(this.#resource), kind: this.#resource.kind, ...object } : object;
  }
}

function queryOf(options: ListOptions | WatchOptions): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])));
}

function writeQuery(options: WriteOptions): Record<string, string | undefined> {
  return {
    dryRun: options.dryRun === true ? 'All' : undefined,
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation,
  };
}

function deleteOptions(options: V1DeleteOptions): V1DeleteOptions {
  return { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
}
