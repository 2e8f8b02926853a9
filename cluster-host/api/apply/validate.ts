/** What a schema has against an applied configuration, which is no decoded object yet. */
import type { ListType, ScalarType, Type } from '../catalogue/schema.ts';
import { isObject, type JsonObject } from '../values.ts';
import { goSyntax, goText, goType } from '../go-values.ts';
import { pathText, stepText } from './path-text.ts';
import { itemStep } from './steps.ts';

/** Every problem as `.spec.replicas: expected numeric (int or float), got string`. */
export function validateTyped(value: unknown, type: Type): readonly string[] {
  const problems: string[] = [];
  check(value, type, [], problems);
  return problems;
}

function check(value: unknown, type: Type, path: readonly string[], problems: string[]): void {
  if (value === null || value === undefined) return;
  const report = (message: string, at: readonly string[] = path) => problems.push(at.length === 0 ? message : `${pathText(at)}: ${message}`);
  switch (type.kind) {
    case 'scalar': {
      const message = scalarProblem(value, type);
      if (message !== undefined) report(message);
      return;
    }
    case 'list':
      if (Array.isArray(value)) checkItems(value, type, path, problems);
      else report(`expected list, got ${shown(value)}`);
      return;
    case 'map':
    case 'struct':
      if (isObject(value)) checkFields(value, type, path, problems);
      else report(`expected map, got ${shown(value)}`);
  }
}

function checkFields(object: JsonObject, type: Type, path: readonly string[], problems: string[]): void {
  for (const [name, value] of Object.entries(object)) {
    const at = [...path, `f:${name}`];
    if (type.kind === 'map') check(value, type.value, at, problems);
    else if (type.kind === 'struct') {
      const field = type.fields.get(name);
      if (field === undefined) {
        // The first of an object is all that is told.
        problems.push(`${pathText(at)}: field not declared in schema`);
        return;
      }
      check(value, field.type, at, problems);
    }
  }
}

function checkItems(list: readonly unknown[], type: ListType, path: readonly string[], problems: string[]): void {
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    let step = `i:${index}`;
    if (type.merge !== 'atomic') {
      const found = itemStep(type, item);
      if (!found.ok) {
        problems.push(`${pathText(path)}: element ${index}: ${found.error}`);
        return;
      }
      step = found.value;
      if (seen.has(step)) problems.push(`${pathText(path)}: duplicate entries for key ${stepText(step)}`);
      seen.add(step);
    }
    check(item, type.item, [...path, step], problems);
  }
}

function scalarProblem(value: unknown, { scalar }: ScalarType): string | undefined {
  switch (scalar) {
    case 'int32':
    case 'int64':
    case 'float64':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'bool':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${shown(value)}`;
    case 'string':
    case 'bytes':
      return typeof value === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'quantity':
    case 'intOrString':
    case 'time':
    case 'microTime':
      return typeof value === 'object' ? `expected any scalar, got ${shown(value)}` : undefined;
    case 'any':
    case 'object':
      return undefined;
  }
}

/** The library prints what it wraps values in. */
function shown(value: unknown): string {
  return `&{${goText(value)}}`;
}
