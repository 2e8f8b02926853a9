/** Environment variables of containers. */
import { invalid, required } from '../field-errors.ts';
import type { V1ConfigMapKeySelector, V1EnvFromSource, V1EnvVar, V1EnvVarSource, V1FileKeySelector } from '../generated/types.ts';
import { checkConfigMapKey, checkEnvVarName, nameIsDnsSubdomain } from '../names.ts';
import { envFields, validateFieldRef, validateResourceFieldRef } from './downward-fields.ts';
import type { Errors } from './errors.ts';
import { invalidFor, requiredText } from './errors.ts';
import { nonReservedPath } from './paths.ts';
import type { Volumes } from './volumes.ts';

export function* validateEnv(variables: readonly V1EnvVar[], volumes: Volumes, field: string): Errors {
  for (const [index, variable] of variables.entries()) {
    const at = `${field}[${index}]`;
    if (variable.name) yield* invalidFor(`${at}.name`, variable.name, checkEnvVarName(variable.name));
    else yield required(`${at}.name`);
    if (variable.valueFrom) yield* validateSource(variable.value ?? '', variable.valueFrom, volumes, `${at}.valueFrom`);
  }
}

function* validateSource(value: string, source: V1EnvVarSource, volumes: Volumes, field: string): Errors {
  if (source.fieldRef) yield* validateFieldRef(source.fieldRef, envFields, `${field}.fieldRef`);
  if (source.resourceFieldRef) yield* validateResourceFieldRef(source.resourceFieldRef, `${field}.resourceFieldRef`, false);
  if (source.configMapKeyRef) yield* validateKeyRef(source.configMapKeyRef, `${field}.configMapKeyRef`);
  if (source.secretKeyRef) yield* validateKeyRef(source.secretKeyRef, `${field}.secretKeyRef`);
  if (source.fileKeyRef) yield* validateFileRef(source.fileKeyRef, volumes, `${field}.fileKeyRef`);
  const count = Object.values(source).filter((reference) => reference !== undefined).length;
  if (count === 0) yield invalid(field, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`');
  else if (value !== '') yield invalid(field, '', 'may not be specified when `value` is not empty');
  else if (count > 1) yield invalid(field, '', 'may not have more than one field specified at a time');
}

function* validateKeyRef({ name = '', key }: V1ConfigMapKeySelector, field: string): Errors {
  yield* invalidFor(`${field}.name`, name, nameIsDnsSubdomain(name, false));
  if (key) yield* invalidFor(`${field}.key`, key, checkConfigMapKey(key));
  else yield required(`${field}.key`);
}

function* validateFileRef({ key, path, volumeName }: V1FileKeySelector, volumes: Volumes, field: string): Errors {
  if (key) yield* invalidFor(`${field}.key`, key, checkEnvVarName(key));
  else yield required(`${field}.key`);
  if (!volumeName) yield required(`${field}.volumeName`);
  else if (volumes.get(volumeName)?.emptyDir === undefined) yield invalid(`${field}.volumeName`, volumeName, 'must be the name of an emptyDir volume');
  if (path) yield* nonReservedPath(`${field}.path`, path);
  else yield required(`${field}.path`);
}

export function* validateEnvFrom(sources: readonly V1EnvFromSource[], field: string): Errors {
  for (const [index, source] of sources.entries()) {
    const at = `${field}[${index}]`;
    if (source.prefix) yield* invalidFor(`${at}.prefix`, source.prefix, checkEnvVarName(source.prefix));
    const names = (['configMapRef', 'secretRef'] as const).filter((name) => source[name] !== undefined);
    for (const name of names) {
      const referred = source[name]?.name ?? '';
      yield* requiredText(`${at}.${name}.name`, referred);
      if (referred) yield* invalidFor(`${at}.${name}.name`, referred, nameIsDnsSubdomain(referred, true));
    }
    if (names.length === 0) yield invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`');
    else if (names.length > 1) yield invalid(field, '', 'may not have more than one field specified at a time');
  }
}
