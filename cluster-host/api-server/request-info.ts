/**
 * What a request asks for, read from its method and path alone, as Kubernetes' `RequestInfo` does
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris).
 */

export interface RequestInfo {
  /** Whether the path names a resource below a group and version. */
  readonly isResource: boolean;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; of a path without resource the lower-case method. */
  readonly verb: string;
  /** Decoded path. */
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** What follows the subresource, with its leading slash: the target of a proxy. */
  readonly rest: string;
}

const verbs: Readonly<Record<string, string>> = { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Subresources of a namespace itself; every other word after a namespace's name is a resource within it. */
const namespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize']);

/** Throws `URIError` when an escape in the path is broken. */
export function requestInfoOf(method: string, rawPath: string, query: URLSearchParams): RequestInfo {
  const path = rawPath.includes('%') ? decodeURIComponent(rawPath) : rawPath;
  const parts = rawPath.split('/').slice(1);
  if (parts.at(-1) === '') parts.pop();
  const none = { isResource: false, verb: method.toLowerCase(), path, group: '', version: '', namespace: '', resource: '', subresource: '', name: '', rest: '' };
  const root = parts[0];
  const prefix = root === 'api' ? 2 : root === 'apis' ? 3 : Infinity;
  if (parts.length <= prefix) return none;
  const group = root === 'api' ? '' : (parts[1] ?? '');
  const version = parts[prefix - 1] ?? '';
  let rest = parts.slice(prefix);
  // The old form of a watch: /api/v1/watch/namespaces/default/pods.
  const oldWatch = rest[0] === 'watch' && rest.length > 1;
  if (oldWatch) rest = rest.slice(1);
  const target = targetOf(rest.map((part) => (part.includes('%') ? decodeURIComponent(part) : part)));
  return { isResource: true, path, group, version, ...target, ...verbOf(method, target, query, oldWatch) };
}

type Target = Pick<RequestInfo, 'namespace' | 'resource' | 'name' | 'subresource' | 'rest'>;

function targetOf(parts: readonly string[]): Target {
  if (parts[0] === 'namespaces' && parts.length > 2 && !namespaceSubresources.has(parts[2] ?? '')) {
    return { namespace: parts[1] ?? '', ...resourceOf(parts.slice(2)) };
  }
  const target = resourceOf(parts);
  return { namespace: parts[0] === 'namespaces' ? target.name : '', ...target };
}

function resourceOf([resource = '', name = '', subresource = '', ...rest]: readonly string[]): Omit<Target, 'namespace'> {
  return { resource, name, subresource, rest: rest.length === 0 ? '' : `/${rest.join('/')}` };
}

function verbOf(method: string, target: Target, query: URLSearchParams, oldWatch: boolean): Pick<RequestInfo, 'verb' | 'name'> {
  const verb = verbs[method] ?? method.toLowerCase();
  if (oldWatch && verb === 'get') return { verb: 'watch', name: target.name };
  if (target.name !== '') return { verb, name: target.name };
  if (verb === 'get') return { verb: isTrue(query.get('watch')) ? 'watch' : 'list', name: nameInSelector(query) };
  return { verb: verb === 'delete' ? 'deletecollection' : verb, name: '' };
}

/** A list of exactly one name is authorized as that name. */
function nameInSelector(query: URLSearchParams): string {
  return /(?:^|,)metadata\.name==?([^,=]+)(?:,|$)/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '';
}

/** How Kubernetes reads a boolean parameter: present and neither `false` nor `0`. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}
