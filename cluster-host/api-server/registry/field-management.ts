/** Who set which field: keeps `metadata.managedFields` true with every write (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). */
import type { FieldManagement } from '../../api/apply/management.ts';
import { settableFields } from '../../api/apply/settable-fields.ts';
import { managedFieldsAfterUpdate } from '../../api/apply/update.ts';
import type { Versions } from '../../api/apply/updater.ts';
import { decodeKind, schemaOf } from '../../api/catalogue/kind-schema.ts';
import { plainDocument } from '../../api/decode/parsed.ts';
import { wireForm } from '../../api/decode/wire.ts';
import type { KindDefinition } from '../../api/kind.ts';
import { apiVersionOf, type KubeObject } from '../../api/object.ts';

/** The rows under which the same objects are served, and how they become one another. */
export interface Faces {
  rows(): readonly KindDefinition[];
  convert(object: KubeObject, from: KindDefinition, to: KindDefinition): KubeObject;
}

/** Keeps the owners of one resource's fields. */
export class FieldOwners {
  readonly #definition: KindDefinition;
  readonly #faces: Faces;
  readonly #versions: Versions;

  constructor(definition: KindDefinition, faces: Faces) {
    this.#definition = definition;
    this.#faces = faces;
    this.#versions = versionsOf(faces);
  }

  /** What field management needs to know of a request. */
  managementOf(subresource: string, now: number): FieldManagement {
    const definition = this.#definition;
    return { type: schemaOf(definition), gvk: definition, subresource, settable: settableFields(definition, subresource), versions: this.#versions, now };
  }

  /** Where each version that is served keeps its replicas, by apiVersion. */
  replicasPaths(): ReadonlyMap<string, string | undefined> {
    return new Map(this.#faces.rows().map((row) => [apiVersionOf(row), row.scale?.specReplicas]));
  }

  /** Brings the `managedFields` of an object that is about to be written up to date. */
  track(object: KubeObject, live: KubeObject | undefined, manager: string, subresource: string, now: number): void {
    const managedFields = managedFieldsAfterUpdate({ ...this.managementOf(subresource, now), live, object, manager });
    const metadata = (object.metadata ??= {});
    if (managedFields === undefined) delete metadata.managedFields;
    else metadata.managedFields = managedFields;
  }
}

function versionsOf(faces: Faces): Versions {
  const find = (apiVersion: unknown): KindDefinition | undefined => faces.rows().find((row) => apiVersionOf(row) === apiVersion);
  return {
    typeOf(apiVersion) {
      const definition = find(apiVersion);
      return definition === undefined ? undefined : schemaOf(definition);
    },
    convert(value, apiVersion) {
      const from = find((value as KubeObject).apiVersion);
      const to = find(apiVersion);
      if (from === undefined || to === undefined || from === to) return value;
      const object = decodeKind(plainDocument(value), from).value as KubeObject;
      return wireForm(faces.convert(object, from, to), schemaOf(to));
    },
  };
}
