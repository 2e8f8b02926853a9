/**
 * Schemas of custom resources: structural ones only
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema).
 */
import { compilePattern } from '../patterns.ts';
import { headFields } from '../custom/prune.ts';
import { additionalOf, fieldSchema, isIntOrString, itemsOf, propertiesOf } from '../custom/schema.ts';
import { forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import type { Errors } from './errors.ts';
import { validateRuleExpressions } from './custom-resource-rules.ts';
import { defaultProblems } from './schema-default.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const unsupported = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const;
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

type Level = 'root' | 'item' | 'field';
const missingType: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

export function* validateSchema(schema: V1JSONSchemaProps, field: string): Errors {
  if (schema.nullable === true) yield forbidden(`${field}.nullable`, 'nullable cannot be true at the root');
  const structural = [...validateStructure(schema, 'root', field)];
  yield* structural;
  if (structural.length === 0) yield* validateDefaults(schema, field, '', true);
  const problems = [...validateNode(schema, field)];
  yield* problems;
  if (structural.length === 0 && problems.length === 0) yield* validateRuleExpressions(schema, field);
}

/** Each field has a type, and logic around it adds nothing but constraints. */
function* validateStructure(schema: V1JSONSchemaProps, level: Level, field: string): Errors {
  const items = itemsOf(schema);
  const type = schema.type ?? '';
  if (type === 'array' && !items) yield required(`${field}.items`, 'must be specified');
  if (items) yield* validateStructure(items, 'item', `${field}.items`);
  for (const [name, property] of propertiesOf(schema)) yield* validateStructure(property, 'field', `${field}.properties[${name}]`);
  const additional = additionalOf(schema);
  if (schema.additionalProperties !== undefined && level === 'root') yield forbidden(`${field}.additionalProperties`, 'must not be used at the root');
  if (additional) yield* validateStructure(additional, 'field', `${field}.additionalProperties`);
  yield* validateExtensions(schema, field);
  yield* validateLogic(schema, field, isIntOrString(schema));
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  if (embedded && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    yield type === '' ? required(`${field}.type`, detail) : invalid(`${field}.type`, type, detail);
  } else if (type === '' && !isIntOrString(schema) && schema['x-kubernetes-preserve-unknown-fields'] !== true) {
    yield required(`${field}.type`, missingType[level]);
  }
  if (level === 'root' && type !== '' && type !== 'object') yield invalid(`${field}.type`, type, 'must be object at the root');
  if (level === 'root' || embedded) yield* validateMetaProperties(schema, level, field);
  if (embedded && schema['x-kubernetes-preserve-unknown-fields'] !== true && propertiesOf(schema).length === 0) {
    yield required(`${field}.properties`, 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields');
  }
}

function* validateExtensions(schema: V1JSONSchemaProps, field: string): Errors {
  if (!isIntOrString(schema)) return;
  for (const name of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const) {
    if (schema[name] === true) yield invalid(`${field}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true');
  }
}

function* validateMetaProperties(schema: V1JSONSchemaProps, level: Level, field: string): Errors {
  const { kind, apiVersion, metadata } = schema.properties ?? {};
  for (const [name, property] of Object.entries({ kind, apiVersion })) {
    if (property && property.type !== 'string') yield invalid(`${field}.properties[${name}].type`, property.type ?? '', 'must be string');
  }
  if (!metadata) return;
  const at = `${field}.properties[metadata]`;
  if (metadata.type !== 'object') yield invalid(`${at}.type`, metadata.type ?? '', 'must be object');
  if (level !== 'root') return;
  const { type: _, properties = {}, description: __, ...rest } = metadata;
  const onlyNames = Object.keys(properties).every((name) => name === 'name' || name === 'generateName');
  if (!onlyNames || Object.keys(rest).length > 0) yield forbidden(at, 'must not specify anything other than name and generateName, but metadata is implicitly specified');
}

const notInLogic: readonly (keyof V1JSONSchemaProps)[] = [
  'additionalProperties',
  'type',
  'title',
  'description',
  'default',
  'nullable',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
];

function* validateLogic(schema: V1JSONSchemaProps, field: string, intOrString: boolean): Errors {
  for (const list of ['anyOf', 'allOf', 'oneOf'] as const) {
    for (const [index, nested] of (schema[list] ?? []).entries()) {
      // An integer or a string may say so in the usual way.
      const plainType = intOrString && list === 'anyOf' && Object.keys(nested).length === 1 && (nested.type === 'integer' || nested.type === 'string');
      if (!plainType) yield* validateNested(nested, `${field}.${list}[${index}]`, intOrString && list === 'allOf' && index === 0);
    }
  }
  if (schema.not) yield* validateNested(schema.not, `${field}.not`, false);
  const problem = patternProblem(schema.pattern);
  if (problem !== undefined) yield invalid(`${field}.pattern`, schema.pattern, `must be a valid regular expression, but isn't: ${problem}`);
}

function patternProblem(pattern: string | undefined): string | undefined {
  const compiled = pattern ? compilePattern(pattern) : undefined;
  return compiled?.ok === false ? `error parsing regexp: ${compiled.error}` : undefined;
}

function* validateNested(schema: V1JSONSchemaProps, field: string, intOrString: boolean): Errors {
  yield* validateLogic(schema, field, intOrString);
  const items = itemsOf(schema);
  if (items) yield* validateNested(items, `${field}.items`, false);
  for (const [name, property] of propertiesOf(schema)) yield* validateNested(property, `${field}.properties[${name}]`, false);
  for (const name of notInLogic) {
    const value: unknown = schema[name];
    const unset = value === undefined || value === '' || value === false;
    if (!unset) yield forbidden(`${field}.${name}`, name === 'type' ? 'must be empty to be structural' : 'must be undefined to be structural');
  }
}

/** Defaults have to be values that the schema takes. */
function* validateDefaults(schema: V1JSONSchemaProps, field: string, forbiddenIn = '', isRoot = false): Errors {
  if (schema.default !== undefined && forbiddenIn !== '') yield forbidden(`${field}.default`, `must not be set ${forbiddenIn}`);
  else if (schema.default !== undefined) yield* defaultProblems(schema.default, schema, `${field}.default`);
  const items = itemsOf(schema);
  if (items) yield* validateDefaults(items, `${field}.items`, forbiddenIn);
  for (const [name, property] of propertiesOf(schema)) yield* validateDefaults(property, `${field}.properties[${name}]`, isRoot && headFields.has(name) ? `in top-level ${name}` : forbiddenIn);
  const additional = additionalOf(schema);
  if (additional) yield* validateDefaults(additional, `${field}.additionalProperties`, forbiddenIn);
}

/** What holds for a schema wherever it stands. */
function* validateNode(schema: V1JSONSchemaProps, field: string): Errors {
  if (schema.type && !types.includes(schema.type)) yield notSupported(`${field}.type`, schema.type, types);
  for (const name of unsupported) if (schema[name] !== undefined) yield forbidden(`${field}.${name}`, `${name} is not supported`);
  if (schema.type === 'null') yield forbidden(`${field}.type`, 'type cannot be set to null, use nullable as an alternative');
  if (Array.isArray(schema.items)) yield forbidden(`${field}.items`, 'items must be a schema object and not an array');
  if (schema.uniqueItems === true) yield forbidden(`${field}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  const additional = additionalOf(schema);
  if (propertiesOf(schema).length > 0 && (additional || schema.additionalProperties === false)) {
    yield forbidden(`${field}.additionalProperties`, 'additionalProperties and properties are mutual exclusive');
  }
  if (additional) yield* validateNode(additional, `${field}.additionalProperties`);
  for (const [name, property] of propertiesOf(schema)) yield* validateNode(property, `${field}.properties[${name}]`);
  for (const list of ['allOf', 'oneOf', 'anyOf'] as const) for (const [index, nested] of (schema[list] ?? []).entries()) yield* validateNode(nested, `${field}.${list}[${index}]`);
  if (schema.not) yield* validateNode(schema.not, `${field}.not`);
  const items = itemsOf(schema);
  if (items) yield* validateNode(items, `${field}.items`);
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) yield invalid(`${field}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined');
  yield* validateMapType(schema, field);
  yield* validateListType(schema, items, field);
  yield* validateRules(schema, field);
}

function* validateMapType(schema: V1JSONSchemaProps, field: string): Errors {
  const mapType = schema['x-kubernetes-map-type'];
  if (mapType === undefined) return;
  yield* typeForced(schema, 'object', 'x-kubernetes-map-type', field);
  if (mapType !== 'atomic' && mapType !== 'granular') yield notSupported(`${field}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']);
}

function* typeForced(schema: V1JSONSchemaProps, type: string, by: string, field: string): Errors {
  const detail = `must be ${type} if ${by} is specified`;
  if (!schema.type) yield required(`${field}.type`, detail);
  else if (schema.type !== type) yield invalid(`${field}.type`, schema.type, detail);
}

function* validateListType(schema: V1JSONSchemaProps, items: V1JSONSchemaProps | undefined, field: string): Errors {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const at = `${field}.x-kubernetes-list-type`;
  if (listType !== undefined) {
    yield* typeForced(schema, 'array', 'x-kubernetes-list-type', field);
    if (listType === 'set' && schema.type === 'array' && items) yield* validateSetItems(items, `${field}.items`);
    if (!['atomic', 'set', 'map'].includes(listType)) yield notSupported(at, listType, ['atomic', 'set', 'map']);
  }
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
    yield listType === undefined ? required(at, detail) : invalid(at, listType, detail);
  }
  if (listType === 'map') yield* validateMapItems(schema, keys, field);
  if ((listType === 'map' || listType === 'set') && items?.nullable === true) yield forbidden(`${field}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`);
  if (listType === 'map' && items) yield* validateMapKeys(items, keys, field);
}

function* validateSetItems(items: V1JSONSchemaProps, field: string): Errors {
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const { 'x-kubernetes-list-type': listType, 'x-kubernetes-map-type': mapType } = items;
  if (items.type === 'array' && listType !== undefined && listType !== 'atomic') yield invalid(`${field}.x-kubernetes-list-type`, listType, detail);
  if (items.type === 'object' && mapType !== 'atomic') yield invalid(`${field}.x-kubernetes-map-type`, listType ?? null, detail);
}

function propertyOf({ properties = {} }: V1JSONSchemaProps, name: string): V1JSONSchemaProps | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function* validateMapItems(schema: V1JSONSchemaProps, keys: readonly string[], field: string): Errors {
  const items = itemsOf(schema);
  const unknownItems: unknown = schema.items ?? undefined;
  const at = `${field}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) yield required(at, 'must not be empty if x-kubernetes-list-type is map');
  if (!items && unknownItems !== undefined) yield invalid(`${field}.items`, unknownItems, 'must only have a single schema if x-kubernetes-list-type is map');
  else if (!items) yield required(`${field}.items`, 'must have a schema if x-kubernetes-list-type is map');
  else if (items.type !== 'object') yield invalid(`${field}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map");
  else {
    for (const [index, key] of keys.entries()) {
      const property = propertyOf(items, key);
      if (!property) yield invalid(at, keys, 'entries must all be names of item properties');
      else if (property.type === 'array' || property.type === 'object') {
        yield invalid(`${field}.items.properties[${key}].type`, items.type, "must be a scalar type if parent array's x-kubernetes-list-type is map");
      }
      if (keys.indexOf(key) < index) yield invalid(at, keys, 'must not contain duplicate entries');
    }
  }
}

function* validateMapKeys(items: V1JSONSchemaProps, keys: readonly string[], field: string): Errors {
  for (const key of keys) {
    const property = propertyOf(items, key);
    if (!property) continue;
    const at = `${field}.items.properties[${key}]`;
    if (!items.required?.includes(key) && property.default === undefined) {
      yield required(`${at}.default`, 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property');
    }
    if (property.nullable === true) yield forbidden(`${at}.nullable`, 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable');
  }
}

function* validateRules(schema: V1JSONSchemaProps, field: string): Errors {
  for (const [index, { rule, message = '', messageExpression = '', reason, fieldPath = '' }] of (schema['x-kubernetes-validations'] ?? []).entries()) {
    const at = `${field}.x-kubernetes-validations[${index}]`;
    const hasNewline = (text: string): boolean => /[\n\r]/.test(text);
    if (!rule?.trim()) yield required(`${at}.rule`, 'rule is not specified');
    else if (message !== '' && message.trim() === '') yield invalid(`${at}.message`, message, 'must be non-empty if specified');
    else if (hasNewline(message.trim())) yield invalid(`${at}.message`, message, 'must not contain line breaks');
    else if (hasNewline(rule.trim()) && message.trim() === '') yield required(`${at}.message`, 'message must be specified if rule contains line breaks');
    if (messageExpression !== '' && messageExpression.trim() === '') yield required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified');
    if (reason !== undefined && !reasons.includes(reason)) yield notSupported(`${at}.reason`, reason, reasons);
    if (fieldPath !== '' && fieldPath.trim() === '') yield invalid(`${at}.fieldPath`, fieldPath, 'must be non-empty if specified');
    if (fieldPath !== '' && !isPathOf(schema, fieldPath)) yield invalid(`${at}.fieldPath`, fieldPath, 'must be a valid path');
    if (hasNewline(fieldPath)) yield invalid(`${at}.fieldPath`, fieldPath, 'must not contain line breaks');
  }
}

/** Whether a path (`.spec['a-b'].c`) leads to a field of the schema. */
function isPathOf(schema: V1JSONSchemaProps, path: string): boolean {
  let at: V1JSONSchemaProps | undefined = schema;
  for (const [, plain, quoted] of path.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/g)) at = at === undefined ? undefined : fieldSchema(at, plain ?? quoted?.replaceAll("\\'", "'") ?? '');
  return at !== undefined && /^(?:\.[^.[\]]+|\['(?:[^'\\]|\\.)*'\])+$/.test(path);
}
