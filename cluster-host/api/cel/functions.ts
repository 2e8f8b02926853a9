/** Functions that expressions may call, as rows: signature, what it does, what it costs. */
import { fixed, type CostModel } from './cost.ts';
import {
  boolType, bytesType, doubleType, durationType, dynType, intType, listOf, mapOf, nullType, opaqueType, optionalOf, parameterType, stringType, structType, timestampType, typeOf, uintType, type CelType,
} from './types.ts';

export interface Overload {
  readonly isMember: boolean;
  /** Of a member function, the target is the first. */
  readonly parameters: readonly CelType[];
  readonly result: CelType;
  call(...args: any[]): unknown;
  readonly cost: CostModel;
}

/**
 * `string.find(string): string` is a member function of strings, `size(list<A>): int` a plain one; `A` and `B` stand for any
 * type. Without a cost, a call costs 1.
 */
export type FunctionRow = readonly [signature: string, call: (...args: any[]) => unknown, cost?: CostModel];

/** Overloads by the name of the function, in the order of the rows. */
export type Functions = ReadonlyMap<string, readonly Overload[]>;

export function functionsOf(libraries: readonly (readonly FunctionRow[])[]): Functions {
  const functions = new Map<string, Overload[]>();
  for (const [signature, call, cost = fixed(1)] of libraries.flat()) {
    const { name, ...types } = parseSignature(signature);
    const overloads = functions.get(name) ?? [];
    functions.set(name, overloads);
    overloads.push({ ...types, call, cost });
  }
  return functions;
}

const names: Readonly<Record<string, CelType>> = {
  bool: boolType, bytes: bytesType, double: doubleType, duration: durationType, dyn: dynType, int: intType, null: nullType, string: stringType, timestamp: timestampType, uint: uintType,
  A: parameterType('A'), B: parameterType('B'),
};
const kubernetesTypes: readonly CelType[] = [
  structType('kubernetes.URL'), opaqueType('net.IP'), opaqueType('net.CIDR'), structType('kubernetes.Quantity'), structType('kubernetes.Semver'), structType('kubernetes.NamedFormat'),
  structType('kubernetes.authorization.Authorizer'), structType('kubernetes.authorization.PathCheck'), structType('kubernetes.authorization.GroupCheck'),
  structType('kubernetes.authorization.ResourceCheck'), structType('kubernetes.authorization.Decision'),
];
const byShortName = new Map(kubernetesTypes.map((type) => [type.name.replace(/^.*\./, ''), type]));

/** The type of a Kubernetes library, by the last part of its name: `Quantity`. */
export function kubernetesType(name: string): CelType {
  const type = byShortName.get(name);
  if (type === undefined) throw new Error(`no such type: ${name}`);
  return type;
}

function parseSignature(signature: string): { name: string; isMember: boolean; parameters: readonly CelType[]; result: CelType } {
  const [, head = '', inner = '', result = ''] = /^(.*?)\((.*)\): (.*)$/.exec(signature) ?? [];
  const [, target, name] = /^([a-zA-Z]+(?:<.*>)?)\.([@\w]+)$/.exec(head) ?? [];
  const isMember = target !== undefined && isTypeName(target);
  const parameters = splitTypes(inner).map(parseType);
  return { name: isMember ? (name ?? '') : head, isMember, parameters: isMember ? [parseType(target), ...parameters] : parameters, result: parseType(result) };
}

function isTypeName(text: string): boolean {
  return Object.hasOwn(names, text) || byShortName.has(text) || text.endsWith('>');
}

/** At commas that stand in no angle brackets. */
function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, character] of Array.from(text).entries()) {
    if (character === '<') depth++;
    else if (character === '>') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === '' ? parts : [...parts, last];
}

function parseType(text: string): CelType {
  const [, name = '', inner] = /^(\w+)(?:<(.*)>)?$/.exec(text) ?? [];
  const parameters = inner === undefined ? [] : splitTypes(inner).map(parseType);
  const [first = dynType, second = dynType] = parameters;
  switch (name) {
    case 'list':
      return listOf(first);
    case 'map':
      return mapOf(first, second);
    case 'optional':
      return optionalOf(first);
    case 'type':
      return typeOf(first);
    default:
      return names[name] ?? kubernetesType(name);
  }
}
