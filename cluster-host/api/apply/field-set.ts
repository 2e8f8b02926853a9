/**
 * Sets of fields: what a manager owns (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
 *
 * A set is a tree. A step is written as in `fieldsV1`: `f:name` a field, `k:{"name":"c"}` a list item by its keys, `v:1` an
 * item of a set. A step may be a member (owned itself), lead to children, or both. Sets are never changed once they are made.
 */
import type { StructType, Type } from '../catalogue/schema.ts';
import { canonicalJson, isObject, setKey, type JsonObject } from '../values.ts';
import { childType } from './steps.ts';

export interface FieldSet {
  readonly members: ReadonlySet<string>;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const emptySet: FieldSet = { members: new Set(), children: new Map() };

export function isEmpty(set: FieldSet): boolean {
  return set.members.size === 0 && set.children.size === 0;
}

function make(members: Iterable<string>, children: Iterable<readonly [string, FieldSet]>): FieldSet {
  return { members: new Set(members), children: new Map([...children].filter(([, child]) => !isEmpty(child))) };
}

/** Gathers paths while a value is walked. */
export class FieldSetBuilder {
  private readonly members = new Set<string>();
  private readonly children = new Map<string, FieldSetBuilder>();

  /** Adds the path from a position on; the array may be reused afterwards. */
  add(path: readonly string[], from = 0): void {
    const step = path[from];
    if (step === undefined) return;
    if (from === path.length - 1) this.members.add(step);
    else this.child(step).add(path, from + 1);
  }

  private child(step: string): FieldSetBuilder {
    let child = this.children.get(step);
    if (child === undefined) this.children.set(step, (child = new FieldSetBuilder()));
    return child;
  }

  build(): FieldSet {
    const children = new Map<string, FieldSet>();
    for (const [step, child] of this.children) children.set(step, child.build());
    return { members: this.members, children };
  }
}

export function setOf(paths: readonly (readonly string[])[]): FieldSet {
  const builder = new FieldSetBuilder();
  for (const path of paths) builder.add(path);
  return builder.build();
}

export function has(set: FieldSet, path: readonly string[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return false;
  return rest.length === 0 ? set.members.has(step) : has(below(set, step), rest);
}

/** The part of the set below a step. */
export function below(set: FieldSet, step: string): FieldSet {
  return set.children.get(step) ?? emptySet;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const steps = new Set([...a.children.keys(), ...b.children.keys()]);
  return make(a.members.union(b.members), [...steps].map((step) => [step, union(below(a, step), below(b, step))] as const));
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return emptySet;
  const steps = [...a.children.keys()].filter((step) => b.children.has(step));
  return make(a.members.intersection(b.members), steps.map((step) => [step, intersection(below(a, step), below(b, step))] as const));
}

/** What is in `a` and not in `b`, path by path: what lies below a path of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(b)) return a;
  return make(a.members.difference(b.members), [...a.children].map(([step, child]) => [step, difference(child, below(b, step))] as const));
}

/** What is in `a` and neither in `b` nor below a path of `b`. */
export function without(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(b)) return a;
  const children = [...a.children].filter(([step]) => !b.members.has(step));
  return make(a.members.difference(b.members), children.map(([step, child]) => [step, without(child, below(b, step))] as const));
}

/** Makes every named field of a struct a member that leads to one: whoever owns a part owns the field that holds it. */
export function withNamedFields(set: FieldSet, type: Type | undefined): FieldSet {
  const named = [...set.children.keys()].filter((step) => step.startsWith('f:') && isNamed(type, step.slice(2)));
  return make([...set.members, ...named], [...set.children].map(([step, child]) => [step, withNamedFields(child, childType(type, step))] as const));
}

function isNamed(type: Type | undefined, field: string): boolean {
  return type?.kind === 'struct' && (type satisfies StructType).fields.has(field);
}

const order = 'fkvi';

function compareSteps(a: string, b: string): number {
  if (a === b) return 0;
  const kinds = order.indexOf(a.charAt(0)) - order.indexOf(b.charAt(0));
  return kinds === 0 ? (a < b ? -1 : 1) : kinds;
}

/** Every path of the set, members before what lies deeper. */
export function paths(set: FieldSet): readonly (readonly string[])[] {
  const members = [...set.members].toSorted(compareSteps).map((step) => [step]);
  const deeper = [...set.children].toSorted(([a], [b]) => compareSteps(a, b)).flatMap(([step, child]) => paths(child).map((path) => [step, ...path]));
  return [...members, ...deeper];
}

/** The path as conflicts print it: `.spec.containers[name="c"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(stepText).join('');
}

export function stepText(step: string): string {
  const content = step.slice(2);
  if (step.startsWith('f:')) return `.${content}`;
  if (step.startsWith('v:')) return `[=${content}]`;
  if (step.startsWith('i:')) return `[${content}]`;
  const keys = JSON.parse(content) as JsonObject;
  return `[${Object.entries(keys).map(([name, value]) => `${name}=${canonicalJson(value)}`).join(',')}]`;
}

/** The form in which `managedFields` carries a set. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const fields: JsonObject = {};
  for (const step of [...new Set([...set.members, ...set.children.keys()])].toSorted(compareSteps)) {
    const child = set.children.get(step);
    const content = child === undefined ? {} : toFieldsV1(child);
    setKey(fields, step, child !== undefined && set.members.has(step) ? { '.': {}, ...content } : content);
  }
  return fields;
}

/** The set of a `fieldsV1`; undefined where it is none. */
export function fromFieldsV1(fields: unknown): FieldSet | undefined {
  if (!isObject(fields)) return undefined;
  const members: string[] = [];
  const children: (readonly [string, FieldSet])[] = [];
  for (const [key, content] of Object.entries(fields)) {
    if (key === '.') continue;
    const step = normalizedStep(key);
    const child = fromFieldsV1(content);
    if (step === undefined || child === undefined || !isObject(content)) return undefined;
    if (Object.keys(content).length === 0 || Object.hasOwn(content, '.')) members.push(step);
    children.push([step, child]);
  }
  return make(members, children);
}

/** The one spelling of a step that equal steps have. */
function normalizedStep(step: string): string | undefined {
  if (step.startsWith('f:') || /^i:\d+$/.test(step)) return step;
  if (!/^[kv]:/.test(step)) return undefined;
  try {
    return step.slice(0, 2) + canonicalJson(JSON.parse(step.slice(2)));
  } catch {
    return undefined;
  }
}
