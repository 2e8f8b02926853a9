/** Claims of storage, and the templates of claims that pods and StatefulSets have. */
import { forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type { V1PersistentVolumeClaimSpec, V1PersistentVolumeClaimTemplate, V1TypedObjectReference } from '../generated/types.ts';
import { checkDnsLabel, nameIsDnsSubdomain } from '../names.ts';
import type { Errors } from './errors.ts';
import { dnsSubdomain, invalidFor, optionalOneOf, requiredText } from './errors.ts';
import { validateLabelSelector } from './label-selector.ts';
import { validateTemplateMeta } from './object-meta.ts';
import { validatePositiveQuantity } from './resources.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const volumeModes = ['Block', 'Filesystem'];

export function* validateAccessModes(modes: readonly string[], field: string): Errors {
  for (const mode of modes) if (!accessModes.includes(mode)) yield notSupported(field, mode, accessModes);
  const others = modes.some((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(mode));
  if (modes.includes('ReadWriteOncePod') && others) yield forbidden(field, 'may not use ReadWriteOncePod with other access modes');
}

export function* validateClaimSpec(spec: V1PersistentVolumeClaimSpec, field: string): Errors {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) yield required(`${field}.accessModes`, 'at least 1 access mode is required');
  yield* validateLabelSelector(spec.selector, `${field}.selector`);
  yield* validateAccessModes(modes, `${field}.accessModes`);
  const storage = spec.resources?.requests?.['storage'];
  if (storage === undefined) yield required(`${field}.resources[storage]`);
  else yield* validatePositiveQuantity(storage, `${field}.resources[storage]`);
  if (spec.storageClassName) yield* invalidFor(`${field}.storageClassName`, spec.storageClassName, nameIsDnsSubdomain(spec.storageClassName, false));
  yield* optionalOneOf(`${field}.volumeMode`, spec.volumeMode, volumeModes);
  yield* validateDataSources(spec, field);
  if (spec.volumeAttributesClassName) yield* dnsSubdomain(`${field}.volumeAttributesClassName`, spec.volumeAttributesClassName);
}

function* validateDataSources({ dataSource, dataSourceRef }: V1PersistentVolumeClaimSpec, field: string): Errors {
  if (dataSource) yield* validateDataSource(dataSource, `${field}.dataSource`);
  if (dataSourceRef) {
    yield* validateDataSource(dataSourceRef, `${field}.dataSourceRef`);
    const { namespace } = dataSourceRef;
    if (namespace) yield* invalidFor(`${field}.dataSourceRef.namespace`, namespace, checkDnsLabel(namespace));
  }
  if (!dataSource || !dataSourceRef) return;
  if (dataSourceRef.namespace) yield invalid(field, `${field}.dataSource`, 'may not be specified when dataSourceRef.namespace is specified');
  else if ((['apiGroup', 'kind', 'name'] as const).some((name) => dataSource[name] !== dataSourceRef[name])) {
    yield invalid(field, `${field}.dataSource`, 'must match dataSourceRef');
  }
}

function* validateDataSource({ apiGroup = '', kind, name }: V1TypedObjectReference, field: string): Errors {
  yield* requiredText(`${field}.name`, name);
  yield* requiredText(`${field}.kind`, kind);
  if (apiGroup !== '') yield* dnsSubdomain(`${field}.apiGroup`, apiGroup);
  else if (kind !== 'PersistentVolumeClaim') yield invalid(field, kind ?? '', "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
}

export function* validateClaimTemplate({ metadata, spec }: V1PersistentVolumeClaimTemplate, field: string): Errors {
  yield* validateTemplateMeta(metadata, `${field}.metadata`);
  for (const [name, value] of Object.entries(metadata ?? {})) {
    if (name !== 'annotations' && name !== 'labels' && value !== undefined) yield forbidden(`${field}.metadata.${name}`, 'cannot be set');
  }
  yield* validateClaimSpec(spec ?? {}, `${field}.spec`);
}
