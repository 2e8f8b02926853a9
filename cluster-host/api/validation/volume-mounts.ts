/** Where containers see the volumes of their pod. */
import { forbidden, invalid, notFound, notSupported, required } from '../field-errors.ts';
import type { V1Container, V1VolumeDevice, V1VolumeMount } from '../generated/types.ts';
import type { Errors } from './errors.ts';
import { requiredText } from './errors.ts';
import { descendingPath } from './paths.ts';
import type { Volumes } from './volumes.ts';

export function* validateVolumeMounts(container: V1Container, volumes: Volumes, field: string): Errors {
  const devices = container.volumeDevices ?? [];
  const paths = new Set<string>();
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const at = `${field}[${index}]`;
    const { name = '', mountPath = '' } = mount;
    yield* requiredText(`${at}.name`, name);
    if (!volumes.has(name)) yield notFound(`${at}.name`, name);
    yield* requiredText(`${at}.mountPath`, mountPath);
    if (paths.has(mountPath)) yield invalid(`${at}.mountPath`, mountPath, 'must be unique');
    paths.add(mountPath);
    if (devices.some((device) => device.name === name)) yield invalid(`${at}.name`, name, 'must not already exist in volumeDevices');
    if (devices.some((device) => device.devicePath === mountPath)) yield invalid(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices');
    yield* validateSubPaths(mount, volumes.get(name)?.image !== undefined, at, field);
    yield* validatePropagation(mount, container.securityContext?.privileged === true, `${field}.mountPropagation`);
    yield* validateRecursiveReadOnly(mount, `${field}.recursiveReadOnly`);
  }
}

function* validateSubPaths({ subPath, subPathExpr }: V1VolumeMount, isImage: boolean, at: string, field: string): Errors {
  if (isImage) {
    if (subPath) yield invalid(`${at}.subPath`, subPath, 'not allowed in image volume sources');
    if (subPathExpr) yield invalid(`${at}.subPathExpr`, subPathExpr, 'not allowed in image volume sources');
  }
  if (subPath) yield* descendingPath(`${field}.subPath`, subPath);
  if (!subPathExpr) return;
  if (subPath) yield invalid(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive');
  yield* descendingPath(`${field}.subPathExpr`, subPathExpr);
}

function* validatePropagation({ mountPropagation: mode }: V1VolumeMount, privileged: boolean, field: string): Errors {
  if (mode === undefined) return;
  const supported = ['Bidirectional', 'HostToContainer', 'None'];
  if (!supported.includes(mode)) yield notSupported(field, mode, supported);
  if (mode === 'Bidirectional' && !privileged) yield forbidden(field, 'Bidirectional mount propagation is available only to privileged containers');
}

function* validateRecursiveReadOnly(mount: V1VolumeMount, field: string): Errors {
  const mode = mount.recursiveReadOnly;
  if (mode === undefined || mode === 'Disabled') return;
  if (mode !== 'Enabled' && mode !== 'IfPossible') {
    yield notSupported(field, mode, ['Disabled', 'Enabled', 'IfPossible']);
    return;
  }
  if (mount.readOnly !== true) yield forbidden(field, 'may only be specified when readOnly is true');
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None') {
    yield forbidden(field, 'may only be specified when mountPropagation is None or not specified');
  }
}

export function* validateVolumeDevices(container: V1Container, volumes: Volumes, field: string): Errors {
  const paths = new Set<string>();
  const names = new Set<string>();
  for (const [index, device] of (container.volumeDevices ?? []).entries()) {
    yield* validateVolumeDevice(device, container.volumeMounts ?? [], volumes, `${field}[${index}]`, names, paths);
  }
}

function* validateVolumeDevice(
  { name = '', devicePath = '' }: V1VolumeDevice,
  mounts: readonly V1VolumeMount[],
  volumes: Volumes,
  field: string,
  names: Set<string>,
  paths: Set<string>,
): Errors {
  const volume = volumes.get(name);
  yield* requiredText(`${field}.name`, name);
  if (names.has(name)) yield invalid(`${field}.name`, name, 'must be unique');
  if (volume === undefined) yield notFound(`${field}.name`, name);
  else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
    yield invalid(`${field}.name`, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode');
  }
  if (devicePath === '') yield required(`${field}.devicePath`);
  if (paths.has(devicePath)) yield invalid(`${field}.devicePath`, devicePath, 'must be unique');
  if (devicePath.split('/').includes('..')) yield invalid(`${field}.devicePath`, devicePath, "can not contain backsteps ('..')");
  else paths.add(devicePath);
  if (mounts.some((mount) => mount.name === name)) yield invalid(`${field}.name`, name, 'must not already exist in volumeMounts');
  if (mounts.some((mount) => mount.mountPath === devicePath)) yield invalid(`${field}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts');
  if (name !== '') names.add(name);
}
