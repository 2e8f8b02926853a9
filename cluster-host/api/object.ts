/** What every Kubernetes object has in common. */
import type { V1ObjectMeta, V1ListMeta } from './generated/types.ts';

export interface GroupVersionKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Names a resource of the API, typed by the objects it holds. The type parameter exists for the compiler only. */
export interface Resource<T = KubeObject> extends GroupVersionKind {
  readonly plural: string;
  readonly namespaced: boolean;
  readonly __objects?: T;
}

export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: V1ObjectMeta;
  // The rest is the kind's own; typed where the kind is known.
  [field: string]: any;
}

export interface KubeList<T = KubeObject> {
  apiVersion?: string;
  kind?: string;
  metadata: V1ListMeta;
  items: T[];
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(gv: { readonly group: string; readonly version: string }): string {
  return gv.group === '' ? gv.version : `${gv.group}/${gv.version}`;
}

/** Parts of an apiVersion; undefined when it has more than one slash or an empty part. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } | undefined {
  const parts = apiVersion.split('/');
  if (parts.length > 2 || parts.some((part) => part === '')) return undefined;
  return parts.length === 2 ? { group: parts[0] ?? '', version: parts[1] ?? '' } : { group: '', version: parts[0] ?? '' };
}

/** `namespace/name`, or `name` alone for objects without a namespace. */
export function keyOf(object: { readonly metadata?: V1ObjectMeta }): string {
  const { namespace, name = '' } = object.metadata ?? {};
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}
