/** Objects as a person reads them: what only machines want left out, and in the order of a manifest. */
import type { KubeObject } from '../../cluster-host/api/object.ts';

/** Without managed fields. The API keeps those of an update that leaves them out. */
export function readable(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return ordered({ ...object, metadata });
}

/** Only what a person wrote or a default filled in: without status and what the server keeps for itself. */
export function wanted(object: KubeObject): KubeObject {
  const { managedFields: _fields, resourceVersion: _version, uid: _uid, generation: _generation, creationTimestamp: _created, deletionTimestamp: _deleted, deletionGracePeriodSeconds: _grace, ...metadata } = object.metadata ?? {};
  const { status: _status, ...rest } = object;
  return ordered({ ...rest, metadata });
}

function ordered(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, status, ...rest } = object;
  return Object.fromEntries(Object.entries({ apiVersion, kind, metadata, ...rest, status }).filter(([, value]) => value !== undefined));
}
