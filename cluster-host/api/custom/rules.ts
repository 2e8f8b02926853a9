/** Rules of a schema in CEL (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules). */
import { objectBudget, perCallLimit, type Expression } from '../cel/environment.ts';
import { CelOptional } from '../cel/values.ts';
import type { FieldError } from '../field-error.ts';
import { duplicate, forbidden, required } from '../field-errors.ts';
import type { V1JSONSchemaProps, V1ValidationRule } from '../generated/types.ts';
import { byteLength, goJson, quote } from '../text.ts';
import type { Errors } from '../validation/errors.ts';
import { equal, isObject, type JsonObject } from '../values.ts';
import { celValue } from './cel-values.ts';
import { compiledRules, type CompiledRule } from './compiled-rules.ts';
import { declaredType, escapedName, type DeclaredType } from './declared-types.ts';
import { additionalOf, isEmbedded, itemsOf, propertyOf } from './schema.ts';
import { wholeValue } from './values.ts';

/** `old` is undefined for a new object. What has not changed is not asked again, but by rules about changes. */
export function* validateRules(value: unknown, old: unknown, schema: V1JSONSchemaProps): Errors {
  if (!JSON.stringify(schema).includes('"x-kubernetes-validations":')) return;
  const type = typeOfRoot(schema);
  if (type !== undefined) yield* new Validation().walk({ value, old, schema, type, field: '', isUnchanged: old !== undefined && equal(value, old) });
}

const rootTypes = new WeakMap<V1JSONSchemaProps, DeclaredType>();

function typeOfRoot(schema: V1JSONSchemaProps): DeclaredType | undefined {
  let type = rootTypes.get(schema);
  if (type === undefined) {
    type = declaredType(schema, true);
    if (type !== undefined) rootTypes.set(schema, type);
  }
  return type;
}

/** A part of the object, with what it was before. */
interface Part {
  readonly value: unknown;
  readonly old: unknown;
  readonly schema: V1JSONSchemaProps;
  readonly type: DeclaredType;
  readonly field: string;
  /** It, or the nearest part around it that can be told from before, is as it was. */
  readonly isUnchanged: boolean;
}

const outOfBudget = 'validation failed due to running out of cost budget, no further validation rules will be run';

/** One object's rules, on one budget. */
class Validation {
  #budget = objectBudget;

  *walk(part: Part): Errors {
    const { value } = part;
    if (value === null || value === undefined || this.#budget < 0) return;
    yield* this.#here(part);
    if (this.#budget < 0) return;
    if (Array.isArray(value)) yield* this.#items(value, part);
    else if (isObject(value)) yield* this.#fields(value, part);
  }

  *#items(values: readonly unknown[], { old, schema, type, field, isUnchanged }: Part): Errors {
    const items = itemsOf(schema);
    if (items === undefined || type.element === undefined) return;
    const isMap = schema['x-kubernetes-list-type'] === 'map';
    for (const [index, value] of values.entries()) {
      const before = oldItem(old, value, schema);
      yield* this.walk({ value, old: before, schema: items, type: type.element, field: `${field}[${index}]`, isUnchanged: isMap && before !== undefined ? equal(value, before) : isUnchanged });
    }
  }

  *#fields(object: JsonObject, { old, schema, type, field }: Part): Errors {
    const additional = additionalOf(schema);
    for (const [name, value] of Object.entries(object)) {
      const before = isObject(old) ? old[name] : undefined;
      const isUnchanged = before !== undefined && equal(value, before);
      const property = propertyOf(schema, name);
      const inner = property ?? additional;
      const innerType = property === undefined ? type.element : fieldType(type, name, property);
      if (inner === undefined || innerType === undefined) continue;
      const below = property === undefined ? `${field}[${name}]` : field === '' ? name : `${field}.${name}`;
      yield* this.walk({ value, old: before, schema: inner, type: innerType, field: below, isUnchanged });
    }
  }

  *#here(part: Part): Errors {
    const { value, old, schema, type, field } = part;
    const rules = compiledRules(schema, type);
    if (rules.length === 0) return;
    const seen = schemaSeen(part);
    const self = celValue(value, seen, type);
    const oldSelf = old === undefined || old === null ? undefined : celValue(old, seen, type);
    const plain = new Map([['self', self], ['oldSelf', oldSelf]]);
    const optional = new Map([['self', self], ['oldSelf', new CelOptional(oldSelf)]]);
    for (const compiled of rules) {
      const isOptional = compiled.rule.optionalOldSelf === true;
      if (compiled.usesOld ? oldSelf === undefined && !isOptional : part.isUnchanged) continue;
      if (this.#budget === 0) {
        this.#budget = -1;
        yield invalidRule(field, schema, outOfBudget);
        return;
      }
      yield* this.#rule(compiled, part, isOptional ? optional : plain);
      if (this.#budget < 0) return;
    }
  }

  *#rule({ rule, expression, message }: CompiledRule, { value, schema, field }: Part, variables: ReadonlyMap<string, unknown>): Errors {
    const { result, cost } = expression.evaluate(variables, perCallLimit);
    if (cost > this.#budget) {
      this.#budget = -1;
      yield invalidRule(field, schema, outOfBudget);
      return;
    }
    this.#budget -= cost;
    if (!result.ok) {
      if (result.isTooExpensive) this.#budget = -1;
      yield invalidRule(field, schema, failureOf(result.error, result.isTooExpensive, rule));
    } else if (result.value !== true) {
      const own = message === undefined ? undefined : this.#message(message, rule, variables);
      yield own?.problem === undefined ? broken(rule, field, value, own?.text ?? messageOf(rule)) : invalidRule(field, schema, own.problem);
    }
  }

  /** What `messageExpression` says, where it says something usable. A problem ends the validation. */
  #message(expression: Expression, { messageExpression = '' }: V1ValidationRule, variables: ReadonlyMap<string, unknown>): { text?: string; problem?: string } {
    const { result, cost } = expression.evaluate(variables, perCallLimit);
    if (cost > this.#budget) {
      this.#budget = -1;
      return { problem: 'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run' };
    }
    if (!result.ok && result.isTooExpensive) {
      this.#budget = -1;
      return { problem: `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${quote(messageExpression)}` };
    }
    this.#budget -= cost;
    if (!result.ok || typeof result.value !== 'string') return {};
    const text = result.value.trim();
    return text === '' || text.includes('\n') || byteLength(text) > longestMessage ? {} : { text };
  }
}

const longestMessage = 5120;

/** A field whose name no expression can spell has rules of its own nevertheless. */
function fieldType({ fields }: DeclaredType, name: string, property: V1JSONSchemaProps): DeclaredType | undefined {
  const spelled = escapedName(name);
  return spelled === undefined ? declaredType(property, isEmbedded(property)) : fields?.get(spelled)?.type;
}

/** Whole objects have their names, whether their schema tells of them or not. */
function schemaSeen({ schema, type }: Part): V1JSONSchemaProps {
  const missing = Array.from(type.fields?.values() ?? []).filter(({ name }) => propertyOf(schema, name) === undefined);
  if (missing.length === 0) return schema;
  return { ...schema, properties: { ...schema.properties, ...Object.fromEntries(missing.map(({ name }) => [name, name === 'metadata' ? metadata : text])) } };
}

const text: V1JSONSchemaProps = { type: 'string' };
const metadata: V1JSONSchemaProps = { type: 'object', properties: { name: text, generateName: text } };

/** The item's state before: only lists whose items have keys can tell which one it was. */
function oldItem(old: unknown, item: unknown, schema: V1JSONSchemaProps): unknown {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old) || !isObject(item)) return undefined;
  return old.find((other: unknown) => isObject(other) && keys.every((key) => equal(other[key], item[key])));
}

function failureOf(error: string, isTooExpensive: boolean, rule: V1ValidationRule): string {
  if (isTooExpensive) return `'${error}': no further validation rules will be run due to call cost exceeds limit for rule: ${nameOf(rule)}`;
  if (error.startsWith('no such overload')) return `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${nameOf(rule)}`;
  return `${error} evaluating rule: ${nameOf(rule)}`;
}

function nameOf({ rule, message }: V1ValidationRule): string {
  return message ? message.trim() : rule.trim();
}

function messageOf(rule: V1ValidationRule): string {
  return rule.message ? rule.message.trim() : `failed rule: ${nameOf(rule)}`;
}

function broken({ fieldPath = '', reason }: V1ValidationRule, field: string, value: unknown, detail: string): FieldError {
  const at = fieldPath === '' ? field : `${field}${fieldPath.replaceAll(/\['((?:[^'\\]|\\.)*)'\]/g, '.$1')}`.replace(/^\./, '');
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(pathOf(at), detail);
    case 'FieldValueRequired':
      return required(pathOf(at), detail);
    case 'FieldValueDuplicate':
      return typeof value === 'object' ? { type: 'FieldValueDuplicate', field: pathOf(at), message: 'Duplicate value' } : duplicate(pathOf(at), value);
    default:
      return { type: 'FieldValueInvalid', field: pathOf(at), message: `Invalid value: ${shown(value)}${detail}` };
  }
}

function pathOf(field: string): string {
  return field === '' ? wholeValue : field;
}

/** Of objects and lists only what is wrong is told, not the value. */
function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? '' : `${typeof value === 'string' ? quote(value) : goJson(value)}: `;
}

/** The rule could not be asked: the type stands for the value. */
function invalidRule(field: string, { type = '' }: V1JSONSchemaProps, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field: pathOf(field), message: `Invalid value: ${quote(type)}: ${detail}` };
}
