/** Rules of a schema in CEL (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules). */
import type { FieldError } from '../field-error.ts';
import { duplicate, forbidden, required } from '../field-errors.ts';
import type { V1JSONSchemaProps, V1ValidationRule } from '../generated/types.ts';
import { goJson, quote } from '../text.ts';
import type { Errors } from '../validation/errors.ts';
import { equal, isObject } from '../values.ts';
import { celValue } from './cel-values.ts';
import { compileCel, optionalOf } from './cel.ts';
import { fieldSchema, isEmbedded, itemsOf, propertyOf } from './schema.ts';
import { wholeValue } from './values.ts';

/** `old` is undefined for a new object. What has not changed is not asked again, but by rules about changes. */
export function* validateRules(value: unknown, old: unknown, schema: V1JSONSchemaProps, field = ''): Errors {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length > 0) yield* validateHere(value, old, schema, rules, field);
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items === undefined) return;
    for (const [index, item] of value.entries()) yield* validateRules(item, oldItem(old, item, schema), items, `${field}[${index}]`);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      const inner = fieldSchema(schema, name);
      if (inner === undefined) continue;
      const below = propertyOf(schema, name) === undefined ? `${field}[${name}]` : field === '' ? name : `${field}.${name}`;
      yield* validateRules(item, isObject(old) ? old[name] : undefined, inner, below);
    }
  }
}

/** The item's state before: only lists whose items have keys can tell which one it was. */
function oldItem(old: unknown, item: unknown, schema: V1JSONSchemaProps): unknown {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old) || !isObject(item)) return undefined;
  return old.find((other: unknown) => isObject(other) && keys.every((key) => equal(other[key], item[key])));
}

function* validateHere(value: unknown, old: unknown, schema: V1JSONSchemaProps, rules: readonly V1ValidationRule[], field: string): Errors {
  const unchanged = old !== undefined && equal(value, old);
  const isWhole = field === '' || isEmbedded(schema);
  const self = celValue(value, schema, isWhole);
  const oldSelf = old === undefined ? undefined : celValue(old, schema, isWhole);
  for (const rule of rules) {
    const expression = compileCel(rule.rule, rule.optionalOldSelf === true);
    // Rules that do not compile are refused with their definition.
    const optional = rule.optionalOldSelf === true;
    if (!expression.ok || (expression.value.usesOld ? old === undefined && !optional : unchanged)) continue;
    const before = optional ? optionalOf(oldSelf) : oldSelf;
    const outcome = expression.value.evaluate(self, before);
    if (!outcome.ok) yield invalidRule(field, value, `${outcome.error} evaluating rule: ${messageOf(rule)}`);
    else if (outcome.value !== true) yield broken(rule, field, value, self, before);
  }
}

function messageOf({ rule, message }: V1ValidationRule): string {
  return message?.trim() || `failed rule: ${rule.trim()}`;
}

function broken(rule: V1ValidationRule, field: string, value: unknown, self: unknown, oldSelf: unknown): FieldError {
  const at = (rule.fieldPath ?? '') === '' ? field : `${field}${rule.fieldPath}`.replace(/^\./, '');
  const detail = ownMessage(rule, self, oldSelf) ?? messageOf(rule);
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return forbidden(pathOf(at), detail);
    case 'FieldValueRequired':
      return required(pathOf(at), detail);
    case 'FieldValueDuplicate':
      return duplicate(pathOf(at), value);
    default:
      return invalidRule(at, value, detail);
  }
}

function pathOf(field: string): string {
  return field === '' ? wholeValue : field;
}

/** Of objects and lists only what is wrong is told, not the value. */
function invalidRule(field: string, value: unknown, detail: string): FieldError {
  const shown = typeof value === 'object' && value !== null ? '' : `${typeof value === 'string' ? quote(value) : goJson(value)}: `;
  return { type: 'FieldValueInvalid', field: pathOf(field), message: `Invalid value: ${shown}${detail}` };
}

const longestMessage = 5120;

/** What `messageExpression` says, where it says something usable. */
function ownMessage({ messageExpression, optionalOldSelf }: V1ValidationRule, self: unknown, oldSelf: unknown): string | undefined {
  const expression = messageExpression ? compileCel(messageExpression, optionalOldSelf === true) : undefined;
  const outcome = expression?.ok === true ? expression.value.evaluate(self, oldSelf) : undefined;
  if (outcome?.ok !== true || typeof outcome.value !== 'string') return undefined;
  const text = outcome.value.trim();
  return text === '' || text.includes('\n') || text.length > longestMessage ? undefined : text;
}
