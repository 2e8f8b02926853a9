/** Lays an applied configuration over a live object: fields of the configuration win, everything else stays. */
import type { ListType, Type } from '../catalogue/schema.ts';
import { getKey, isBlank, isObject, setKey, type JsonObject } from '../values.ts';
import { fieldType, listSteps, partsOf } from './steps.ts';

export function merge(live: unknown, config: unknown, type: Type): unknown {
  if (config === undefined) return live;
  if (live === undefined) return config;
  const parts = partsOf(type, live, config);
  if (parts === undefined || (isBlank(live) && isBlank(config))) return config;
  if (parts.kind === 'list') return mergeLists(Array.isArray(live) ? live : [], Array.isArray(config) ? config : [], parts);
  return mergeObjects(isObject(live) ? live : {}, isObject(config) ? config : {}, parts);
}

function mergeObjects(live: JsonObject, config: JsonObject, type: Type): JsonObject {
  const result: JsonObject = {};
  for (const name of new Set([...Object.keys(live), ...Object.keys(config)])) {
    setKey(result, name, merge(getKey(live, name), getKey(config, name), fieldType(type, name)));
  }
  return result;
}

/**
 * Merges lists by the identity of their items. The configuration's items stand in its order; items that only the live list
 * has keep their places before the next item that both have.
 */
function mergeLists(live: readonly unknown[], config: readonly unknown[], type: ListType): unknown[] {
  const left = listSteps(type, live);
  const right = listSteps(type, config);
  const leftItems = withoutDoubled(left);
  const rightItems = new Map(right);
  const shared = right.map(([step]) => step).filter((step) => leftItems.has(step));
  const done = new Set<string>();
  const result: unknown[] = [];
  const take = (step: string) => {
    done.add(step);
    result.push(merge(leftItems.get(step), rightItems.get(step), type.item));
    if (shared[0] === step) shared.shift();
  };
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const [leftStep, leftItem] = left[l] ?? [];
    const rightStep = right[r]?.[0];
    if (leftStep !== undefined && rightStep !== undefined) {
      if (leftStep === rightStep) {
        take(leftStep);
        l++;
        r++;
        continue;
      }
      // An item that both have, out of turn: its place is the configuration's.
      if (rightItems.has(leftStep) && shared[0] !== undefined && shared[0] !== leftStep) {
        l++;
        continue;
      }
    }
    if (leftStep !== undefined) {
      if (!rightItems.has(leftStep)) {
        result.push(leftItem);
        l++;
        continue;
      }
      if (done.has(leftStep)) l++;
    }
    if (rightStep !== undefined) {
      take(rightStep);
      r++;
    }
  }
  return result;
}

/** Items by their steps; one that is there twice stands for nothing that could be merged. */
function withoutDoubled(items: readonly (readonly [string, unknown])[]): ReadonlyMap<string, unknown> {
  const result = new Map<string, unknown>();
  for (const [step, item] of items) result.set(step, result.has(step) ? undefined : item);
  return result;
}
