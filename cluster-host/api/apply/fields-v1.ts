/** Sets of fields as `managedFields` carries them (`fieldsV1`). What was read or written once is remembered: most sets outlive many writes. */
import { canonicalJson, isObject, setKey, type JsonObject } from '../values.ts';
import { emptySet, isEmpty, type FieldSet } from './field-set.ts';
import { compareSteps } from './path-text.ts';

const written = new WeakMap<FieldSet, JsonObject>();
const read = new WeakMap<JsonObject, FieldSet>();

/** The set's form in `managedFields`. It is shared: never to be changed. */
export function toFieldsV1(set: FieldSet): JsonObject {
  let fields = written.get(set);
  if (fields === undefined) {
    fields = encoded(set);
    written.set(set, fields);
    read.set(fields, set);
  }
  return fields;
}

function encoded(set: FieldSet): JsonObject {
  const fields: JsonObject = {};
  for (const step of sortedSteps(set)) {
    const child = set.children.get(step);
    const content = child === undefined ? {} : encoded(child);
    setKey(fields, step, child !== undefined && set.members.has(step) ? { '.': {}, ...content } : content);
  }
  return fields;
}

function sortedSteps({ members, children }: FieldSet): readonly string[] {
  const steps = [...members];
  for (const step of children.keys()) if (!members.has(step)) steps.push(step);
  // Names sort as texts, which is what most sets consist of.
  return steps.every((step) => step.startsWith('f:')) ? steps.toSorted() : steps.toSorted(compareSteps);
}

/** The set of a `fieldsV1`, which must not change afterwards; undefined where it is none. Steps of unknown kinds are left out. */
export function fromFieldsV1(fields: unknown): FieldSet | undefined {
  if (!isObject(fields)) return undefined;
  let set = read.get(fields);
  if (set === undefined) {
    set = decoded(fields);
    if (set !== undefined) read.set(fields, set);
  }
  return set;
}

function decoded(fields: JsonObject): FieldSet | undefined {
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  for (const [key, content] of Object.entries(fields)) {
    if (key === '.') continue;
    if (key.charAt(1) !== ':') return undefined;
    if (!'fkvi'.includes(key.charAt(0))) continue;
    const step = normalizedStep(key);
    const child = content === null ? emptySet : isObject(content) ? decoded(content) : undefined;
    if (step === undefined || child === undefined) return undefined;
    if (isEmpty(child) || (isObject(content) && Object.hasOwn(content, '.'))) members.add(step);
    if (!isEmpty(child)) children.set(step, child);
  }
  return { members, children };
}

/** The one spelling of a step that equal steps have; undefined where it is none. */
function normalizedStep(step: string): string | undefined {
  if (step.startsWith('f:')) return step;
  if (step.startsWith('i:')) return /^i:\d+$/.test(step) ? step : undefined;
  try {
    const content: unknown = JSON.parse(step.slice(2));
    return step.startsWith('k:') && !isObject(content) ? undefined : step.slice(0, 2) + canonicalJson(content);
  } catch {
    return undefined;
  }
}
