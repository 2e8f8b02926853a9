/** What the API server would say of applying a document over the object that the cluster has: fields that may not change. */
import { modelType } from '../../cluster-host/api/catalogue/catalogue.ts';
import { decode } from '../../cluster-host/api/decode/typed.ts';
import { plainDocument } from '../../cluster-host/api/decode/parsed.ts';
import type { FieldError } from '../../cluster-host/api/field-error.ts';
import { fieldErrorText, parsePath } from '../../cluster-host/api/field-errors.ts';
import { findKind } from '../../cluster-host/api/kinds/kinds.ts';
import type { KindDefinition } from '../../cluster-host/api/kind.ts';
import { parseApiVersion } from '../../cluster-host/api/object.ts';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { applyMergePatch } from '../../cluster-host/api/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../cluster-host/api/patch/strategic-merge-patch.ts';
import { copy, isObject, type JsonObject } from '../../cluster-host/api/values.ts';
import type { Finding } from '../finding.ts';
import type { CustomKinds } from '../schema/custom-kinds.ts';
import type { DocumentSyntax } from '../syntax/document.ts';
import { markOf } from '../syntax/locate.ts';
import { textOf } from '../syntax/scalars.ts';

/** Only what an update alone can do wrong; the rest `checkObject` tells. `now` in milliseconds since the epoch. */
export function checkUpdate(syntax: DocumentSyntax, live: JsonObject, customKinds: CustomKinds, now: number): readonly Finding[] {
  const { value } = syntax;
  const kind = isObject(value) ? kindOf(value, customKinds) : undefined;
  if (kind === undefined || !isObject(value)) return [];
  try {
    return updateErrors(value, live, kind, now).map((error) => ({ span: markOf(syntax, parsePath(error.field)), severity: 'error', rule: error.type, message: fieldErrorText(error) }));
  } catch {
    // A half-typed patch that makes no sense: the document's own findings say what is wrong with it.
    return [];
  }
}

function kindOf({ apiVersion, kind }: JsonObject, customKinds: CustomKinds): KindDefinition | undefined {
  const groupVersion = parseApiVersion(textOf(apiVersion));
  if (groupVersion === undefined) return undefined;
  return findKind(groupVersion.group, groupVersion.version, textOf(kind)) ?? customKinds.find({ ...groupVersion, kind: textOf(kind) })?.definition;
}

function updateErrors(document: JsonObject, live: JsonObject, kind: KindDefinition, now: number): readonly FieldError[] {
  const old = decoded(live, kind);
  const merged = decoded(mergedWith(live, document, kind), kind);
  kind.prepareForUpdate(merged, old);
  const alone = new Set(kind.validate(copy(merged), { now }).map(textOfError));
  return kind.validateUpdate(merged, old, { now }).filter((error) => !alone.has(textOfError(error)));
}

function textOfError({ field, message }: FieldError): string {
  return `${field}: ${message}`;
}

function decoded(object: JsonObject, kind: KindDefinition): KubeObject {
  const type = modelType(kind.model);
  const document = plainDocument(copy(object));
  const { value } = type === undefined ? (kind.custom?.decode(document) ?? { value: object }) : decode(document, type);
  const result = value as KubeObject;
  kind.setDefaults(result);
  return result;
}

/** As `kubectl apply` merges, without what was taken out of the manifest since: that is between it and its last version. */
function mergedWith(live: JsonObject, { metadata, status: _status, ...content }: JsonObject, kind: KindDefinition): JsonObject {
  const { resourceVersion: _version, uid: _uid, ...own } = isObject(metadata) ? metadata : {};
  const patch: JsonObject = { ...content, metadata: { ...own, namespace: isObject(live['metadata']) ? live['metadata']['namespace'] : undefined } };
  const type = modelType(kind.model);
  const plain = JSON.parse(JSON.stringify(patch)) as JsonObject;
  return type === undefined ? (applyMergePatch(live, plain) as JsonObject) : applyStrategicMergePatch(live, plain, type);
}
