/** Reads request paths and selectors for the fake API. */
import type { KubeObject } from '../../api/object.ts';
import { matchesLabels } from '../../api/selectors/label-selector.ts';
import { parseSelector } from '../../api/selectors/label-selector-parser.ts';
import { matchesFields, parseFieldSelector } from '../../api/selectors/field-selector.ts';
import type { ApiRequest } from '../client.ts';

export interface Target {
  readonly group: string;
  readonly apiVersion: string;
  readonly plural: string;
  /** The path of all objects of the resource, over all namespaces. */
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** `namespace/name`. */
  readonly key: string;
}

export function parsePath(path: string): Target {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const core = parts[0] === 'api';
  const [group, version] = core ? ['', parts[1] ?? ''] : [parts[1] ?? '', parts[2] ?? ''];
  const rest = parts.slice(core ? 2 : 3);
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2] ?? '');
  const [plural = '', name, subresource] = inNamespace ? rest.slice(2) : rest;
  const namespace = inNamespace ? rest[1] : undefined;
  const apiVersion = core ? version : `${group}/${version}`;
  return {
    group,
    apiVersion,
    plural,
    collection: `/${core ? 'api' : 'apis'}/${apiVersion}/${plural}`,
    namespace,
    name,
    subresource,
    key: namespace === undefined ? (name ?? '') : `${namespace}/${name ?? ''}`,
  };
}

export function selects(target: Target, query: ApiRequest['query'], object: KubeObject): boolean {
  if (target.namespace !== undefined && object.metadata?.namespace !== target.namespace) return false;
  const labels = parseSelector(String(query?.['labelSelector'] ?? ''));
  const fields = parseFieldSelector(String(query?.['fieldSelector'] ?? ''));
  return labels.ok && fields.ok && matchesLabels(labels.value, object.metadata?.labels) && matchesFields(fields.value, (field) => fieldText(object, field));
}

function fieldText(object: KubeObject, path: string): string {
  let value: any = object;
  for (const step of path.split('.')) value = value?.[step];
  return value === undefined || value === null ? '' : String(value);
}
