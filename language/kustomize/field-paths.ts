/** Writing at the places of patterns such as `spec.template.metadata.labels`, made on the way where that is allowed. */
import { isObject, setKey, type JsonObject } from '../../cluster-host/api/values.ts';

/** The maps at a pattern (`[]` stands for every item of a list); with `create`, those that are missing below existing lists are made. */
export function mapsAt(root: JsonObject, pattern: string, create: boolean): readonly JsonObject[] {
  let maps: readonly JsonObject[] = [root];
  for (const step of pattern.split('.')) {
    const isList = step.endsWith('[]');
    const name = isList ? step.slice(0, -2) : step;
    maps = maps.flatMap((map) => (isList ? itemsOf(map[name]) : childOf(map, name, create)));
  }
  return maps;
}

function itemsOf(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function childOf(map: JsonObject, name: string, create: boolean): readonly JsonObject[] {
  const child = map[name];
  if (isObject(child)) return [child];
  if (!create || (child !== undefined && child !== null)) return [];
  const made: JsonObject = {};
  setKey(map, name, made);
  return [made];
}
