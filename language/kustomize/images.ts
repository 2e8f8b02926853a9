/** `images` and `replicas` of a kustomization. */
import { isObject, type JsonObject } from '../../cluster-host/api/values.ts';
import { textOf } from '../syntax/scalars.ts';
import type { Entry } from './kustomization.ts';
import type { Report } from './problem.ts';
import { gvkOf, type Resource } from './resource.ts';

export function setImages(resources: readonly Resource[], images: readonly Entry<JsonObject>[]): void {
  if (images.length === 0) return;
  for (const { object } of resources) {
    if (gvkOf(object).kind !== 'CustomResourceDefinition') visitContainers(object, (container) => {
      for (const { value } of images) if (typeof container['image'] === 'string') container['image'] = changedImage(container['image'], value);
    });
  }
}

/** The containers of every pod below a value, wherever it keeps them. */
function visitContainers(value: unknown, visit: (container: JsonObject) => void): void {
  if (Array.isArray(value)) for (const item of value) visitContainers(item, visit);
  if (!isObject(value)) return;
  for (const [name, child] of Object.entries(value)) {
    if ((name === 'containers' || name === 'initContainers') && Array.isArray(child)) for (const container of child.filter(isObject)) visit(container);
    else visitContainers(child, visit);
  }
}

const reference = /^(?<name>.*?)(?<tag>:[\w.{}-]*)?(?<digest>@[\w:]+)?$/;

function changedImage(image: string, { name, newName, newTag, digest, tagSuffix }: JsonObject): string {
  const parts = reference.exec(image)?.groups ?? {};
  if (parts['name'] !== textOf(name)) return image;
  const rest = digest !== undefined || newTag !== undefined ? `${newTag === undefined ? '' : `:${textOf(newTag)}`}${digest === undefined ? '' : `@${textOf(digest)}`}` : `${parts['tag'] ?? ''}${textOf(tagSuffix)}${parts['digest'] ?? ''}`;
  return `${textOf(newName) || textOf(name)}${rest}`;
}

const scaled: ReadonlySet<string> = new Set(['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet']);

export function setReplicas(resources: readonly Resource[], replicas: readonly Entry<JsonObject>[], report: Report): void {
  for (const { path, value } of replicas) {
    const name = textOf(value['name']);
    const targets = resources.filter(({ object, names }) => scaled.has(gvkOf(object).kind) && names.includes(name));
    if (targets.length === 0) report([...path, 'name'], `resource with name ${name} does not match a config with the following GVK [${[...scaled].join(' ')}]`);
    for (const { object } of targets) if (isObject(object['spec'])) object['spec']['replicas'] = value['count'];
  }
}
