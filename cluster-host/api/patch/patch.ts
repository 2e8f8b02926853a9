/**
 * Patches of an object: JSON patch, merge patch, strategic merge patch, decoded and judged as the API server does.
 *
 * Server-side apply is apart (apply/): it needs the owners of fields.
 */
import type { StructType, Type } from '../catalogue/schema.ts';
import { plainDocument, type ParsedDocument } from '../decode/parsed.ts';
import { parseJson } from '../decode/json.ts';
import { decode, decodeError, strictProblems, type Decoded } from '../decode/typed.ts';
import { wireForm } from '../decode/wire.ts';
import * as fieldErrors from '../field-errors.ts';
import type { V1Status } from '../generated/types.ts';
import type { KubeObject } from '../object.ts';
import { badRequest, invalid, requestEntityTooLarge, unclassified } from '../status.ts';
import { goJson } from '../text.ts';
import type { JsonObject } from '../values.ts';
import { applyJsonPatch, jsonPatchType } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { PatchProblem } from './problem.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

export type PatchKind = 'json' | 'merge' | 'strategic';
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface PatchRequest {
  readonly kind: PatchKind;
  /** The body. */
  readonly text: string;
  /** The live object in the version of the request; it is not changed. */
  readonly object: KubeObject;
  readonly type: StructType;
  /** How the patched object is decoded where its type alone does not tell: a custom resource. */
  readonly decode?: (document: ParsedDocument) => Decoded;
  readonly fieldValidation: FieldValidation;
}

/** The patched object, decoded but without defaults, with the texts of warnings; or why not. */
export type PatchOutcome = { readonly ok: true; readonly object: KubeObject; readonly warnings: readonly string[] } | { readonly ok: false; readonly status: V1Status };

const patchDocumentTypes: Readonly<Record<PatchKind, Type>> = {
  json: jsonPatchType,
  merge: anyObject(),
  strategic: anyObject(),
};

function anyObject(): Type {
  return { kind: 'map', goType: 'map[string]interface {}', value: { kind: 'scalar', scalar: 'any', goType: 'interface {}' }, atomic: false };
}

export function applyPatch(request: PatchRequest): PatchOutcome {
  const parsed = parseJson(request.text);
  // A strategic patch is decoded before anything says that it is a patch.
  const prefix = request.kind === 'strategic' ? '' : 'error decoding patch: ';
  if (!parsed.ok) return refused(badRequest(prefix + parsed.error));
  const patchProblems = decode(parsed.value, patchDocumentTypes[request.kind]).problems;
  const error = decodeError(patchProblems);
  if (error !== undefined) return refused(badRequest(prefix + error));
  try {
    const patched = patchedValue(request, parsed.value);
    const strict = strictProblems(patchProblems).map((problem) => (request.kind === 'json' ? `json patch ${problem}` : problem));
    return decoded(request, patched, strict);
  } catch (problem) {
    if (problem instanceof PatchProblem) return refused(statusOf(problem));
    throw problem;
  }
}

function patchedValue({ kind, object, type }: PatchRequest, { value }: ParsedDocument): unknown {
  switch (kind) {
    case 'json':
      return applyJsonPatch(wireForm(object, type), (value ?? []) as readonly JsonObject[]);
    case 'merge':
      if (value === null) throw new PatchProblem('badRequest', 'Invalid JSON Patch');
      return applyMergePatch(wireForm(object, type), value);
    case 'strategic':
      return applyStrategicMergePatch(wireForm(object, type) as JsonObject, (value ?? {}) as JsonObject, type);
  }
}

/** Decodes what came out of a patch; `strict` is what strict decoding has against the patch itself. */
function decoded({ kind, text, type, fieldValidation, decode: decodeObject = (document) => decode(document, type) }: PatchRequest, patched: unknown, strict: readonly string[]): PatchOutcome {
  const { value, problems } = decodeObject(plainDocument(patched));
  const shown = kind === 'strategic' ? text : goJson(patched);
  const error = decodeError(problems);
  if (error !== undefined) return refused(invalidPatch(shown, error));
  const all = [...strict, ...strictProblems(problems)];
  if (fieldValidation === 'Strict' && all.length > 0) return refused(invalidPatch(shown, `strict decoding error: ${all.join(', ')}`));
  return { ok: true, object: value as KubeObject, warnings: fieldValidation === 'Warn' ? all : [] };
}

function invalidPatch(value: string, detail: string): V1Status {
  return invalid({ group: '', kind: '' }, '', [fieldErrors.invalid('patch', value, detail)]);
}

function refused(status: V1Status): PatchOutcome {
  return { ok: false, status };
}

function statusOf({ kind, message }: PatchProblem): V1Status {
  switch (kind) {
    case 'badRequest':
      return badRequest(message);
    case 'tooLarge':
      return requestEntityTooLarge(message);
    case 'unclassified':
      return unclassified(message);
    case 'unprocessable':
      return { ...invalid({ group: '', kind: '' }, '', []), message: 'the server rejected our request due to an error in our request', details: {} };
  }
}
