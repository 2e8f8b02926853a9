/** Macros of CEL and what they stand for (langdef.md, "Macros"; cel-go's extensions for two variables, optionals and sorting). */
import type { Expr, ListLiteral } from './ast.ts';
import { failed, ok, type Result } from '../result.ts';
import type { Position, Problem } from './source.ts';

/** Makes nodes, each with an id of its own. */
export class NodeFactory {
  #last = 0;

  id(): number {
    return ++this.#last;
  }

  literal(at: Position, value: unknown): Expr {
    return { id: this.id(), at, kind: 'literal', value };
  }

  ident(at: Position, name: string): Expr {
    return { id: this.id(), at, kind: 'ident', name };
  }

  select(at: Position, operand: Expr, field: string, isTest = false): Expr {
    return { id: this.id(), at, kind: 'select', operand, field, isTest };
  }

  call(at: Position, name: string, args: readonly Expr[], id = this.id(), target?: Expr): Expr {
    return { id, at, kind: 'call', function: name, args, ...(target && { target }) };
  }

  list(at: Position, items: readonly Expr[] = []): ListLiteral {
    return { id: this.id(), at, kind: 'list', items, optional: new Set() };
  }
}

/** The accumulator's name, which no expression can spell. */
export const accumulator = '@result';

interface MacroCall {
  readonly at: Position;
  readonly name: string;
  readonly target?: Expr;
  readonly args: readonly Expr[];
}

type Expanded = Result<Expr, Problem>;
/** `a` reads or writes what is gathered; nodes stand where the macro was called. */
type Expand = (make: Maker, target: Expr, args: readonly Expr[]) => Expanded;

/** Undefined where the call is no macro. */
export function expandMacro(nodes: NodeFactory, { at, name, target, args }: MacroCall): Expanded | undefined {
  if (target === undefined) return name === 'has' && args.length === 1 ? presenceTest(nodes, at, args[0] as Expr) : undefined;
  const expand = macros.get(`${name}/${args.length}`);
  return expand?.(new Maker(nodes, at), target, args);
}

function presenceTest(nodes: NodeFactory, at: Position, argument: Expr): Expanded {
  if (argument.kind !== 'select') return failed({ ...argument.at, message: 'invalid argument to has() macro' });
  return ok(nodes.select(at, argument.operand, argument.field, true));
}

class Maker {
  readonly #nodes: NodeFactory;
  readonly at: Position;

  constructor(nodes: NodeFactory, at: Position) {
    this.#nodes = nodes;
    this.at = at;
  }

  literal(value: unknown): Expr {
    return this.#nodes.literal(this.at, value);
  }

  ident(name: string): Expr {
    return this.#nodes.ident(this.at, name);
  }

  gathered(): Expr {
    return this.ident(accumulator);
  }

  call(name: string, ...args: readonly Expr[]): Expr {
    return this.#nodes.call(this.at, name, args);
  }

  member(target: Expr, name: string, ...args: readonly Expr[]): Expr {
    return this.#nodes.call(this.at, name, args, this.#nodes.id(), target);
  }

  list(...items: readonly Expr[]): Expr {
    return this.#nodes.list(this.at, items);
  }

  emptyMap(): Expr {
    return { id: this.#nodes.id(), at: this.at, kind: 'map', entries: [] };
  }

  /** The same expression under an id of its own. */
  again(expression: Expr): Expr {
    return expression.kind === 'ident' ? { ...expression, id: this.#nodes.id() } : expression;
  }

  fold(range: Expr, [variable = '', second]: readonly string[], parts: { initial: Expr; condition: Expr; step: Expr; result: Expr }): Expr {
    return { id: this.#nodes.id(), at: this.at, kind: 'fold', range, variable, ...(second === undefined ? {} : { second }), accumulator, ...parts };
  }

  /** The value under a name, within an expression. */
  bind(name: string, value: Expr, within: (maker: Maker) => Expr): Expr {
    return { id: this.#nodes.id(), at: this.at, kind: 'fold', range: this.list(), variable: '#unused', accumulator: name, initial: value, condition: this.literal(false), step: this.ident(name), result: within(this) };
  }
}

/** The variables that the first arguments name. */
function variablesOf(args: readonly Expr[], notAName = 'argument must be a simple name'): Result<readonly string[], Problem> {
  const names: string[] = [];
  for (const argument of args) {
    if (argument.kind !== 'ident') return failed({ ...argument.at, message: notAName });
    if (names.includes(argument.name)) return failed({ ...argument.at, message: `duplicate variable name: ${argument.name}` });
    if (argument.name === accumulator || argument.name === '__result__') return failed({ ...argument.at, message: 'iteration variable overwrites accumulator variable' });
    names.push(argument.name);
  }
  return ok(names);
}

/** A macro whose first `count` arguments name its variables. */
function looping(count: 1 | 2, build: (make: Maker, target: Expr, variables: readonly string[], rest: readonly Expr[], args: readonly Expr[]) => Expr, notAName?: string): Expand {
  return (make, target, args) => {
    const variables = variablesOf(args.slice(0, count), notAName);
    return variables.ok ? ok(build(make, target, variables.value, args.slice(count), args)) : variables;
  };
}

const all = (count: 1 | 2): Expand =>
  looping(count, (make, target, variables, [predicate = make.literal(true)]) =>
    make.fold(target, variables, { initial: make.literal(true), condition: make.call('@not_strictly_false', make.gathered()), step: make.call('_&&_', make.gathered(), predicate), result: make.gathered() }),
  );

const exists = (count: 1 | 2): Expand =>
  looping(count, (make, target, variables, [predicate = make.literal(true)]) =>
    make.fold(target, variables, {
      initial: make.literal(false),
      condition: make.call('@not_strictly_false', make.call('!_', make.gathered())),
      step: make.call('_||_', make.gathered(), predicate),
      result: make.gathered(),
    }),
  );

const existsOne = (count: 1 | 2): Expand =>
  looping(count, (make, target, variables, [predicate = make.literal(true)]) =>
    make.fold(target, variables, {
      initial: make.literal(0n),
      condition: make.literal(true),
      step: make.call('_?_:_', predicate, make.call('_+_', make.gathered(), make.literal(1n)), make.gathered()),
      result: make.call('_==_', make.gathered(), make.literal(1n)),
    }),
  );

/** Gathers one thing of each round, or of each that a filter lets through. */
function gathering(make: Maker, target: Expr, variables: readonly string[], initial: Expr, add: Expr, filter: Expr | undefined): Expr {
  const step = filter === undefined ? add : make.call('_?_:_', filter, add, make.gathered());
  return make.fold(target, variables, { initial, condition: make.literal(true), step, result: make.gathered() });
}

const transformList = (count: 1 | 2): Expand =>
  looping(
    count,
    (make, target, variables, rest) => {
      const [filter, transform] = rest.length === 2 ? rest : [undefined, rest[0]];
      return gathering(make, target, variables, make.list(), make.call('_+_', make.gathered(), make.list(transform as Expr)), filter);
    },
    count === 1 ? 'argument is not an identifier' : undefined,
  );

const filter: Expand = looping(
  1,
  (make, target, variables, [predicate], [variable]) => gathering(make, target, variables, make.list(), make.call('_+_', make.gathered(), make.list(variable as Expr)), predicate),
  'argument is not an identifier',
);

const transformMap: Expand = looping(2, (make, target, variables, rest) => {
  const [predicate, transform] = rest.length === 2 ? rest : [undefined, rest[0]];
  return gathering(make, target, variables, make.emptyMap(), make.call('cel.@mapInsert', make.gathered(), make.ident(variables[0] ?? ''), transform as Expr), predicate);
});

const transformMapEntry: Expand = looping(2, (make, target, variables, rest) => {
  const [predicate, transform] = rest.length === 2 ? rest : [undefined, rest[0]];
  return gathering(make, target, variables, make.emptyMap(), make.call('cel.@mapInsert', make.gathered(), transform as Expr), predicate);
});

/** `flat`: what is made of the value is an optional one already. */
const optionalMap = (name: string, flat: boolean): Expand => (make, target, [variable, body]) => {
  if (variable?.kind !== 'ident') return failed({ ...(variable ?? target).at, message: `${name}() variable name must be a simple identifier` });
  const mapped = (source: Expr): Expr => {
    const value = make.bind(variable.name, make.member(make.again(source), 'value'), () => body as Expr);
    return make.call('_?_:_', make.member(source, 'hasValue'), flat ? value : make.call('optional.of', value), make.call('optional.none'));
  };
  return ok(target.kind === 'ident' ? mapped(target) : make.bind('@target', target, () => mapped(make.ident('@target'))));
};

const sortBy: Expand = (make, target, args) => {
  const input = '@__sortBy_input__';
  if (!['list', 'select', 'ident', 'fold', 'call'].includes(target.kind)) {
    return failed({ ...target.at, message: 'sortBy can only be applied to a list, identifier, comprehension, call or select expression' });
  }
  const keys = transformList(1)(make, make.ident(input), args);
  return keys.ok ? ok(make.bind(input, target, () => make.member(make.ident(input), '@sortByAssociatedKeys', keys.value))) : keys;
};

/** By name and number of arguments. */
const macros: ReadonlyMap<string, Expand> = new Map([
  ['all/2', all(1)],
  ['all/3', all(2)],
  ['exists/2', exists(1)],
  ['exists/3', exists(2)],
  ['exists_one/2', existsOne(1)],
  ['existsOne/2', existsOne(1)],
  ['exists_one/3', existsOne(2)],
  ['existsOne/3', existsOne(2)],
  ['map/2', transformList(1)],
  ['map/3', transformList(1)],
  ['filter/2', filter],
  ['transformList/3', transformList(2)],
  ['transformList/4', transformList(2)],
  ['transformMap/3', transformMap],
  ['transformMap/4', transformMap],
  ['transformMapEntry/3', transformMapEntry],
  ['transformMapEntry/4', transformMapEntry],
  ['optMap/2', optionalMap('optMap', false)],
  ['optFlatMap/2', optionalMap('optFlatMap', true)],
  ['sortBy/2', sortBy],
]);
