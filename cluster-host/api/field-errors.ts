/**
 * Factories of field errors: the one place that words them (k8s.io/apimachinery `util/validation/field`).
 *
 * `field` is a path as Kubernetes prints it: `spec.containers[0].name`, `metadata.labels[app]`.
 */
import type { FieldError, FieldErrorType, Path } from './field-error.ts';
import { goJson, quote } from './text.ts';

const titles: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooShort: 'Too short',
  FieldValueTooMany: 'Too many',
  FieldValueTooFew: 'Too few',
  FieldValueTypeInvalid: 'Invalid value',
  InternalError: 'Internal error',
};

function fieldError(type: FieldErrorType, field: string, ...parts: readonly string[]): FieldError {
  return { type, field, message: [titles[type], ...parts.filter((part) => part !== '')].join(': ') };
}

/** How a bad value is shown: a text quoted, everything else as JSON. */
function shown(value: unknown): string {
  return typeof value === 'string' ? quote(value) : goJson(value);
}

function counted(count: number, singular: string): string {
  return `${count} ${count === 1 ? singular : `${singular}s`}`;
}

/** A value is missing or empty. `detail` may be empty. */
export function required(field: string, detail = ''): FieldError {
  return fieldError('FieldValueRequired', field, detail);
}

export function invalid(field: string, value: unknown, detail: string): FieldError {
  return fieldError('FieldValueInvalid', field, shown(value), detail);
}

/** A bad value that is not shown: too long, or one of many things together. */
export function invalidUnshown(field: string, detail: string): FieldError {
  return fieldError('FieldValueInvalid', field, detail);
}

export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return fieldError('FieldValueTypeInvalid', field, shown(value), detail);
}

/** A value outside a closed set; `supported` is listed in the order given. */
export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length === 0 ? '' : `supported values: ${supported.map(quote).join(', ')}`;
  return fieldError('FieldValueNotSupported', field, shown(value), detail);
}

export function forbidden(field: string, detail: string): FieldError {
  return fieldError('FieldValueForbidden', field, detail);
}

export function duplicate(field: string, value: unknown): FieldError {
  return fieldError('FieldValueDuplicate', field, shown(value));
}

/** A value that refers to something that is not there. */
export function notFound(field: string, value: unknown): FieldError {
  return fieldError('FieldValueNotFound', field, shown(value));
}

/** More bytes than `max`. */
export function tooLong(field: string, max: number): FieldError {
  return fieldError('FieldValueTooLong', field, `may not be more than ${counted(max, 'byte')}`);
}

/** More characters than `max`. */
export function tooLongCharacters(field: string, max: number): FieldError {
  return fieldError('FieldValueTooLong', field, `may not be more than ${counted(max, 'character')}`);
}

/** Fewer characters than `min`. */
export function tooShort(field: string, min: number): FieldError {
  return fieldError('FieldValueTooShort', field, `must be at least ${counted(min, 'character')}`);
}

/** More items than `max`; the actual number is left out where it is not known. */
export function tooMany(field: string, actual: number | undefined, max: number): FieldError {
  return fieldError('FieldValueTooMany', field, actual === undefined ? '' : String(actual), `must have at most ${counted(max, 'item')}`);
}

/** Fewer items than `min`; the actual number is left out where it is not known. */
export function tooFew(field: string, actual: number | undefined, min: number): FieldError {
  return fieldError('FieldValueTooFew', field, actual === undefined ? '' : String(actual), `must have at least ${counted(min, 'item')}`);
}

export function internalError(field: string, detail: string): FieldError {
  return fieldError('InternalError', field, detail);
}

export const fieldImmutable = 'field is immutable';

/** A field that may not change did. `value` is the new one. */
export function immutable(field: string, value: unknown): FieldError {
  return invalid(field, value, fieldImmutable);
}

/** The error as one sentence: `spec.replicas: Invalid value: -1: must be …`. */
export function fieldErrorText(error: FieldError): string {
  return `${error.field}: ${error.message}`;
}

/** A path as Kubernetes prints it in decoding errors and field errors. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** The steps of a printed path. What stands in brackets is a list position when it is a number, otherwise a key. */
export function parsePath(field: string): Path {
  const steps: (string | number)[] = [];
  for (const match of field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)) {
    const [, bracketed, name] = match;
    if (bracketed !== undefined) steps.push(/^\d+$/.test(bracketed) ? Number(bracketed) : bracketed);
    else if (name !== undefined) steps.push(name);
  }
  return steps;
}
