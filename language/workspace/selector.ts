/** Reads the selectors of manifests, half-typed ones too, and says in words what they mean. What they match is `cluster-host/api`'s. */
import { isObject } from '../../cluster-host/api/values.ts';
import { selectorOfRequirements } from '../../cluster-host/api/selectors/label-selector.ts';
import type { Operator, Requirement, Selector } from '../../cluster-host/api/selectors/label-selector.ts';
import { textOf } from '../syntax/scalars.ts';


const operators: Readonly<Record<string, Operator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!', Gt: 'gt', Lt: 'lt' };

/** From `{app: web}`. Undefined when it is no map. */
export function readLabelMap(value: unknown): Selector | undefined {
  return isObject(value) ? selectorOfRequirements(requirementsOfLabels(value)) : undefined;
}

/** From `{matchLabels, matchExpressions}`; expressions that are not complete yet are left out. Undefined when it is no map. */
export function readLabelSelector(value: unknown): Selector | undefined {
  if (!isObject(value)) return undefined;
  const { matchLabels, matchExpressions } = value;
  return selectorOfRequirements([...(isObject(matchLabels) ? requirementsOfLabels(matchLabels) : []), ...(Array.isArray(matchExpressions) ? matchExpressions.flatMap(requirementOfExpression) : [])]);
}

function requirementsOfLabels(labels: Readonly<Record<string, unknown>>): Requirement[] {
  return Object.entries(labels).map(([key, value]) => ({ key, operator: '=', values: [textOf(value)] }));
}

function requirementOfExpression(expression: unknown): Requirement[] {
  if (!isObject(expression)) return [];
  const { key, operator, values } = expression;
  const known = typeof operator === 'string' && Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  return typeof key === 'string' && known !== undefined ? [{ key, operator: known, values: Array.isArray(values) ? values.map(textOf) : [] }] : [];
}

/** As Markdown: "label `app` is `web` and label `tier` is `a` or `b`". */
export function selectorWords({ requirements }: Selector): string {
  return requirements.map(requirementWords).join(' and ');
}

function requirementWords({ key, operator, values }: Requirement): string {
  const label = `label \`${key}\``;
  const either = values.map((value) => `\`${value}\``).join(' or ');
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return values.length === 0 ? `${label} is one of no values (which never holds)` : `${label} is ${either}`;
    case '!=':
    case 'notin':
      return `${label} is missing or not ${either}`;
    case 'exists':
      return `${label} is set`;
    case '!':
      return `${label} is not set`;
    case 'gt':
      return `${label} is a number greater than ${either}`;
    case 'lt':
      return `${label} is a number less than ${either}`;
  }
}
