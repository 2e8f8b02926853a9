/** A checked expression → functions that evaluate it and count what that costs. Works are done once, before the first value comes. */
import type { Call, Expr, Fold, ListLiteral, MapLiteral, Select, StructLiteral } from './ast.ts';
import type { CheckedExpr, ResolvedCall } from './checker.ts';
import { costs } from './cost.ts';
import { dynType, isAny, type CelType } from './types.ts';
import { CelError, CelList, CelMap, CelOptional, CostExceeded, describeTypes, isOfType, LiteralMap, TypeValue } from './values.ts';
import { accumulator } from './macros.ts';
import { listItem, mapValue } from './library/operators.ts';

/** One evaluation under way. */
export interface Frame {
  readonly variables: ReadonlyMap<string, unknown>;
  /** Of loops, by depth. */
  readonly locals: unknown[];
  readonly limit: number;
  cost: number;
}

export type Step = (frame: Frame) => unknown;

export function plan(checked: CheckedExpr): Step {
  return new Planner(checked).plan(checked.expression);
}

function spend(frame: Frame, cost: number): void {
  frame.cost += cost;
  if (frame.cost > frame.limit) throw new CostExceeded('operation cancelled: actual cost limit exceeded');
}

/** What a loop gathered, where that failed: a later round of `all` and `exists` may still decide. */
class Failure {
  readonly error: CelError;
  constructor(error: CelError) {
    this.error = error;
  }
}

class Planner {
  readonly #checked: CheckedExpr;
  readonly #scopes: string[] = [];

  constructor(checked: CheckedExpr) {
    this.#checked = checked;
  }

  plan(node: Expr): Step {
    switch (node.kind) {
      case 'literal':
        return () => node.value;
      case 'ident':
        return this.#identifier(node.id, node.name);
      case 'select':
        return this.#select(node);
      case 'call':
        return this.#call(node);
      case 'list':
        return this.#list(node);
      case 'map':
        return this.#map(node);
      case 'struct':
        return this.#struct(node);
      case 'fold':
        return this.#fold(node);
    }
  }

  #identifier(id: number, name: string): Step {
    const type = this.#checked.typeNames.get(id);
    if (type !== undefined) return () => new TypeValue(type);
    const slot = name.startsWith('.') ? -1 : this.#scopes.lastIndexOf(name);
    if (slot >= 0) {
      return (frame) => {
        spend(frame, costs.access);
        const value = frame.locals[slot];
        if (value instanceof Failure) throw value.error;
        return value;
      };
    }
    const plain = name.replace(/^\./, '');
    return (frame) => {
      spend(frame, costs.access);
      const value = frame.variables.get(plain);
      if (value === undefined) throw new CelError(`no such attribute(s): ${plain}`);
      return value;
    };
  }

  #select({ id, operand, field, isTest }: Select): Step {
    const type = this.#checked.typeNames.get(id);
    if (type !== undefined) return () => new TypeValue(type);
    const name = this.#checked.dottedNames.get(id);
    if (name !== undefined) return this.#identifier(id, name);
    const target = this.plan(operand);
    if (isTest) return (frame) => isPresent(target(frame), field);
    const cost = accessCost(operand);
    return (frame) => {
      const object = target(frame);
      spend(frame, cost);
      return fieldOf(object, field);
    };
  }

  #call(node: Call): Step {
    const { function: name, args, target } = node;
    const special = this.#special(name, args);
    if (special !== undefined) return special;
    const resolved = this.#checked.calls.get(node.id) as ResolvedCall;
    const isMember = target !== undefined && resolved.args.length > args.length;
    const steps = (isMember ? [target, ...args] : args).map((argument) => this.plan(argument));
    const isFree = name === '@in' && isConstant(args[1] as Expr);
    const step = dispatch(resolved, steps, this.#types(resolved), isFree);
    return isConstant(node) ? precomputed(step) : step;
  }

  /** What is no function: not all of its operands are evaluated, or it is counted in a way of its own. */
  #special(name: string, args: readonly Expr[]): Step | undefined {
    const operand = (index: number): Step => this.plan(args[index] as Expr);
    switch (name) {
      case '_&&_':
        return this.#decided(operand(0), operand(1), false);
      case '_||_':
        return this.#decided(operand(0), operand(1), true);
      case '_?_:_':
        return this.#conditional(operand(0), args);
      case '@not_strictly_false':
        return this.#notFalse(operand(0));
      case '_?._':
      case '_[?_]':
        return this.#optional(operand(0), operand(1));
      case '_[_]':
        return this.#index(operand(0), args);
      case '_+_':
        return isAppend(args) ? this.#append(args[1]) : undefined;
      case 'cel.@mapInsert':
        return mapInsert(args.map((argument) => this.plan(argument)));
      default:
        return undefined;
    }
  }

  #decided(first: Step, second: Step, deciding: boolean): Step {
    return (frame) => decided(frame, first, second, deciding);
  }

  #notFalse(step: Step): Step {
    return (frame) => notFalse(frame, step);
  }

  #optional(target: Step, field: Step): Step {
    return (frame) => optionalField(frame, target(frame), field(frame));
  }

  #index(over: Step, [operand, key]: readonly Expr[]): Step {
    const at = this.#branch(key as Expr);
    const cost = accessCost(operand as Expr);
    return (frame) => {
      const [target, index] = [over(frame), at(frame)];
      spend(frame, cost);
      return target instanceof CelOptional ? (target.value === undefined ? target : presentField(target.value, index)) : itemAt(target, index);
    };
  }

  /** A name as a branch costs nothing by itself. */
  #conditional(test: Step, [, yes, no]: readonly Expr[]): Step {
    const [positive, negative] = [this.#branch(yes as Expr), this.#branch(no as Expr)];
    return (frame) => (condition(test(frame)) ? positive(frame) : negative(frame));
  }

  #branch(node: Expr): Step {
    const step = this.plan(node);
    if (!isAttribute(node)) return step;
    return (frame) => {
      frame.cost -= costs.access;
      return step(frame);
    };
  }

  /** Whether the types of the arguments are known before. */
  #types(resolved: ResolvedCall): boolean {
    return resolved.overloads.length === 1 && resolved.args.every(({ id }) => !isAny(this.#checked.types.get(id) ?? dynType));
  }

  /** What a loop gathers grows in place: nobody else sees it before the loop is over. */
  #append(addition: ListLiteral): Step {
    const gathered = this.#identifier(-1, accumulator);
    const added = this.plan(addition);
    return (frame) => {
      const list = gathered(frame) as CelList;
      const items = (added(frame) as CelList).items;
      spend(frame, 1);
      (list.items as unknown[]).push(...items);
      return list;
    };
  }

  #list({ items, optional, ...node }: ListLiteral): Step {
    const cost = isConstant({ items, optional, ...node }) ? 0 : costs.list;
    const steps = items.map((item) => this.plan(item));
    return (frame) => {
      const values = steps.flatMap((step, index) => (optional.has(index) ? presentValues(step(frame)) : [step(frame)]));
      spend(frame, cost);
      return new CelList(values);
    };
  }

  #map(node: MapLiteral): Step {
    const cost = isConstant(node) ? 0 : costs.map;
    const entries = node.entries.map(({ key, value, isOptional }) => ({ key: this.plan(key), value: this.plan(value), isOptional }));
    return (frame) => {
      const made = new LiteralMap([]);
      for (const entry of entries) {
        const key = entry.key(frame);
        for (const value of entry.isOptional ? presentValues(entry.value(frame)) : [entry.value(frame)]) made.insertOnce(key, value);
      }
      spend(frame, cost);
      return made;
    };
  }

  #struct({ id, fields }: StructLiteral): Step {
    const type = this.#checked.types.get(id) ?? dynType;
    const steps = fields.map(({ name, value, isOptional }) => ({ name, value: this.plan(value), isOptional }));
    return (frame) => {
      const entries = steps.flatMap(({ name, value, isOptional }) => (isOptional ? presentValues(value(frame)) : [value(frame)]).map((one) => [name, one] as const));
      spend(frame, costs.struct);
      return new CelStruct(entries, type);
    };
  }

  #fold({ range, variable, second, accumulator: name, initial, condition: goesOn, step, result }: Fold): Step {
    const over = this.plan(range);
    const start = isEmptyList(initial) ? () => new CelList([]) : this.plan(initial);
    const depth = this.#scopes.length;
    this.#scopes.push(name);
    const finish = this.plan(result);
    this.#scopes.push(variable, ...(second === undefined ? [] : [second]));
    const test = this.plan(goesOn);
    const next = this.plan(step);
    this.#scopes.length = depth;
    const isAlways = goesOn.kind === 'literal';
    return (frame) => {
      const rounds = roundsOf(over(frame), second !== undefined);
      frame.locals[depth] = start(frame);
      for (const [key, value] of rounds) {
        frame.locals[depth + 1] = key;
        if (second !== undefined) frame.locals[depth + 2] = value;
        if (test(frame) !== true) break;
        frame.locals[depth] = isAlways ? next(frame) : attempt(next, frame);
      }
      return finish(frame);
    };
  }
}

/** A path from a variable. */
function isAttribute(node: Expr): boolean {
  if (node.kind === 'ident') return true;
  if (node.kind === 'select') return !node.isTest && isAttribute(node.operand);
  return node.kind === 'call' && ['_[_]', '_[?_]', '_?._'].includes(node.function) && isAttribute(node.args[0] as Expr);
}

/** What is made on the way has to be reached first. */
function accessCost(operand: Expr): number {
  const isBranching = operand.kind === 'call' && operand.function === '_?_:_';
  return isBranching || isAttribute(operand) ? costs.access : 2 * costs.access;
}

const conversions: ReadonlySet<string> = new Set(['bool', 'bytes', 'double', 'duration', 'dyn', 'int', 'string', 'timestamp', 'type', 'uint']);

/** What has its value before any variable has. */
function isConstant(node: Expr): boolean {
  if (node.kind === 'literal') return true;
  if (node.kind === 'call') return node.target === undefined && conversions.has(node.function) && node.args.every(isConstant);
  if (node.kind === 'list') return node.optional.size === 0 && node.items.every(isConstant);
  return node.kind === 'map' && node.entries.every(({ key, value, isOptional }) => !isOptional && isConstant(key) && isConstant(value));
}

function isEmptyList(node: Expr): boolean {
  return node.kind === 'list' && node.items.length === 0;
}

function isAppend(args: readonly Expr[]): args is readonly [Expr, ListLiteral] {
  const [target, addition] = args;
  return target?.kind === 'ident' && target.name === accumulator && addition?.kind === 'list';
}

function attempt(step: Step, frame: Frame): unknown {
  try {
    return step(frame);
  } catch (error) {
    if (error instanceof CelError) return new Failure(error);
    throw error;
  }
}

/** `&&` and `||`: an operand that decides does so even where the other fails. */
function decided(frame: Frame, first: Step, second: Step, deciding: boolean): boolean {
  const left = attempt(first, frame);
  if (left === deciding) return deciding;
  const right = attempt(second, frame);
  if (right === deciding) return deciding;
  if (left instanceof Failure) throw left.error;
  if (right instanceof Failure) throw right.error;
  if (typeof left !== 'boolean' || typeof right !== 'boolean') throw new CelError('no such overload');
  return !deciding;
}

function condition(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new CelError('no such overload');
  return value;
}

function notFalse(frame: Frame, step: Step): boolean {
  const value = attempt(step, frame);
  spend(frame, 1);
  return value !== false;
}

/** Evaluated once, at no cost. */
function precomputed(step: Step): Step {
  let value: unknown;
  return () => (value ??= step({ variables: new Map(), locals: [], limit: Infinity, cost: 0 }));
}

function itemAt(target: unknown, index: unknown): unknown {
  if (target instanceof CelList) return listItem(target, index);
  if (target instanceof CelMap) return mapValue(target, index);
  throw new CelError('no such overload');
}

function dispatch({ name, overloads }: ResolvedCall, steps: readonly Step[], isKnown: boolean, isFree: boolean): Step {
  const [only] = overloads;
  // Where the overload shows only at run time, what it costs does not depend on it.
  const shared = overloads.every(({ cost }) => cost === only?.cost) ? only?.cost : undefined;
  return (frame) => {
    const args = steps.map((step) => step(frame));
    const overload = isKnown ? only : overloads.find(({ parameters }) => parameters.every((type, index) => isOfType(args[index], type)));
    let result: unknown;
    try {
      if (overload === undefined) throw new CelError(noOverload(name, args));
      return (result = overload.call(...args));
    } finally {
      if (!isFree) spend(frame, shared?.actual(args, result) ?? 1);
    }
  };
}

function noOverload(name: string, args: readonly unknown[]): string {
  return /^[a-zA-Z.]+$/.test(name) ? `no such overload: ${name}(${describeTypes(args)})` : 'no such overload';
}

function fieldOf(target: unknown, field: string): unknown {
  if (target instanceof CelOptional) return target.value === undefined ? target : presentField(target.value, field);
  if (target instanceof CelMap) {
    const value = target.get(field);
    if (value === undefined) throw new CelError(`no such key: ${field}`);
    return value;
  }
  throw new CelError(target instanceof CelList ? "unsupported index type 'string' in list" : `no such key: ${field}`);
}

function presentField(target: unknown, field: unknown): CelOptional {
  if (target instanceof CelMap) return new CelOptional(target.get(field));
  if (target instanceof CelList) return new CelOptional(typeof field === 'bigint' && field >= 0n ? target.items[Number(field)] : undefined);
  throw new CelError('no such overload');
}

/** What is not there costs nothing to look for. */
function optionalField(frame: Frame, target: unknown, field: unknown): CelOptional {
  const found = !(target instanceof CelOptional) ? presentField(target, field) : target.value === undefined ? target : presentField(target.value, field);
  if (found.value !== undefined) spend(frame, costs.access);
  return found;
}

function isPresent(target: unknown, field: string): boolean {
  if (target instanceof CelOptional) return target.value instanceof CelMap && target.value.get(field) !== undefined;
  if (target instanceof CelMap) return target.get(field) !== undefined;
  throw new CelError('no such overload');
}

function presentValues(value: unknown): readonly unknown[] {
  if (!(value instanceof CelOptional)) throw new CelError(`cannot initialize optional list element from non-optional value`);
  return value.value === undefined ? [] : [value.value];
}

/** `Name{field: value}`. */
export class CelStruct extends LiteralMap {
  readonly #type: CelType;
  constructor(entries: Iterable<readonly [unknown, unknown]>, type: CelType) {
    super(entries);
    this.#type = type;
  }
  override get type(): CelType {
    return this.#type;
  }
}

function mapInsert(steps: readonly Step[]): Step {
  return (frame) => {
    const [gathered, ...rest] = steps.map((step) => step(frame));
    spend(frame, 1);
    const map = gathered as LiteralMap;
    const entries = rest.length === 2 ? [[rest[0], rest[1]] as const] : entriesOf(rest[0]);
    for (const [key, value] of entries) map.insertOnce(key, value);
    return map;
  };
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (!(value instanceof CelMap)) throw new CelError('no such overload');
  return value.keys().map((key) => [key, value.get(key)] as const);
}

/** What the loop variables are in each round. */
function roundsOf(range: unknown, isDouble: boolean): Iterable<readonly [unknown, unknown]> {
  if (range instanceof CelList) return range.items.map((item, index) => (isDouble ? [BigInt(index), item] : [item, undefined]));
  if (range instanceof CelMap) return range.keys().map((key) => [key, isDouble ? range.get(key) : undefined]);
  throw new CelError('no such overload');
}
