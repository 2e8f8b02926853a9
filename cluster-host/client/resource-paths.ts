/** Where a resource lives in the API (kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris). */
import type { Resource } from '../api/object.ts';

/** `/api/v1`, `/apis/apps/v1`. */
export function groupVersionPath(gv: { readonly group: string; readonly version: string }): string {
  return gv.group === '' ? `/api/${gv.version}` : `/apis/${gv.group}/${gv.version}`;
}

/** The collection, of one namespace or of all when none is named. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const root = groupVersionPath(resource);
  return resource.namespaced && namespace !== undefined && namespace !== ''
    ? `${root}/namespaces/${encodeURIComponent(namespace)}/${resource.plural}`
    : `${root}/${resource.plural}`;
}

/** One object, or a subresource of it. Throws when a namespaced object is named without its namespace. */
export function objectPath(resource: Resource, namespace: string | undefined, name: string, subresource?: string): string {
  if (name === '') throw new TypeError(`the name of the ${resource.kind} is missing`);
  if (resource.namespaced && (namespace === undefined || namespace === '')) throw new TypeError(`the namespace of the ${resource.kind} "${name}" is missing`);
  const path = `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}
