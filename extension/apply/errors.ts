/** What the API server says against an apply, field by field. Pure. */
import { ApiError } from '../../cluster-host/client/client.ts';

export interface Cause {
  /** As `spec.template.spec.containers[0].image`, without a dot in front. */
  readonly field: string;
  readonly message: string;
}

export interface ApplyError {
  readonly message: string;
  /** `Invalid`, `Conflict`, … ; empty where it came from nowhere near the API. */
  readonly reason: string;
  /** The fields that are to blame, each with what is wrong with it. */
  readonly causes: readonly Cause[];
}

export function applyErrorOf(error: unknown): ApplyError {
  if (!(error instanceof ApiError)) return { message: error instanceof Error ? error.message : String(error), reason: '', causes: [] };
  const causes = (error.status.details?.causes ?? []).flatMap(({ field, message }) => (field === undefined || field === '' ? [] : [{ field: field.replace(/^\./, ''), message: message ?? error.message }]));
  return { message: error.message, reason: error.reason, causes: causes.length > 0 ? causes : [...strictCauses(error.message), ...typedCauses(error.message)] };
}

/** Errors of decoding name their fields in the message only: `unknown field "spec.replica"`, `duplicate field "spec"`. */
function strictCauses(message: string): readonly Cause[] {
  return [...message.matchAll(/(?:unknown|duplicate) field "([^"]+)"/g)].map(([text, field = '']) => ({ field, message: text }));
}

/** So do errors of an apply: `failed to create typed patch object (…): .spec.replica: field not declared in schema`, or several, a line each. */
function typedCauses(message: string): readonly Cause[] {
  const list = /^failed to create typed patch object \(.*?\): ([\s\S]*)$/.exec(message)?.[1] ?? '';
  return [...list.matchAll(/^\s*\.(\S+?): (.+)$/gm)].map(([text, field = '']) => ({ field, message: text.trim() }));
}

/** Fields that another manager set to something else (https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts), with who that is. */
export interface FieldConflict {
  readonly field: string;
  readonly manager: string;
}

export function conflictsOf({ reason, causes }: ApplyError): readonly FieldConflict[] {
  return reason === 'Conflict' ? causes.map(({ field, message }) => ({ field, manager: /^conflict with "([^"]*)"/.exec(message)?.[1] ?? message })) : [];
}

/** A field that cannot change in a live object: only another object can have it. */
export function needsReplacement({ reason, message, causes }: ApplyError): boolean {
  return reason === 'Invalid' && [message, ...causes.map((cause) => cause.message)].some((text) => /field is immutable|updates to (?:\w+ )*spec for fields other than|pod updates may not change fields other than/i.test(text));
}

/** `299 - "text"`, several with commas between (RFC 7234, 5.5). */
export function warningsOf(header: string | undefined): readonly string[] {
  // Node reads a byte of a header as a character.
  const text = Buffer.from(header ?? '', 'latin1').toString();
  return [...text.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) => quoted.replaceAll(/\\(.)/g, '$1'));
}
