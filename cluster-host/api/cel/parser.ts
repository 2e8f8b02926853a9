/**
 * Text → expression (langdef.md, "Syntax"). The first thing that is wrong ends the parsing; what is wrong and where is told
 * as CEL for Go tells it.
 */
import type { Expr, MapEntry, StructField } from './ast.ts';
import { tokenize, type Token, type TokenType } from './lexer.ts';
import { bytesValue, intValue, textValue, uintValue } from './literals.ts';
import { expandMacro, NodeFactory } from './macros.ts';
import type { Position, Problem } from './source.ts';
import { failed, ok, type Result } from '../result.ts';
import { CelUint } from './values.ts';

const maxDepth = 250;
const maxCodePoints = 100_000;

const reserved: ReadonlySet<string> = new Set(['as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while']);
const keywords: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);

/** What may begin an operand, as the grammar lists it. */
const operandStart = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
/** What may follow an operand, by what is still open around it. */
const afterOperand = "'==', '!=', 'in', '<', '<=', '>=', '>', '&&', '||', '[', '{', ')', '.', ',', '-', '?', '+', '*', '/', '%%'";

const relations: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=', 'in']);

class SyntaxProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

export function parse(source: string): Result<Expr, readonly Problem[]> {
  if (Array.from(source).length > maxCodePoints) return failed([{ line: -1, column: -1, message: `expression code point size exceeds limit: size: ${Array.from(source).length}, limit ${maxCodePoints}` }]);
  const { tokens, problems } = tokenize(source);
  try {
    const expression = new Parser(tokens).parse();
    return problems.length > 0 ? failed(problems) : ok(expression);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return failed([...problems, error.problem]);
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #nodes = new NodeFactory();
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Expr {
    const expression = this.#expression();
    if (this.#peek().type !== 'end') throw this.#unexpected(this.#peek(), '<EOF>', 'extraneous');
    return expression;
  }

  // --- tokens

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] as Token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #isSign(text: string, ahead = 0): boolean {
    const { type, text: found } = this.#peek(ahead);
    return type === 'sign' && found === text;
  }

  #takeSign(text: string): Token | undefined {
    return this.#isSign(text) ? this.#take() : undefined;
  }

  #needSign(text: string, expecting?: string): Token {
    const token = this.#takeSign(text);
    if (token !== undefined) return token;
    const found = this.#peek();
    if (expecting === undefined && (text === ')' || text === ':')) throw this.#problem(found, `Syntax error: missing '${text}' at '${found.text}'`);
    throw this.#unexpected(found, expecting ?? `'${text}'`, 'mismatched');
  }

  /** What stands where an operand should; one that is merely too much is told as that. */
  #noOperand(token: Token, expecting = operandStart): SyntaxProblem {
    const { type, text } = this.#peek(1);
    const goesOn = type !== 'end' && (type !== 'sign' || ['[', '{', '(', '.', '-', '!'].includes(text)) && text !== 'in';
    return this.#unexpected(token, expecting, token.type !== 'end' && goesOn ? 'extraneous' : 'mismatched');
  }

  #unexpected(token: Token, expecting: string, how: 'mismatched' | 'extraneous'): SyntaxProblem {
    return this.#problem(token, `Syntax error: ${how} input '${token.text}' expecting ${expecting}`);
  }

  #problem({ line, column }: Position, message: string): SyntaxProblem {
    return new SyntaxProblem({ line, column, message });
  }

  // --- operators, the loosest first

  #expression(): Expr {
    if (++this.#depth > maxDepth) throw this.#problem({ line: -1, column: -1 }, `expression recursion limit exceeded: ${maxDepth}`);
    const condition = this.#binary('||', '_||_', () => this.#binary('&&', '_&&_', () => this.#relation()));
    const question = this.#takeSign('?');
    if (question === undefined) {
      this.#depth--;
      return condition;
    }
    const id = this.#nodes.id();
    const yes = this.#binary('||', '_||_', () => this.#binary('&&', '_&&_', () => this.#relation()));
    this.#needSign(':', "':'");
    const no = this.#expression();
    this.#depth--;
    return this.#nodes.call(question, '_?_:_', [condition, yes, no], id);
  }

  #binary(sign: string, name: string, operand: () => Expr): Expr {
    let left = operand();
    for (let at = this.#takeSign(sign); at !== undefined; at = this.#takeSign(sign)) left = this.#nodes.call(at, name, [left, operand()]);
    return left;
  }

  #relation(): Expr {
    let left = this.#sum();
    for (;;) {
      const { type, text } = this.#peek();
      if ((type !== 'sign' && text !== 'in') || !relations.has(text)) return left;
      const at = this.#take();
      left = this.#nodes.call(at, text === 'in' ? '@in' : `_${text}_`, [left, this.#sum()]);
    }
  }

  #sum(): Expr {
    let left = this.#product();
    while (this.#isSign('+') || this.#isSign('-')) {
      const at = this.#take();
      left = this.#nodes.call(at, `_${at.text}_`, [left, this.#product()]);
    }
    return left;
  }

  #product(): Expr {
    let left = this.#unary();
    while (this.#isSign('*') || this.#isSign('/') || this.#isSign('%')) {
      const at = this.#take();
      left = this.#nodes.call(at, `_${at.text}_`, [left, this.#unary()]);
    }
    return left;
  }

  #unary(): Expr {
    const sign = this.#peek();
    const isMinus = this.#isSign('-');
    if (!isMinus && !this.#isSign('!')) return this.#member();
    if (isMinus && ['int', 'float'].includes(this.#peek(1).type)) return this.#member();
    let count = 0;
    while (this.#isSign(sign.text)) {
      this.#take();
      count++;
    }
    const operand = this.#member();
    // An even number of them undoes itself.
    return count % 2 === 0 ? operand : this.#nodes.call(sign, isMinus ? '-_' : '!_', [operand]);
  }

  #member(): Expr {
    let operand = this.#primary();
    for (;;) {
      const dot = this.#takeSign('.');
      if (dot !== undefined) operand = this.#dotted(operand, dot);
      else if (this.#isSign('[')) {
        const bracket = this.#take();
        const isOptional = this.#takeSign('?') !== undefined;
        const id = this.#nodes.id();
        const index = this.#expression();
        this.#needSign(']');
        operand = this.#nodes.call(bracket, isOptional ? '_[?_]' : '_[_]', [operand, index], id);
      } else return operand;
    }
  }

  #dotted(operand: Expr, dot: Token): Expr {
    if (this.#takeSign('?') !== undefined) {
      const field = this.#needIdentifier();
      return this.#nodes.call(dot, '_?._', [operand, this.#nodes.literal(field, field.text)]);
    }
    const field = this.#needIdentifier();
    const open = this.#takeSign('(');
    if (open === undefined) return this.#nodes.select(dot, operand, field.text);
    const id = this.#nodes.id();
    return this.#expanded(open, id, field.text, this.#arguments(')'), operand);
  }

  #needIdentifier(): Token {
    const token = this.#peek();
    if (token.type === 'escaped') throw this.#problem(token, "unsupported syntax: '`'");
    if (token.type !== 'ident' || keywords.has(token.text)) {
      if (token.type === 'ident' && token.text !== 'in') throw this.#problem(this.#peek(), `Syntax error: mismatched input '${token.text}' expecting IDENTIFIER`);
      throw this.#problem(token, `Syntax error: no viable alternative at input '.${token.text === '<EOF>' ? '' : token.text}'`);
    }
    return this.#take();
  }

  /** A macro becomes what it stands for. */
  #expanded(at: Position, id: number, name: string, args: readonly Expr[], target?: Expr): Expr {
    const expanded = expandMacro(this.#nodes, { at, name, args, ...(target && { target }) });
    if (expanded === undefined) return this.#nodes.call(at, name, args, id, target);
    if (!expanded.ok) throw new SyntaxProblem(expanded.error);
    return expanded.value;
  }

  #arguments(close: string): Expr[] {
    const args: Expr[] = [];
    if (this.#takeSign(close) !== undefined) return args;
    if (this.#peek().type === 'end') throw this.#unexpected(this.#peek(), operandStart.replace("'(', ", "'(', ')', "), 'mismatched');
    do args.push(this.#expression());
    while (this.#takeSign(',') !== undefined);
    this.#needSign(close, `{${afterOperand.replace('%%', '%')}}`);
    return args;
  }

  // --- operands

  #primary(): Expr {
    const token = this.#peek();
    if (this.#takeSign('(') !== undefined) {
      const inner = this.#expression();
      this.#needSign(')');
      return inner;
    }
    if (this.#isSign('[')) return this.#list();
    if (this.#isSign('{')) return this.#map();
    if (this.#isSign('.') || (token.type === 'ident' && !keywords.has(token.text))) return this.#named();
    return this.#literal();
  }

  #named(): Expr {
    const leading = this.#takeSign('.');
    const token = this.#needIdentifier();
    const length = this.#structNameLength();
    const name = `${leading === undefined ? '' : '.'}${token.text}`;
    if (length !== undefined) return this.#struct(name, length);
    if (reserved.has(token.text)) throw this.#problem(token, `reserved identifier: ${token.text}`);
    const open = this.#takeSign('(');
    if (open === undefined) return this.#nodes.ident(leading ?? token, name);
    const id = this.#nodes.id();
    return this.#expanded(open, id, name, this.#arguments(')'));
  }

  /** How many tokens of `.name` come before the `{` of a struct literal; undefined where there is none. */
  #structNameLength(): number | undefined {
    let ahead = 0;
    while (this.#isSign('.', ahead) && this.#peek(ahead + 1).type === 'ident') ahead += 2;
    return this.#isSign('{', ahead) ? ahead : undefined;
  }

  #struct(first: string, length: number): Expr {
    let typeName = first;
    for (let index = 0; index < length; index++) typeName += this.#take().text;
    const open = this.#take();
    const id = this.#nodes.id();
    const fields: StructField[] = [];
    while (!this.#isSign('}')) {
      const isOptional = this.#takeSign('?') !== undefined;
      const name = this.#needIdentifier();
      const colon = this.#needSign(':');
      const fieldId = this.#nodes.id();
      fields.push({ id: fieldId, at: colon, name: name.text, value: this.#expression(), isOptional });
      if (this.#takeSign(',') === undefined) break;
    }
    this.#needSign('}');
    return { id, at: open, kind: 'struct', typeName, fields };
  }

  #list(): Expr {
    const open = this.#take();
    const id = this.#nodes.id();
    const items: Expr[] = [];
    const optional = new Set<number>();
    while (!this.#isSign(']')) {
      if (this.#takeSign('?') !== undefined) optional.add(items.length);
      items.push(this.#expression());
      if (this.#takeSign(',') === undefined) break;
    }
    this.#needSign(']', "{']', ','}");
    return { id, at: open, kind: 'list', items, optional };
  }

  #map(): Expr {
    const open = this.#take();
    const id = this.#nodes.id();
    const entries: MapEntry[] = [];
    while (!this.#isSign('}')) {
      const isOptional = this.#takeSign('?') !== undefined;
      const key = this.#expression();
      const colon = this.#needSign(':');
      const entryId = this.#nodes.id();
      entries.push({ id: entryId, at: colon, key, value: this.#expression(), isOptional });
      if (this.#takeSign(',') === undefined) break;
    }
    this.#needSign('}', "{'}', ','}");
    return { id, at: open, kind: 'map', entries };
  }

  #literal(): Expr {
    const token = this.#peek();
    if (this.#isSign('-')) {
      this.#take();
      return this.#number(token, `-${this.#peek().text}`, this.#take().type);
    }
    if (token.type === 'ident' && token.text !== 'in') {
      this.#take();
      return this.#nodes.literal(token, token.text === 'null' ? null : token.text === 'true');
    }
    if (token.type === 'end' || token.type === 'sign' || token.type === 'ident') throw this.#noOperand(token);
    if (token.type === 'escaped') throw this.#problem(token, "unsupported syntax: '`'");
    this.#take();
    return this.#number(token, token.text, token.type);
  }

  #number(at: Token, text: string, type: TokenType): Expr {
    const read = this.#read(text, type);
    if (!read.ok) throw this.#problem(at, read.error);
    return this.#nodes.literal(at, read.value);
  }

  #read(text: string, type: TokenType): Result<unknown> {
    if (type === 'int') return intValue(text);
    if (type === 'string') return textValue(text);
    if (type === 'bytes') return bytesValue(text);
    if (type === 'float') return Number.isFinite(Number(text)) ? ok(Number(text)) : failed('invalid double literal');
    const value = uintValue(text);
    return value.ok ? ok(new CelUint(value.value)) : value;
  }
}
