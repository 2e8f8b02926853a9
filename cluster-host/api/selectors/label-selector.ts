/**
 * Label selectors: what they are, what they match, how they are written
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors).
 */
import type { V1LabelSelector } from '../generated/types.ts';
import { fieldErrorText, invalid, notSupported } from '../field-errors.ts';
import type { FieldError } from '../field-error.ts';
import { checkLabelValue, checkQualifiedName } from '../names.ts';
import type { Result } from '../result.ts';
import { failed, ok } from '../result.ts';
import { aggregate, quote } from '../text.ts';

/** As Kubernetes names them; `!` is "does not exist". */
export type Operator = 'in' | 'notin' | '=' | '==' | '!=' | 'gt' | 'lt' | 'exists' | '!';

export const binaryOperators: readonly Operator[] = ['in', 'notin', '=', '==', '!=', 'gt', 'lt'];
const operators: readonly Operator[] = [...binaryOperators, 'exists', '!'];

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** All requirements must hold. A selector without requirements matches everything, `nothing` matches nothing. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  readonly matchesNothing?: true;
}

export type Labels = Readonly<Record<string, string>>;

export const everything: Selector = { requirements: [] };
export const nothing: Selector = { requirements: [], matchesNothing: true };

/** A requirement, or everything that is wrong with it. */
export function requirement(key: string, operator: Operator, values: readonly string[]): Result<Requirement> {
  const errors: FieldError[] = [];
  const keyProblems = checkQualifiedName(key);
  if (keyProblems.length > 0) errors.push(invalid('key', key, keyProblems.join('; ')));
  errors.push(...valueCountErrors(operator, values));
  for (const [index, value] of values.entries()) {
    const problems = checkLabelValue(value);
    if (problems.length > 0) errors.push(invalid(`values[${index}][${key}]`, value, problems.join('; ')));
  }
  return errors.length > 0 ? failed(aggregate(errors.map(fieldErrorText))) : ok({ key, operator, values });
}

function valueCountErrors(operator: Operator, values: readonly string[]): FieldError[] {
  switch (operator) {
    case 'in':
    case 'notin':
      return values.length === 0 ? [invalid('values', values, "for 'in', 'notin' operators, values set can't be empty")] : [];
    case '=':
    case '==':
    case '!=':
      return values.length === 1 ? [] : [invalid('values', values, 'exact-match compatibility requires one single value')];
    case 'exists':
    case '!':
      return values.length === 0 ? [] : [invalid('values', values, 'values set must be empty for exists and does not exist')];
    case 'gt':
    case 'lt': {
      const errors = values.length === 1 ? [] : [invalid('values', values, "for 'Gt', 'Lt' operators, exactly one value is required")];
      for (const [index, value] of values.entries()) {
        if (integer(value) === undefined) errors.push(invalid(`values[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"));
      }
      return errors;
    }
    default:
      return [notSupported('operator', operator, operators)];
  }
}

export function matchesLabels(selector: Selector, labels: Labels | undefined): boolean {
  if (selector.matchesNothing === true) return false;
  return selector.requirements.every((one) => meets(one, labels ?? {}));
}

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
    case 'lt':
      return value !== undefined && compares(value, operator, values[0] ?? '');
  }
}

function compares(value: string, operator: 'gt' | 'lt', than: string): boolean {
  const [actual, limit] = [integer(value), integer(than)];
  if (actual === undefined || limit === undefined) return false;
  return operator === 'gt' ? actual > limit : actual < limit;
}

/** A decimal 64-bit integer. */
function integer(text: string): bigint | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return value === BigInt.asIntN(64, value) ? value : undefined;
}

/** The selector as Kubernetes writes it: `a=b,c in (d,e),!f`. Empty for both everything and nothing. */
export function formatSelector(selector: Selector): string {
  return selector.requirements.map(formatRequirement).join(',');
}

function formatRequirement({ key, operator, values }: Requirement): string {
  const list = values.toSorted().join(',');
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${list})`;
    case 'gt':
      return `${key}>${list}`;
    case 'lt':
      return `${key}<${list}`;
    case '=':
    case '==':
    case '!=':
      return `${key}${operator}${list}`;
  }
}

function byKey(a: Requirement, b: Requirement): number {
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

export function selectorOfRequirements(requirements: readonly Requirement[]): Selector {
  return { requirements: requirements.toSorted(byKey) };
}

/** Every label of the map must be there with its value; the map is taken as valid. */
export function selectorOfLabels(labels: Labels | undefined): Selector {
  return selectorOfRequirements(Object.entries(labels ?? {}).map(([key, value]) => ({ key, operator: '=', values: [value] })));
}

const objectOperators: Readonly<Record<string, Operator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' };

/** The selector of a `LabelSelector` object: none matches nothing, an empty one everything. */
export function selectorOf(object: V1LabelSelector | undefined): Result<Selector> {
  if (object === undefined) return ok(nothing);
  const requirements: Requirement[] = [];
  for (const [key, value] of Object.entries(object.matchLabels ?? {})) {
    const one = requirement(key, '=', [value]);
    if (!one.ok) return one;
    requirements.push(one.value);
  }
  for (const expression of object.matchExpressions ?? []) {
    const operator = Object.hasOwn(objectOperators, expression.operator) ? objectOperators[expression.operator] : undefined;
    if (operator === undefined) return failed(`${quote(expression.operator)} is not a valid label selector operator`);
    const one = requirement(expression.key, operator, expression.values ?? []);
    if (!one.ok) return one;
    requirements.push(one.value);
  }
  return ok(selectorOfRequirements(requirements));
}

/** The selector of a `LabelSelector` object that was validated before; an invalid one matches nothing. */
export function validSelectorOf(object: V1LabelSelector | undefined): Selector {
  const selector = selectorOf(object);
  return selector.ok ? selector.value : nothing;
}
