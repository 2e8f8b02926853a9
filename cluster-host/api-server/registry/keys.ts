/** Where objects lie in the store: `/registry/GROUP/RESOURCE/[NAMESPACE/]NAME`. */

export interface StoredResource {
  readonly group: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Everything of a resource, or of one namespace of it. */
export function prefixOf({ group, plural, namespaced }: StoredResource, namespace: string): string {
  const root = `/registry/${group === '' ? 'core' : group}/${plural}/`;
  return namespaced && namespace !== '' ? `${root}${namespace}/` : root;
}

export function storeKeyOf(resource: StoredResource, namespace: string, name: string): string {
  return `${prefixOf(resource, namespace)}${name}`;
}
