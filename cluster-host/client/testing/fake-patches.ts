/** Patches for the fake API: whole where that is short, and of strategic merge what its callers use. */
import fastJsonPatch from 'fast-json-patch';
import type { KubeObject } from '../../api/object.ts';

export function applyJsonPatch(object: KubeObject, patch: unknown): KubeObject {
  return fastJsonPatch.applyPatch(structuredClone(object), patch as fastJsonPatch.Operation[]).newDocument;
}

/** RFC 7386. */
export function applyMergePatch(target: any, patch: any): any {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}

/** The key by which items of a list are the same, where the list is merged; lists of texts under `finalizers` are united. */
const mergeKeys: Readonly<Record<string, string>> = {
  conditions: 'type',
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  ownerReferences: 'uid',
  addresses: 'type',
  podIPs: 'ip',
};

export function applyStrategicPatch(target: any, patch: any, field = ''): any {
  if (Array.isArray(patch)) return mergeLists(Array.isArray(target) ? target : [], patch, field);
  if (typeof patch !== 'object' || patch === null) return patch;
  const result = typeof target === 'object' && target !== null ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    const removed = /^\$deleteFromPrimitiveList\/(.*)$/.exec(key)?.[1];
    if (removed !== undefined) result[removed] = (result[removed] ?? []).filter((item: unknown) => !(value as unknown[]).includes(item));
    else if (value === null) delete result[key];
    else if (!key.startsWith('$')) result[key] = applyStrategicPatch(result[key], value, key);
  }
  return result;
}

function mergeLists(target: readonly any[], patch: readonly any[], field: string): readonly any[] {
  if (field === 'finalizers') return [...new Set([...target, ...patch])];
  const mergeKey = mergeKeys[field];
  if (mergeKey === undefined) return patch;
  const result = [...target];
  for (const item of patch) {
    const at = result.findIndex((known) => known[mergeKey] === item[mergeKey]);
    if (item.$patch === 'delete') result.splice(at === -1 ? result.length : at, 1);
    else if (at === -1) result.push(item);
    else result[at] = applyStrategicPatch(result[at], item);
  }
  return result;
}
