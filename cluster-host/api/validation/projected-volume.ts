/** Projected volumes, and the files of the downward API that they share with volumes of their own. */
import { forbidden, invalid, required } from '../field-errors.ts';
import type { V1ClusterTrustBundleProjection, V1DownwardAPIVolumeFile, V1ProjectedVolumeSource, V1VolumeProjection } from '../generated/types.ts';
import { validateTrustBundleName, validateSignerName } from './signer-name.ts';
import { fileFields, validateFieldRef, validateResourceFieldRef } from './downward-fields.ts';
import type { Errors } from './errors.ts';
import { requiredText } from './errors.ts';
import { validateKeyPath } from './key-paths.ts';
import { validateLabelSelector } from './label-selector.ts';
import { fileMode, nonReservedPath } from './paths.ts';

export function* validateDownwardFile(file: V1DownwardAPIVolumeFile, field: string): Errors {
  yield* requiredText(`${field}.path`, file.path);
  yield* nonReservedPath(`${field}.path`, file.path ?? '');
  if (file.fieldRef) {
    yield* validateFieldRef(file.fieldRef, fileFields, `${field}.fieldRef`);
    if (file.resourceFieldRef) yield invalid(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
  } else if (file.resourceFieldRef) {
    yield* validateResourceFieldRef(file.resourceFieldRef, `${field}.resourceFieldRef`, true);
  } else {
    yield required(field, 'one of fieldRef and resourceFieldRef is required');
  }
  yield* fileMode(`${field}.mode`, file.mode);
}

export function* validateProjected(volume: V1ProjectedVolumeSource, field: string): Errors {
  yield* fileMode(`${field}.defaultMode`, volume.defaultMode);
  const paths = new Set<string>();
  for (const [index, source] of (volume.sources ?? []).entries()) yield* validateSource(source, field, `${field}.sources[${index}]`, paths);
}

/** Two sources must not write the same file. */
function* uniquePath(path: string | undefined, paths: Set<string>, field: string, value: string): Errors {
  if (!path) return;
  if (paths.has(path)) yield invalid(field, value, 'conflicting duplicate paths');
  paths.add(path);
}

function* validateSource(source: V1VolumeProjection, field: string, at: string, paths: Set<string>): Errors {
  for (const name of ['secret', 'configMap'] as const) {
    const projection = source[name];
    if (!projection) continue;
    yield* requiredText(`${at}.${name}.name`, projection.name);
    for (const [index, item] of (projection.items ?? []).entries()) {
      yield* validateKeyPath(item, `${at}.${name}.items[${index}]`);
      yield* uniquePath(item.path, paths, field, projection.name ?? '');
    }
  }
  for (const file of source.downwardAPI?.items ?? []) {
    yield* validateDownwardFile(file, `${at}.downwardAPI`);
    yield* uniquePath(file.path, paths, field, file.path);
  }
  if (source.serviceAccountToken) yield* validateToken(source.serviceAccountToken, field, `${at}.serviceAccountToken`);
  if (source.clusterTrustBundle) {
    yield* validateTrustBundle(source.clusterTrustBundle, `${at}.clusterTrustBundle`);
    yield* uniquePath(source.clusterTrustBundle.path, paths, field, source.clusterTrustBundle.path);
  }
  if (Object.values(source).filter((projection) => projection !== undefined).length > 1) {
    yield forbidden(at, 'may not specify more than 1 volume type per source');
  }
}

function* validateToken({ expirationSeconds = 0, path }: NonNullable<V1VolumeProjection['serviceAccountToken']>, field: string, at: string): Errors {
  if (expirationSeconds < 600) yield invalid(`${at}.expirationSeconds`, expirationSeconds, 'may not specify a duration less than 10 minutes');
  if (expirationSeconds > 2 ** 32) yield invalid(`${at}.expirationSeconds`, expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
  if (path) yield* nonReservedPath(`${field}.path`, path);
  else yield required(`${field}.path`);
}

function* validateTrustBundle(bundle: V1ClusterTrustBundleProjection, field: string): Errors {
  const { name, signerName, labelSelector, path } = bundle;
  if (name !== undefined && signerName !== undefined) {
    yield invalid(field, bundle, 'only one of name and signerName may be used');
  } else if (name !== undefined) {
    yield* requiredText(`${field}.name`, name, 'must be a valid object name');
    yield* validateTrustBundleName(`${field}.name`, name);
    if (labelSelector) yield invalid(`${field}.labelSelector`, labelSelector, 'labelSelector must be unset if name is specified');
  } else if (signerName !== undefined) {
    yield* requiredText(`${field}.signerName`, signerName, 'must be a valid signer name');
    yield* validateSignerName(`${field}.signerName`, signerName);
    yield* validateLabelSelector(labelSelector, `${field}.labelSelector`);
  } else {
    yield required(field, 'either name or signerName must be specified');
  }
  yield* requiredText(`${field}.path`, path);
  yield* nonReservedPath(`${field}.path`, path ?? '');
}
