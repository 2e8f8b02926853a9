/** A container's environment: services, then `envFrom`, then `env`, each later one winning. Pure. */
import type { V1ConfigMap, V1Container, V1EnvVar, V1FileKeySelector, V1Pod, V1Secret, V1Service } from '../../api/generated/types.ts';
import { envFileValue } from './env-file.ts';
import { expand } from './expansion.ts';
import { fieldValue, type NodeFacts, resourceValue } from './field-values.ts';
import { secretText } from './secret-data.ts';
import { serviceVariables } from './service-variables.ts';
import { namespaceOf } from '../pods/pod-facts.ts';

/** The objects that a pod's environment and volumes are made of; undefined where there is none of that name. */
export interface PodSources {
  configMap(name: string): V1ConfigMap | undefined;
  secret(name: string): V1Secret | undefined;
}

export interface EnvironmentInput {
  readonly pod: V1Pod;
  readonly container: V1Container;
  readonly sources: PodSources;
  /** Services of the pod's namespace, and `kubernetes` of `default`. */
  readonly services: readonly V1Service[];
  readonly facts: NodeFacts;
  /** Texts of the files that `fileKeyRef` names, by `envFileKey`; undefined of those that are not there. Left out: there are none. */
  readonly envFiles?: ReadonlyMap<string, string | undefined>;
}

/** Names a file of a volume. */
export function envFileKey({ volumeName, path }: V1FileKeySelector): string {
  return `${volumeName}/${path}`;
}

export interface Environment {
  readonly variables: readonly { readonly name: string; readonly value: string }[];
  /** Why the container cannot be made; the first in order. */
  readonly problem?: string;
  /** Keys of `envFrom` sources that are no variable names, a text each for an event. */
  readonly skipped: readonly string[];
}

type Lookup = { readonly value: string } | { readonly absent: true } | { readonly problem: string };

export function environmentOf(input: EnvironmentInput): Environment {
  const { pod, container } = input;
  const values = new Map<string, string>();
  const skipped: string[] = [];
  for (const source of container.envFrom ?? []) {
    const problem = addAll(source, input, values, skipped);
    if (problem !== undefined) return { variables: [], problem, skipped };
  }
  const services = serviceVariables(input.services, pod.spec?.enableServiceLinks !== false);
  // References see the services' variables, but envFrom and env come before them.
  const known = new Map([...services, ...values]);
  for (const variable of container.env ?? []) {
    const looked = lookUp(variable, input, known);
    if ('problem' in looked) return { variables: [], problem: looked.problem, skipped };
    if ('absent' in looked) continue;
    known.set(variable.name, looked.value);
    values.set(variable.name, looked.value);
  }
  return { variables: [...new Map([...values, ...[...services].filter(([name]) => !values.has(name))])].map(([name, value]) => ({ name, value })), skipped };
}

function addAll(source: NonNullable<V1Container['envFrom']>[number], { pod, sources }: EnvironmentInput, values: Map<string, string>, skipped: string[]): string | undefined {
  const reference = source.configMapRef ?? source.secretRef;
  const name = reference?.name ?? '';
  const object = source.configMapRef === undefined ? sources.secret(name) : sources.configMap(name);
  const kind = source.configMapRef === undefined ? 'secret' : 'configmap';
  if (object === undefined) return reference?.optional === true ? undefined : `${kind} "${name}" not found`;
  const invalid: string[] = [];
  for (const key of Object.keys(object.data ?? {}).sort()) {
    const variable = `${source.prefix ?? ''}${key}`;
    if (isVariableName(variable)) values.set(variable, source.configMapRef === undefined ? secretText(object.data?.[key] ?? '') : (object.data?.[key] ?? ''));
    else invalid.push(key);
  }
  if (invalid.length > 0) {
    const title = kind === 'secret' ? 'Secret' : 'ConfigMap';
    skipped.push(`Keys [${invalid.join(', ')}] from the EnvFrom ${title === 'Secret' ? 'secret' : 'configMap'} ${namespaceOf(pod)}/${name} were skipped since they are considered invalid environment variable names.`);
  }
  return undefined;
}

function lookUp(variable: V1EnvVar, { pod, container, sources, facts, envFiles }: EnvironmentInput, known: ReadonlyMap<string, string>): Lookup {
  const { valueFrom } = variable;
  if (valueFrom === undefined) return { value: expand(variable.value ?? '', known) };
  if (valueFrom.fieldRef !== undefined) {
    const value = fieldValue(pod, valueFrom.fieldRef.fieldPath, facts);
    return value === undefined ? { problem: `unsupported fieldPath: ${valueFrom.fieldRef.fieldPath}` } : { value };
  }
  if (valueFrom.resourceFieldRef !== undefined) {
    const value = resourceValue(pod, valueFrom.resourceFieldRef, container, facts);
    return value === undefined ? { problem: `unsupported container resource : ${valueFrom.resourceFieldRef.resource}` } : { value };
  }
  if (valueFrom.configMapKeyRef !== undefined) {
    const { name = '', key, optional } = valueFrom.configMapKeyRef;
    return keyOf(sources.configMap(name)?.data, key, optional, `configmap "${name}" not found`, `couldn't find key ${key} in ConfigMap ${namespaceOf(pod)}/${name}`, (text) => text);
  }
  if (valueFrom.secretKeyRef !== undefined) {
    const { name = '', key, optional } = valueFrom.secretKeyRef;
    const secret = sources.secret(name);
    return keyOf(secret && (secret.data ?? {}), key, optional, `secret "${name}" not found`, `couldn't find key ${key} in Secret ${namespaceOf(pod)}/${name}`, secretText);
  }
  if (valueFrom.fileKeyRef !== undefined) return ofFile(pod, valueFrom.fileKeyRef, envFiles);
  return { problem: `environment variable ${variable.name}: valueFrom of this kind is not supported` };
}

function ofFile(pod: V1Pod, reference: V1FileKeySelector, files: EnvironmentInput['envFiles']): Lookup {
  const { volumeName, key, path, optional } = reference;
  if (!pod.spec?.volumes?.some(({ name }) => name === volumeName)) return { problem: `cannot find the volume "${volumeName}" referenced by FileKeyRef` };
  const text = files?.get(envFileKey(reference));
  const read = text === undefined ? { malformed: true as const } : envFileValue(text, key);
  if ('malformed' in read) return { problem: "couldn't parse env file" };
  if (read.value !== undefined) return { value: read.value };
  return optional === true ? { absent: true } : { problem: `environment variable key "${key}" not found in file "${path}"` };
}

function keyOf(data: Readonly<Record<string, string>> | undefined, key: string, optional: boolean | undefined, noObject: string, noKey: string, read: (text: string) => string): Lookup {
  const text = data?.[key];
  if (text !== undefined) return { value: read(text) };
  return optional === true ? { absent: true } : { problem: data === undefined ? noObject : noKey };
}

/** Any printable ASCII but `=`, since 1.34 (KEP-4369). */
function isVariableName(name: string): boolean {
  return /^[\x20-\x3c\x3e-\x7e]+$/.test(name);
}
