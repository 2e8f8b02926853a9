/**
 * Types of an expression's parts, before anything is evaluated (langdef.md, "Gradual Type Checking"). Goes on after a
 * problem, so that all of them are told at once.
 */
import type { Call, Expr, Fold, ListLiteral, MapLiteral, Select, StructLiteral } from './ast.ts';
import type { Functions, Overload } from './functions.ts';
import type { Position, Problem } from './source.ts';
import { boolType, bytesType, doubleType, dynType, errorType, formatType, intType, isAny, isOptional, itemOf, listOf, mapOf, nullType, optionalOf, parameterType, sameType, stringType, typeOf, uintType, unwrapOptional, valueOf, type CelType } from './types.ts';
import { Bindings, formatCall, moreGeneral, substitute } from './unification.ts';
import { CelUint } from './values.ts';

/** What an expression may name. */
export interface Declarations {
  readonly functions: Functions;
  readonly variables: ReadonlyMap<string, CelType>;
  /** Struct types, by name; also what `Name{…}` makes. */
  readonly structs: ReadonlyMap<string, CelType>;
}

export interface CheckedExpr {
  readonly expression: Expr;
  /** By the id of a node. */
  readonly types: ReadonlyMap<number, CelType>;
  /** Of each call, the overloads that may be meant, and the function's name, which may have a prefix of its own. */
  readonly calls: ReadonlyMap<number, ResolvedCall>;
  /** Names that stand for a type, by the id of the node. */
  readonly typeNames: ReadonlyMap<number, CelType>;
  /** Selections that are the name of a variable as a whole, by the id of the node: `authorizer.requestResource`. */
  readonly dottedNames: ReadonlyMap<number, string>;
  readonly variables: ReadonlySet<string>;
}

export interface ResolvedCall {
  readonly name: string;
  readonly overloads: readonly Overload[];
  /** With the target first, where the function has one. */
  readonly args: readonly Expr[];
}

export type Checked = { readonly expression: CheckedExpr; readonly problems: readonly Problem[] };

export function check(expression: Expr, declarations: Declarations): Checked {
  const checker = new Checker(declarations);
  checker.check(expression);
  return { expression: checker.finish(expression), problems: checker.problems };
}

const typeNames: ReadonlyMap<string, CelType> = new Map(
  [boolType, bytesType, doubleType, intType, listOf(dynType), mapOf(dynType, dynType), nullType, stringType, uintType].map((type) => [type.kind === 'null' ? 'null_type' : type.name, type]),
);

class Checker {
  readonly problems: Problem[] = [];
  readonly #declarations: Declarations;
  readonly #types = new Map<number, CelType>();
  readonly #calls = new Map<number, ResolvedCall>();
  readonly #typeNames = new Map<number, CelType>();
  readonly #dottedNames = new Map<number, string>();
  readonly #used = new Set<string>();
  /** Variables of loops, the innermost last. */
  readonly #scopes: (readonly [string, CelType])[] = [];
  readonly #found = new Bindings();
  #free = 0;

  constructor(declarations: Declarations) {
    this.#declarations = declarations;
  }

  finish(expression: Expr): CheckedExpr {
    const types = new Map(Array.from(this.#types, ([id, type]) => [id, substitute(this.#found, type, dynType)]));
    return { expression, types, calls: this.#calls, typeNames: this.#typeNames, dottedNames: this.#dottedNames, variables: this.#used };
  }

  check(node: Expr): CelType {
    const type = this.#typeOf(node);
    this.#types.set(node.id, type);
    return type;
  }

  #typeOf(node: Expr): CelType {
    switch (node.kind) {
      case 'literal':
        return literalType(node.value);
      case 'ident':
        return this.#identifier(node.id, node.name) ?? this.#undeclared(node.at, node.name);
      case 'select':
        return this.#select(node);
      case 'call':
        return node.function === '_?._' ? this.#optionalSelect(node) : this.#call(node);
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

  #report({ line, column }: Position, message: string): CelType {
    this.problems.push({ line, column, message });
    return errorType;
  }

  #undeclared(at: Position, name: string): CelType {
    return this.#report(at, `undeclared reference to '${name}' (in container '')`);
  }

  #fits(type: CelType, other: CelType): boolean {
    return this.#fitAll([type], [other]);
  }

  #fitAll(types: readonly CelType[], others: readonly CelType[]): boolean {
    return this.#found.unifyAll(types, others);
  }

  #freeType(): CelType {
    return parameterType(`_var${this.#free++}`);
  }

  #expect(at: Position, expected: CelType, actual: CelType): void {
    this.#report(at, `expected type '${formatType(expected)}' but found '${formatType(actual)}'`);
  }

  // --- names and fields

  #identifier(id: number, written: string): CelType | undefined {
    const name = written.replace(/^\./, '');
    const local = written === name ? this.#scopes.findLast(([one]) => one === name) : undefined;
    if (local !== undefined) return local[1];
    const variable = this.#declarations.variables.get(name);
    if (variable !== undefined) {
      this.#used.add(name);
      return variable;
    }
    const named = typeNames.get(name) ?? this.#declarations.structs.get(name);
    if (named === undefined) return undefined;
    this.#typeNames.set(id, named);
    return typeOf(named);
  }

  #select(node: Select): CelType {
    const dotted = node.isTest ? undefined : dottedName(node);
    const variable = dotted === undefined ? undefined : this.#declarations.variables.get(dotted);
    if (dotted !== undefined && variable !== undefined) {
      this.#dottedNames.set(node.id, dotted);
      this.#used.add(dotted);
      return variable;
    }
    const named = dotted === undefined ? undefined : this.#declarations.structs.get(dotted);
    if (named !== undefined) {
      this.#typeNames.set(node.id, named);
      return typeOf(named);
    }
    const type = this.#field(node.at, node.operand, node.field, false);
    return node.isTest ? boolType : substitute(this.#found, type);
  }

  #optionalSelect(node: Call): CelType {
    const [operand, field] = node.args;
    if (operand === undefined || field?.kind !== 'literal' || typeof field.value !== 'string') return errorType;
    this.#types.set(field.id, stringType);
    return substitute(this.#found, this.#field(node.at, operand, field.value, true));
  }

  #field(at: Position, operand: Expr, field: string, isOptionalSelect: boolean): CelType {
    const whole = substitute(this.#found, this.check(operand));
    const target = unwrapOptional(whole);
    const type = this.#fieldOf(at, target, field);
    return isOptional(whole) || isOptionalSelect ? optionalOf(type) : type;
  }

  #fieldOf(at: Position, target: CelType, field: string): CelType {
    if (target.kind === 'map') return valueOf(target);
    if (target.kind === 'struct') return (this.#declarations.structs.get(target.name) ?? target).fields?.get(field) ?? this.#report(at, `undefined field '${field}'`);
    if (target.kind === 'parameter') this.#fits(dynType, target);
    else if (!isAny(target)) this.#report(at, `type '${formatType(target)}' does not support field selection`);
    return dynType;
  }

  // --- calls

  #call(node: Call): CelType {
    const types = node.args.map((argument) => this.check(argument));
    const { target } = node;
    if (target === undefined) return this.#resolve(node, node.function.replace(/^\./, ''), node.args, types, false);
    const prefix = dottedName(target);
    const qualified = prefix === undefined ? undefined : `${prefix}.${node.function}`;
    if (qualified !== undefined && this.#declarations.functions.has(qualified)) return this.#resolve(node, qualified, node.args, types, false);
    const targetType = this.check(target);
    return this.#resolve(node, node.function, [target, ...node.args], [targetType, ...types], true);
  }

  #resolve(node: Call, name: string, args: readonly Expr[], types: readonly CelType[], isMember: boolean): CelType {
    const overloads = this.#declarations.functions.get(name);
    if (overloads === undefined) return this.#undeclared(node.at, name);
    if (name === '_&&_' || name === '_||_') return this.#logical(node, name, overloads, args, types);
    const matching: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.isMember !== isMember) continue;
      const fresh = this.#fresh(overload);
      if (!this.#fitAll(types, fresh.parameters)) continue;
      matching.push(overload);
      const type = substitute(this.#found, fresh.result);
      result = result === undefined ? type : result.kind === 'dyn' || sameType(type, result) ? result : dynType;
    }
    if (result === undefined) return this.#report(node.at, `found no matching overload for '${name}' applied to '${formatCall(types.map((type) => substitute(this.#found, type, dynType)), isMember)}'`);
    this.#calls.set(node.id, { name, overloads: matching, args });
    return result;
  }

  #logical(node: Call, name: string, overloads: readonly Overload[], args: readonly Expr[], types: readonly CelType[]): CelType {
    let isFine = true;
    for (const [index, type] of types.entries()) {
      if (this.#fits(type, boolType)) continue;
      this.#expect((args[index] as Expr).at, boolType, type);
      isFine = false;
    }
    this.#calls.set(node.id, { name, overloads, args });
    return isFine ? boolType : errorType;
  }

  /** The overload with type parameters of its own for this call. */
  #fresh({ parameters, result }: Overload): Pick<Overload, 'parameters' | 'result'> {
    const own = new Map<string, CelType>();
    const collect = (type: CelType): void => {
      if (type.kind === 'parameter' && !own.has(type.name)) own.set(type.name, this.#freeType());
      type.parameters.forEach(collect);
    };
    [...parameters, result].forEach(collect);
    if (own.size === 0) return { parameters, result };
    return { parameters: parameters.map((type) => substitute(own, type)), result: substitute(own, result) };
  }

  // --- literals of collections

  #list(node: ListLiteral): CelType {
    let item: CelType | undefined;
    for (const [index, one] of node.items.entries()) {
      const type = this.check(one);
      item = this.#join(item, node.optional.has(index) ? this.#unwrapped(one.at, type) : type);
    }
    return listOf(item ?? this.#freeType());
  }

  #map(node: MapLiteral): CelType {
    let key: CelType | undefined;
    let value: CelType | undefined;
    for (const entry of node.entries) {
      key = this.#join(key, this.check(entry.key));
      const type = this.check(entry.value);
      value = this.#join(value, entry.isOptional ? this.#unwrapped(entry.value.at, type) : type);
    }
    return mapOf(key ?? this.#freeType(), value ?? this.#freeType());
  }

  #unwrapped(at: Position, type: CelType): CelType {
    if (!isOptional(type) && type.kind !== 'dyn') this.#expect(at, optionalOf(type), type);
    return unwrapOptional(type);
  }

  #join(before: CelType | undefined, type: CelType): CelType {
    if (before === undefined) return type;
    return this.#fits(before, type) ? moreGeneral(before, type) : dynType;
  }

  #struct(node: StructLiteral): CelType {
    const type = this.#declarations.structs.get(node.typeName.replace(/^\./, ''));
    if (type === undefined) return this.#undeclared(node.at, node.typeName);
    for (const field of node.fields) {
      const valueType = this.check(field.value);
      const declared = type.fields?.get(field.name) ?? this.#report(field.at, `undefined field '${field.name}'`);
      const given = field.isOptional ? this.#unwrapped(field.value.at, valueType) : valueType;
      if (!this.#fits(declared, given)) this.#report(field.at, `expected type of field '${field.name}' is '${formatType(declared)}' but provided type is '${formatType(given)}'`);
    }
    return type;
  }

  // --- loops

  #fold(node: Fold): CelType {
    const range = substitute(this.#found, this.check(node.range));
    const gathered = this.check(node.initial);
    this.#scopes.push([node.accumulator, gathered]);
    const [first, second] = this.#loopVariables(node, range);
    this.#scopes.push([node.variable, first]);
    if (node.second !== undefined) this.#scopes.push([node.second, second]);
    const condition = this.check(node.condition);
    if (!this.#fits(boolType, condition)) this.#expect(node.condition.at, boolType, condition);
    const step = this.check(node.step);
    if (!this.#fits(gathered, step)) this.#expect(node.step.at, gathered, step);
    this.#scopes.splice(this.#scopes.length - (node.second === undefined ? 1 : 2));
    const result = this.check(node.result);
    this.#scopes.pop();
    return substitute(this.#found, result);
  }

  #loopVariables(node: Fold, range: CelType): readonly [CelType, CelType] {
    if (range.kind === 'list') return node.second === undefined ? [itemOf(range), dynType] : [intType, itemOf(range)];
    if (range.kind === 'map') return [itemOf(range), valueOf(range)];
    if (isAny(range) || range.kind === 'parameter') {
      this.#fits(dynType, range);
      return [dynType, dynType];
    }
    this.#report(node.range.at, `expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`);
    return [errorType, errorType];
  }
}

function literalType(value: unknown): CelType {
  if (value === null) return nullType;
  if (value instanceof CelUint) return uintType;
  if (value instanceof Uint8Array) return bytesType;
  return typeof value === 'bigint' ? intType : typeof value === 'number' ? doubleType : typeof value === 'boolean' ? boolType : stringType;
}

/** `a.b.c` of an expression that is nothing but names. */
export function dottedName(node: Expr): string | undefined {
  if (node.kind === 'ident') return node.name;
  if (node.kind !== 'select' || node.isTest) return undefined;
  const prefix = dottedName(node.operand);
  return prefix === undefined ? undefined : `${prefix}.${node.field}`;
}
