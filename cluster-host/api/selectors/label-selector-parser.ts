/** Reads the text form of label selectors: `env != y, tier in (a, b), !legacy` (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/). */
import { fieldErrorText, invalid } from '../field-errors.ts';
import { checkQualifiedName } from '../names.ts';
import type { Result } from '../result.ts';
import { failed, ok } from '../result.ts';
import type { Operator, Requirement, Selector } from './label-selector.ts';
import { binaryOperators, requirement, selectorOfRequirements } from './label-selector.ts';

type Sign = '=' | '==' | '!=' | '!' | '(' | ')' | ',' | '>' | '<';
interface Token {
  readonly kind: Sign | 'word' | 'end';
  readonly text: string;
}

const signs: readonly Sign[] = ['==', '=', '!=', '!', '(', ')', ',', '>', '<'];
const operatorOfToken: Readonly<Record<string, Operator>> = { '=': '=', '==': '==', '!=': '!=', '>': 'gt', '<': 'lt', in: 'in', notin: 'notin' };

/** A problem inside the grammar; thrown here and caught in `parseSelector`, which returns it. */
class SyntaxProblem extends Error {}

/** The selector of a text; an empty text selects everything. The error is worded as the API server's 400. */
export function parseSelector(text: string): Result<Selector> {
  try {
    return ok(selectorOfRequirements(new Parser(tokenize(text)).parse()));
  } catch (error) {
    if (error instanceof SyntaxProblem) return failed(error.message);
    throw error;
  }
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  // Kubernetes' scanner stops at a NUL as at the end.
  const [content = ''] = text.split('\0', 1);
  for (const [part] of content.matchAll(/[=!(),<>]+|[^=!(),<> \t\r\n]+/g)) {
    if (!/^[=!(),<>]/.test(part)) tokens.push({ kind: 'word', text: part });
    else tokens.push(...signTokens(part));
  }
  return [...tokens, { kind: 'end', text: '' }];
}

/** Splits a run of special characters, the longest sign first. */
function signTokens(run: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < run.length) {
    const sign = signs.find((candidate) => run.startsWith(candidate, at)) ?? ',';
    tokens.push({ kind: sign, text: sign });
    at += sign.length;
  }
  return tokens;
}

class Parser {
  private position = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  parse(): readonly Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const { kind, text } = this.peek();
      if (kind === 'end') return requirements;
      if (kind !== 'word' && kind !== '!') throw new SyntaxProblem(`found '${text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.requirement());
      const separator = this.next();
      if (separator.kind === 'end') return requirements;
      if (separator.kind !== ',') throw new SyntaxProblem(`found '${separator.text}', expected: ',' or 'end of string'`);
      const following = this.peek();
      if (following.kind !== 'word' && following.kind !== '!') throw new SyntaxProblem(`found '${following.text}', expected: identifier after ','`);
    }
  }

  private peek(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '' };
  }

  private next(): Token {
    const token = this.peek();
    this.position++;
    return token;
  }

  private requirement(): Requirement {
    try {
      const negated = this.peek().kind === '!';
      if (negated) this.next();
      const key = this.key();
      const atEnd = ['end', ','].includes(this.peek().kind);
      if (negated) return checked(key, '!', []);
      if (atEnd) return checked(key, 'exists', []);
      const operator = this.operator();
      return checked(key, operator, operator === 'in' || operator === 'notin' ? this.list() : [this.value()]);
    } catch (error) {
      if (error instanceof SyntaxProblem) throw new SyntaxProblem(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  private key(): string {
    const { kind, text } = this.next();
    if (kind !== 'word') throw new SyntaxProblem(`found '${text}', expected: identifier`);
    const problems = checkQualifiedName(text);
    if (problems.length > 0) throw new SyntaxProblem(fieldErrorText(invalid('<nil>', text, problems.join('; '))));
    return text;
  }

  private operator(): Operator {
    const { text } = this.next();
    const operator = Object.hasOwn(operatorOfToken, text) ? operatorOfToken[text] : undefined;
    if (operator === undefined) throw new SyntaxProblem(`found '${text}', expected: ${binaryOperators.join(', ')}`);
    return operator;
  }

  /** One value; nothing before a comma or the end is the empty value. */
  private value(): string {
    if (['end', ','].includes(this.peek().kind)) return '';
    const { kind, text } = this.next();
    if (kind !== 'word') throw new SyntaxProblem(`found '${text}', expected: identifier`);
    return text;
  }

  /** `(a, b)`: a place without a word is the empty value. */
  private list(): readonly string[] {
    const open = this.next();
    if (open.kind !== '(') throw new SyntaxProblem(`found '${open.text}' expected: '('`);
    const values = new Set<string>();
    const first = this.peek();
    if (first.kind !== 'word' && first.kind !== ',' && first.kind !== ')') throw new SyntaxProblem(`found '${first.text}', expected: ',', ')' or identifier`);
    for (let expectsValue = true; ; ) {
      const { kind, text } = this.next();
      if (kind === 'word' && expectsValue) values.add(text);
      else if (kind === ',' || kind === ')') {
        if (expectsValue) values.add('');
        if (kind === ')') return [...values].toSorted();
      } else throw new SyntaxProblem(expectsValue ? `found '${text}', expected: ',', or identifier` : `found '${text}', expected: ',' or ')'`);
      expectsValue = kind === ',';
    }
  }
}

function checked(key: string, operator: Operator, values: readonly string[]): Requirement {
  const one = requirement(key, operator, values);
  if (!one.ok) throw new SyntaxProblem(one.error);
  return one.value;
}
