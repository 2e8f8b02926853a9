/** `configMapGenerator` and `secretGenerator`: objects made of literals and files. */
import { isObject, setKey, type JsonObject } from '../../cluster-host/api/values.ts';
import { find } from '../workspace/patterns.ts';
import { textOf } from '../syntax/scalars.ts';
import { resolvePath, type Files } from './files.ts';
import type { Entry } from './kustomization.ts';
import type { Report } from './problem.ts';

export type GeneratedKind = 'ConfigMap' | 'Secret';

export interface Generated {
  readonly object: JsonObject;
  readonly behavior: 'create' | 'merge' | 'replace';
  readonly needsHash: boolean;
}

interface Source {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** Undefined where the generator has no name. */
export function generate(kind: GeneratedKind, { path, value }: Entry<JsonObject>, defaults: JsonObject, kustomization: string, files: Files, report: Report): Generated | undefined {
  const name = textOf(value['name']);
  if (name === '') {
    report(path, `a ${kind.toLowerCase()} must have a name`);
    return undefined;
  }
  const own = isObject(value['options']) ? value['options'] : {};
  const options = { ...defaults, ...own };
  const labels = { ...objectOf(defaults['labels']), ...objectOf(own['labels']) };
  const annotations = { ...objectOf(defaults['annotations']), ...objectOf(own['annotations']) };
  const metadata: JsonObject = { name, ...(value['namespace'] === undefined ? {} : { namespace: value['namespace'] }), ...present('labels', labels), ...present('annotations', annotations) };
  const content = kind === 'Secret' ? secretContent(value, sourcesOf({ path, value }, kustomization, files, report)) : configMapContent(sourcesOf({ path, value }, kustomization, files, report));
  const behavior = textOf(value['behavior']);
  return {
    object: { apiVersion: 'v1', kind, metadata, ...content, ...(options['immutable'] === true ? { immutable: true } : {}) },
    behavior: behavior === 'merge' || behavior === 'replace' ? behavior : 'create',
    needsHash: options['disableNameSuffixHash'] !== true,
  };
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function present(name: string, value: JsonObject): JsonObject {
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}

function configMapContent(sources: readonly Source[]): JsonObject {
  const [data, binaryData]: [JsonObject, JsonObject] = [{}, {}];
  for (const { key, bytes } of sources) {
    const text = utf8Of(bytes);
    if (text === undefined) setKey(binaryData, key, base64(bytes));
    else setKey(data, key, text);
  }
  return { ...present('data', data), ...present('binaryData', binaryData) };
}

function secretContent(value: JsonObject, sources: readonly Source[]): JsonObject {
  const data: JsonObject = {};
  for (const { key, bytes } of sources) setKey(data, key, base64(bytes));
  return { ...present('data', data), type: textOf(value['type']) || 'Opaque' };
}

function sourcesOf({ path, value }: Entry<JsonObject>, kustomization: string, files: Files, report: Report): readonly Source[] {
  const read = (file: string, at: readonly (string | number)[]): Uint8Array | undefined => {
    const uri = resolvePath(kustomization, file);
    const bytes = uri === undefined ? undefined : files.content(uri);
    if (bytes === undefined) report([...path, ...at], `loading KV pairs: no such file: ${file}`);
    return bytes;
  };
  const fromEnvs = [...find(value, 'envs[]'), ...find(value, 'env')].flatMap((env) => envSources(read(textOf(env.value), env.path)));
  const fromFiles = find(value, 'files[]').flatMap((file) => {
    const text = textOf(file.value);
    const equals = text.indexOf('=');
    const name = equals === -1 ? text : text.slice(equals + 1);
    const bytes = read(name, file.path);
    return bytes === undefined ? [] : [{ key: equals === -1 ? name.slice(name.lastIndexOf('/') + 1) : text.slice(0, equals), bytes }];
  });
  const fromLiterals = find(value, 'literals[]').flatMap((literal) => {
    const text = textOf(literal.value);
    const equals = text.indexOf('=');
    if (equals > 0) return [{ key: text.slice(0, equals), bytes: encode(text.slice(equals + 1).replaceAll(/^["']+|["']+$/g, '')) }];
    report([...path, ...literal.path], `loading KV pairs: literal sources: invalid literal source ${text}, expected key=value`);
    return [];
  });
  return [...fromEnvs, ...fromFiles, ...fromLiterals];
}

function envSources(bytes: Uint8Array | undefined): readonly Source[] {
  const lines = bytes === undefined ? [] : new TextDecoder().decode(bytes).split(/\r?\n/);
  return lines
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const equals = line.indexOf('=');
      return equals === -1 ? { key: line, bytes: encode('') } : { key: line.slice(0, equals), bytes: encode(line.slice(equals + 1)) };
    });
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Bytes that are no text go into `binaryData`.
    return undefined;
  }
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
