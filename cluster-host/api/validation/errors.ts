/** How validators are written: generators that yield errors in Kubernetes' order, composed with `yield*`. */
import type { FieldError } from '../field-error.ts';
import { forbidden, immutable, invalid, notSupported, required } from '../field-errors.ts';
import { checkDnsLabel, checkDnsSubdomain, checkPortNumber, checkQualifiedName, negativeMessage } from '../names.ts';
import { equal } from './equality.ts';

export type Errors = Generator<FieldError, void, undefined>;

/** One error for each message about a value. */
export function* invalidFor(field: string, value: unknown, messages: readonly string[]): Errors {
  for (const message of messages) yield invalid(field, value, message);
}

export function* dnsLabel(field: string, value: string): Errors {
  yield* invalidFor(field, value, checkDnsLabel(value));
}

export function* dnsSubdomain(field: string, value: string): Errors {
  yield* invalidFor(field, value, checkDnsSubdomain(value));
}

export function* qualifiedName(field: string, value: string): Errors {
  yield* invalidFor(field, value, checkQualifiedName(value));
}

export function* portNumber(field: string, value: number): Errors {
  yield* invalidFor(field, value, checkPortNumber(value));
}

export function* requiredText(field: string, value: string | undefined, detail = ''): Errors {
  if (!value) yield required(field, detail);
}

/** A number that is not negative; a missing one counts as zero. */
export function* nonNegative(field: string, value: number | undefined): Errors {
  if (value !== undefined && value < 0) yield invalid(field, value, negativeMessage);
}

/** A value of a closed set, missing or empty counts as the empty text. Supported values are listed in the order given. */
export function* oneOf(field: string, value: string | undefined, supported: readonly string[]): Errors {
  if (!supported.includes(value ?? '')) yield notSupported(field, value ?? '', supported);
}

/** As `oneOf`, but a field that is left out is fine. */
export function* optionalOneOf(field: string, value: string | undefined, supported: readonly string[]): Errors {
  if (value !== undefined) yield* oneOf(field, value, supported);
}

/** As `oneOf`, but an empty value is reported as missing. */
export function* requiredOneOf(field: string, value: string | undefined, supported: readonly string[], detail = ''): Errors {
  if (!value) yield required(field, detail);
  else yield* oneOf(field, value, supported);
}

export function* unchanged(field: string, value: unknown, old: unknown): Errors {
  if (!equal(value, old)) yield immutable(field, value);
}

/** Fields that must be left out here. */
export function* forbiddenFields(field: string, object: object, names: readonly string[], detail: string): Errors {
  for (const name of names) {
    const value: unknown = (object as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && value !== '' && value !== false && value !== 0) yield forbidden(`${field}.${name}`, detail);
  }
}
