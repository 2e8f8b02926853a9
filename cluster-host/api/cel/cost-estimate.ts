/** What an expression may cost at most, before it is evaluated: what Kubernetes refuses too expensive rules by. */
import type { Call, Expr, Fold, Select } from './ast.ts';
import type { CheckedExpr } from './checker.ts';
import { accumulator } from './macros.ts';
import { add, costs, exactly, itemType, multiply, union, unknownRange, unlimited, type Operand, type Range } from './cost.ts';
import { dynType, type CelType } from './types.ts';
import { codePoints } from './values.ts';

/** How large a value may be, by its path from a variable: `['self', 'items', '@items']`. Undefined where nobody knows. */
export type SizeOfPath = (path: readonly string[]) => Range | undefined;

export function estimateCost(checked: CheckedExpr, sizeOfPath: SizeOfPath = () => undefined): Range {
  return new Estimator(checked, sizeOfPath).cost(checked.expression);
}

/** Sizes of what a collection holds. */
interface Entries {
  readonly isList: boolean;
  readonly key: Range;
  readonly value: Range;
}

interface Local {
  readonly path: readonly string[] | undefined;
  readonly size: Range | undefined;
  readonly entries: Entries | undefined;
}

class Estimator {
  readonly #checked: CheckedExpr;
  readonly #sizeOfPath: SizeOfPath;
  readonly #locals: (readonly [string, Local])[] = [];
  readonly #paths = new Map<number, readonly string[]>();
  readonly #sizes = new Map<number, Range>();
  readonly #entries = new Map<number, Entries>();

  constructor(checked: CheckedExpr, sizeOfPath: SizeOfPath) {
    this.#checked = checked;
    this.#sizeOfPath = sizeOfPath;
  }

  cost(node: Expr): Range {
    switch (node.kind) {
      case 'literal':
        return exactly(0);
      case 'ident':
        this.#paths.set(node.id, this.#local(node.name)?.path ?? [node.name]);
        return exactly(costs.access);
      case 'select':
        return this.#select(node);
      case 'call':
        return this.#call(node);
      case 'list': {
        const inner = node.items.map((item) => this.cost(item));
        this.#entries.set(node.id, { isList: true, key: exactly(1), value: this.#unionOf(node.items) });
        return add(...inner, exactly(costs.list));
      }
      case 'map': {
        const inner = node.entries.flatMap(({ key, value }) => [this.cost(key), this.cost(value)]);
        this.#entries.set(node.id, { isList: false, key: this.#unionOf(node.entries.map(({ key }) => key)), value: this.#unionOf(node.entries.map(({ value }) => value)) });
        return add(...inner, exactly(costs.map));
      }
      case 'struct':
        return add(...node.fields.map(({ value }) => this.cost(value)), exactly(costs.struct));
      case 'fold':
        return isBinding(node) ? this.#binding(node) : this.#loop(node);
    }
  }

  #type(node: Expr): CelType {
    return this.#checked.types.get(node.id) ?? dynType;
  }

  #local(name: string): Local | undefined {
    return this.#locals.findLast(([one]) => one === name)?.[1];
  }

  #pathOf(node: Expr): readonly string[] | undefined {
    const local = node.kind === 'ident' ? this.#local(node.name) : undefined;
    return local === undefined ? this.#paths.get(node.id) : local.path;
  }

  #unionOf(nodes: readonly Expr[]): Range {
    if (nodes.length === 0) return exactly(0);
    return nodes.map((node) => this.#size(node)).reduce(union, { min: unlimited, max: 0 });
  }

  // --- sizes

  #size(node: Expr): Range {
    return this.#knownSize(node) ?? unknownRange;
  }

  #knownSize(node: Expr): Range | undefined {
    const kept = this.#sizes.get(node.id);
    if (kept !== undefined) return kept;
    const own = literalSize(node);
    if (own !== undefined) return own;
    const path = this.#pathOf(node);
    const found = path === undefined ? undefined : this.#sizeOfPath(path);
    if (found !== undefined) {
      this.#sizes.set(node.id, found);
      return found;
    }
    if (isScalar(this.#type(node))) return exactly(1);
    return node.kind === 'ident' ? this.#local(node.name)?.size : undefined;
  }

  #entriesOf(node: Expr): Entries | undefined {
    return this.#entries.get(node.id) ?? (node.kind === 'ident' ? this.#local(node.name)?.entries : undefined);
  }

  #operand(node: Expr): Operand {
    const path = this.#pathOf(node);
    const known = path !== undefined && path[0] !== accumulator ? path : undefined;
    const type = this.#type(node);
    return {
      type,
      size: this.#size(node),
      item: this.#itemOperand(type, known),
      ...(node.kind === 'literal' && { literal: node.value }),
    };
  }

  #itemOperand(type: CelType, path: readonly string[] | undefined): Operand | undefined {
    const item = itemType(type);
    if (item === undefined) return undefined;
    const itemPath = path === undefined ? undefined : [...path, '@items'];
    return { type: item, size: (itemPath && this.#sizeOfPath(itemPath)) ?? unknownRange, item: undefined };
  }

  // --- nodes

  #select(node: Select): Range {
    if (this.#checked.dottedNames.has(node.id)) return exactly(costs.access);
    const operand = this.cost(node.operand);
    if (node.isTest) return operand;
    const { kind } = this.#type(node.operand);
    this.#paths.set(node.id, [...(this.#pathOf(node.operand) ?? []), node.field]);
    return kind === 'map' || kind === 'struct' || kind === 'parameter' ? add(operand, exactly(costs.access)) : operand;
  }

  #call(node: Call): Range {
    const resolved = this.#checked.calls.get(node.id);
    if (node.function === 'dyn' && node.args[0] !== undefined) return this.#transparent(node, node.args[0]);
    const parts = node.args.map((argument) => this.cost(argument));
    if (resolved === undefined) return node.function === '_?._' ? add(...parts, exactly(costs.access)) : exactly(0);
    if (node.function === '_&&_' || node.function === '_||_') return { min: parts[0]?.min ?? 0, max: add(...parts).max };
    if (node.function === '_?_:_') return this.#conditional(node, parts);
    if (resolved.args.length > node.args.length && node.target !== undefined) parts.push(this.cost(node.target));
    const operands = resolved.args.map((argument) => this.#operand(argument));
    const estimates = resolved.overloads.map((overload) => overload.cost.estimate(operands));
    const cost = estimates.map((one) => one.cost).reduce(union, { min: unlimited, max: 0 });
    const sizes = estimates.flatMap(({ size }) => (size === undefined ? [] : [size]));
    if (sizes.length > 0) this.#sizes.set(node.id, sizes.reduce(union));
    this.#track(node, resolved.overloads.map(({ parameters: [first = dynType] }) => first.kind));
    return add(...parts, cost);
  }

  #transparent(node: Expr, inner: Expr): Range {
    const cost = add(exactly(1), this.cost(inner));
    this.#take(node, inner);
    return cost;
  }

  #take(node: Expr, from: Expr): void {
    const size = this.#knownSize(from);
    const entries = this.#entriesOf(from);
    if (size !== undefined) this.#sizes.set(node.id, size);
    if (entries !== undefined) this.#entries.set(node.id, entries);
  }

  #conditional(node: Call, [test = exactly(0), yes = exactly(0), no = exactly(0)]: readonly Range[]): Range {
    const [, first, second] = node.args as readonly [Expr, Expr, Expr];
    this.#sizes.set(node.id, union(this.#size(first), this.#size(second)));
    this.#joinEntries(node, first, second);
    return add(test, union(yes, no));
  }

  #joinEntries(node: Expr, first: Expr, second: Expr): void {
    const [a, b] = [this.#entriesOf(first), this.#entriesOf(second)];
    const joined = a === undefined || b === undefined ? undefined : { isList: a.isList, key: union(a.key, b.key), value: union(a.value, b.value) };
    if (joined !== undefined) this.#entries.set(node.id, joined);
  }

  /** Where an item taken out of a collection, or two collections put together, come from. */
  #track(node: Call, kinds: readonly string[]): void {
    const [first, second] = node.args;
    if (first === undefined) return;
    if (node.function === '_+_' && second !== undefined) this.#joinEntries(node, first, second);
    if (node.function !== '_[_]') return;
    for (const kind of kinds) this.#paths.set(node.id, [...(this.#pathOf(first) ?? []), kind === 'list' ? '@items' : '@values']);
    const size = this.#entriesOf(first)?.value ?? this.#knownSize(node);
    if (size !== undefined) this.#sizes.set(node.id, size);
  }

  // --- loops

  #binding(node: Fold): Range {
    const before = [this.cost(node.range), this.cost(node.initial)];
    this.#locals.push([node.accumulator, { path: this.#pathOf(node.initial), size: this.#knownSize(node.initial), entries: this.#entriesOf(node.initial) }]);
    const result = this.cost(node.result);
    this.#take(node, node.result);
    this.#locals.pop();
    return add(...before, result);
  }

  #loop(node: Fold): Range {
    const before = [this.cost(node.range), this.cost(node.initial)];
    const depth = this.#locals.length;
    this.#locals.push([node.accumulator, { path: this.#pathOf(node.initial), size: this.#knownSize(node.initial), entries: this.#entriesOf(node.initial) }]);
    this.#pushVariables(node);
    const round = add(this.cost(node.condition), this.cost(node.step));
    this.#locals.length = depth + 1;
    const result = this.cost(node.result);
    this.#locals.length = depth;
    const rounds = this.#size(node.range);
    if (node.initial.kind === 'literal') this.#sizes.set(node.id, this.#size(node.initial));
    else if (node.initial.kind === 'list' || node.initial.kind === 'map') {
      this.#sizes.set(node.id, rounds);
      const entries = this.#entriesOf(node.step);
      if (entries !== undefined) this.#entries.set(node.id, entries);
    }
    return add(...before, result, multiply(rounds, round));
  }

  #pushVariables({ range, variable, second }: Fold): void {
    const entries = this.#entriesOf(range);
    const isList = entries?.isList ?? this.#type(range).kind === 'list';
    const path = this.#pathOf(range) ?? [];
    const key: Local = { path: [...path, isList ? '@indices' : '@keys'], size: entries?.key, entries: undefined };
    const value: Local = { path: [...path, isList ? '@items' : '@values'], size: entries?.value, entries: undefined };
    if (second === undefined) this.#locals.push([variable, isList ? value : key]);
    else this.#locals.push([variable, key], [second, value]);
  }
}

/** `optMap` and the like give a name to a value: no loop at all. */
function isBinding({ range, condition, accumulator: name }: Fold): boolean {
  return range.kind === 'list' && range.items.length === 0 && condition.kind === 'literal' && condition.value === false && name !== accumulator;
}

function literalSize(node: Expr): Range | undefined {
  if (node.kind === 'list') return exactly(node.items.length);
  if (node.kind === 'map') return exactly(node.entries.length);
  if (node.kind !== 'literal') return undefined;
  if (typeof node.value === 'string') return exactly(codePoints(node.value));
  return exactly(node.value instanceof Uint8Array ? node.value.length : 1);
}

function isScalar({ kind, name, parameters: [inner] }: CelType): boolean {
  if (kind === 'opaque' && name === 'optional_type' && inner !== undefined) return isScalar(inner);
  return kind === 'bool' || kind === 'double' || kind === 'duration' || kind === 'int' || kind === 'timestamp' || kind === 'uint';
}
