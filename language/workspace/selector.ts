/** Label selectors in all the forms that manifests have, as one list of requirements (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/). */

export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** All requirements hold. None: everything is selected. */
export type Selector = readonly Requirement[];

export type Labels = Readonly<Record<string, string>>;

const operators: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']);

/** From `{app: web}`. Undefined when it is no map. */
export function selectorOfMap(value: unknown): Selector | undefined {
  if (!isMap(value)) return undefined;
  return Object.entries(value).map(([key, label]) => ({ key, operator: 'In', values: [String(label)] }));
}

/** From `{matchLabels, matchExpressions}`; expressions that are not complete yet are left out. Undefined when it is no map. */
export function selectorOfLabelSelector(value: unknown): Selector | undefined {
  if (!isMap(value)) return undefined;
  const expressions = Array.isArray(value['matchExpressions']) ? value['matchExpressions'] : [];
  return [...(selectorOfMap(value['matchLabels']) ?? []), ...expressions.flatMap(requirementOf)];
}

function requirementOf(expression: unknown): Requirement[] {
  if (!isMap(expression)) return [];
  const { key, operator, values } = expression;
  if (typeof key !== 'string' || typeof operator !== 'string' || !operators.has(operator)) return [];
  return [{ key, operator: operator as Operator, values: Array.isArray(values) ? values.map(String) : [] }];
}

export function matches(selector: Selector, labels: Labels): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      case 'Gt':
        return value !== undefined && Number(value) > Number(values[0]);
      case 'Lt':
        return value !== undefined && Number(value) < Number(values[0]);
    }
  });
}

/** As `kubectl get -l` takes it. */
export function selectorText(selector: Selector): string {
  return selector
    .map(({ key, operator, values }) => {
      switch (operator) {
        case 'In':
          return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`;
        case 'NotIn':
          return values.length === 1 ? `${key}!=${values[0]}` : `${key} notin (${values.join(',')})`;
        case 'Exists':
          return key;
        case 'DoesNotExist':
          return `!${key}`;
        case 'Gt':
          return `${key}>${values[0]}`;
        case 'Lt':
          return `${key}<${values[0]}`;
      }
    })
    .join(',');
}

/** In words, as Markdown: "label `app` is `web` and label `tier` is `a` or `b`". */
export function selectorWords(selector: Selector): string {
  return selector.map(requirementWords).join(' and ');
}

function requirementWords({ key, operator, values }: Requirement): string {
  const label = `label \`${key}\``;
  const either = values.map((value) => `\`${value}\``).join(' or ');
  switch (operator) {
    case 'In':
      return `${label} is ${either || 'one of no values (which is never so)'}`;
    case 'NotIn':
      return `${label} is missing or not ${either}`;
    case 'Exists':
      return `${label} is set to anything`;
    case 'DoesNotExist':
      return `${label} is not set`;
    case 'Gt':
      return `${label} is a number greater than ${either}`;
    case 'Lt':
      return `${label} is a number less than ${either}`;
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
