import { fillEmpty } from '../defaults/fill.ts';
import { forbidden, invalid, required, tooLong } from '../field-errors.ts';
import type { V1Secret } from '../generated/types.ts';
import { checkConfigMapKey } from '../names.ts';
import { setKey } from '../values.ts';
import { base64Length, base64Text } from '../validation/base64.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, unchanged } from '../validation/errors.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

const maxBytes = 1024 * 1024;
const serviceAccountName = 'kubernetes.io/service-account.name';

type SecretData = Readonly<Record<string, string>>;

/** What each type of secret must hold. */
const contents: ReadonlyMap<string, (data: SecretData) => Errors> = new Map(Object.entries({
  'kubernetes.io/dockercfg': (data: SecretData) => jsonKey(data, '.dockercfg'),
  'kubernetes.io/dockerconfigjson': (data: SecretData) => jsonKey(data, '.dockerconfigjson'),
  *'kubernetes.io/basic-auth'(data: SecretData) {
    if (!Object.hasOwn(data, 'username') && !Object.hasOwn(data, 'password')) yield* requiredKeys(data, 'username', 'password');
  },
  *'kubernetes.io/ssh-auth'(data: SecretData) {
    if (base64Length(data['ssh-privatekey'] ?? '') === 0) yield required('data[ssh-privatekey]');
  },
  'kubernetes.io/tls': (data: SecretData) => requiredKeys(data, 'tls.crt', 'tls.key'),
}));

function* requiredKeys(data: object, ...keys: readonly string[]): Errors {
  for (const key of keys) if (!Object.hasOwn(data, key)) yield required(`data[${key}]`);
}

function* jsonKey(data: SecretData, key: string): Errors {
  const value = data[key];
  if (value === undefined) {
    yield required(`data[${key}]`);
    return;
  }
  const problem = jsonObjectProblem(base64Text(value));
  if (problem !== undefined) yield invalid(`data[${key}]`, '<secret contents redacted>', problem);
}

/** What Go's JSON decoder says of a text that is no object. */
function jsonObjectProblem(json: string): string | undefined {
  if (json.trim() === '') return 'unexpected end of JSON input';
  try {
    const value: unknown = JSON.parse(json);
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
  } catch {
    const [first = ''] = json.trimStart();
    return /[[{"]/.test(first) ? 'unexpected end of JSON input' : `invalid character '${first}' looking for beginning of value`;
  }
}

export const secret = defineKind<V1Secret>({
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  selectableFields: { type: ({ type }) => type ?? '' },
  setDefaults(object) {
    fillEmpty(object, { type: 'Opaque' });
    // Clear text is for writing only: it is kept, and read back, as data.
    for (const [key, value] of Object.entries(object.stringData ?? {})) setKey((object.data ??= {}), key, textToBase64(value));
    delete object.stringData;
  },
  validate,
  *validateUpdate(object, old) {
    yield* unchanged('type', object.type, old.type);
    if (old.immutable === true) {
      if (object.immutable !== true) yield forbidden('immutable', 'field is immutable when `immutable` is set');
      if (!equal(object.data ?? {}, old.data ?? {})) yield forbidden('data', 'field is immutable when `immutable` is set');
    }
    yield* validate(object);
  },
  columns: [
    text('Type', 'What the secret is for.', ({ type }) => type ?? ''),
    text('Data', 'How many keys it holds.', ({ data }) => Object.keys(data ?? {}).length),
    ageColumn,
  ],
});

function textToBase64(value: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(value)) binary += String.fromCodePoint(byte);
  return btoa(binary);
}

function* validate({ metadata, data = {}, type }: V1Secret): Errors {
  let total = 0;
  for (const [key, value] of Object.entries(data)) {
    yield* invalidFor(`data[${key}]`, key, checkConfigMapKey(key));
    total += base64Length(value);
  }
  if (total > maxBytes) yield tooLong('data', maxBytes);
  if (type === 'kubernetes.io/service-account-token' && !metadata?.annotations?.[serviceAccountName]) {
    yield required(`metadata.annotations[${serviceAccountName}]`);
  }
  yield* contents.get(type ?? '')?.(data) ?? [];
}
