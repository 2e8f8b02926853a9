/**
 * Sets of fields: what a manager owns (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
 *
 * A set is a tree. A step is written as in `fieldsV1`: `f:name` a field, `k:{"name":"c"}` a list item by its keys, `v:1` an
 * item of a set. A step may be a member (owned itself), lead to children, or both. Sets are never changed once they are made.
 */
import type { StructType, Type } from '../catalogue/schema.ts';
import { compareSteps } from './path-text.ts';
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

/** What is in either; `a` itself where `b` adds nothing. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const children = new Map<string, FieldSet>();
  for (const [step, child] of b.children) {
    const own = below(a, step);
    const both = union(own, child);
    if (both !== own) children.set(step, both);
  }
  if (children.size === 0 && b.members.isSubsetOf(a.members)) return a;
  return { members: a.members.union(b.members), children: new Map([...a.children, ...children]) };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return emptySet;
  const steps = [...a.children.keys()].filter((step) => b.children.has(step));
  return make(a.members.intersection(b.members), steps.map((step) => [step, intersection(below(a, step), below(b, step))] as const));
}

/** What is in `a` and not in `b`, path by path: what lies below a path of `b` stays. `a` itself where they share nothing. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return subtracted(a, b, false);
}

/** What is in `a` and neither in `b` nor below a path of `b`. `a` itself where they share nothing. */
export function without(a: FieldSet, b: FieldSet): FieldSet {
  return subtracted(a, b, true);
}

function subtracted(a: FieldSet, b: FieldSet, deeply: boolean): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return a;
  let changed = !a.members.isDisjointFrom(b.members);
  const children = [...a.children].map(([step, child]) => {
    const kept = deeply && b.members.has(step) ? emptySet : subtracted(child, below(b, step), deeply);
    changed ||= kept !== child;
    return [step, kept] as const;
  });
  return changed ? make(a.members.difference(b.members), children) : a;
}

/** Which fields of a set count. */
export type FieldFilter = (set: FieldSet) => FieldSet;

/** Everything but these fields, as `metadata.labels`, and what lies below them. */
export function allBut(...fields: readonly string[]): FieldFilter {
  const excluded = setOf(fields.map(fieldSteps));
  return (set) => without(set, excluded);
}

/** Only these fields with what lies below them and what leads to them; `*` stands for any step: `spec.containers.*.resources`. */
export function nothingBut(...patterns: readonly string[]): FieldFilter {
  const included = setOf(patterns.map((pattern) => pattern.split('.').map((name) => (name === '*' ? name : `f:${name}`))));
  return (set) => matching(set, included);
}

function matching(set: FieldSet, pattern: FieldSet): FieldSet {
  if (isEmpty(pattern)) return set;
  const patternOf = (step: string) => [step, '*'].find((one) => pattern.members.has(one) || pattern.children.has(one));
  const members = [...set.members].filter((step) => patternOf(step) !== undefined);
  const children = [...set.children].flatMap(([step, child]) => {
    const matched = patternOf(step);
    return matched === undefined ? [] : [[step, matching(child, below(pattern, matched))] as const];
  });
  return make(members, children);
}

/** The steps of a field that is named by a dot path: `spec.replicas`, or `.spec.replicas`. */
export function fieldSteps(path: string): readonly string[] {
  return path.split('.').filter((name) => name !== '').map((name) => `f:${name}`);
}

/** Makes every named field of a struct a member that leads to one: whoever owns a part owns the field that holds it. */
export function withNamedFields(set: FieldSet, type: Type | undefined): FieldSet {
  const named = [...set.children.keys()].filter((step) => step.startsWith('f:') && isNamed(type, step.slice(2)));
  return make([...set.members, ...named], [...set.children].map(([step, child]) => [step, withNamedFields(child, childType(type, step))] as const));
}

function isNamed(type: Type | undefined, field: string): boolean {
  return type?.kind === 'struct' && (type satisfies StructType).fields.has(field);
}

/** Every path of the set, members before what lies deeper. */
export function paths(set: FieldSet): readonly (readonly string[])[] {
  const members = [...set.members].toSorted(compareSteps).map((step) => [step]);
  const deeper = [...set.children].toSorted(([a], [b]) => compareSteps(a, b)).flatMap(([step, child]) => paths(child).map((path) => [step, ...path]));
  return [...members, ...deeper];
}
