/** Reads a kustomization file: its fields as they are used today, its older ones in their terms, and what is refused. */
import type { Path } from '../../cluster-host/api/field-error.ts';
import { isObject, type JsonObject } from '../../cluster-host/api/values.ts';
import type { Report } from './problem.ts';

/** A value with its place in the kustomization. */
export interface Entry<T> {
  readonly path: Path;
  readonly value: T;
}

export interface LabelEntry {
  readonly pairs: Readonly<Record<string, string>>;
  readonly selectors: boolean;
  readonly templates: boolean;
  readonly fields: readonly JsonObject[];
}

export interface Kustomization {
  readonly isComponent: boolean;
  readonly resources: readonly Entry<string>[];
  readonly components: readonly Entry<string>[];
  readonly configMaps: readonly Entry<JsonObject>[];
  readonly secrets: readonly Entry<JsonObject>[];
  readonly generatorOptions: JsonObject;
  readonly patches: readonly Entry<JsonObject>[];
  readonly namespace: string;
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly labels: readonly LabelEntry[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly images: readonly Entry<JsonObject>[];
  readonly replicas: readonly Entry<JsonObject>[];
  readonly replacements: readonly Entry<JsonObject>[];
  /** Resources stay in the order in which they came. */
  readonly keepsOrder: boolean;
}

type Shape = 'string' | 'number' | 'boolean' | 'strings' | 'objects' | 'texts' | 'object';

const fields: Readonly<Record<string, Shape>> = {
  apiVersion: 'string',
  kind: 'string',
  metadata: 'object',
  resources: 'strings',
  bases: 'strings',
  components: 'strings',
  configMapGenerator: 'objects',
  secretGenerator: 'objects',
  generatorOptions: 'object',
  patches: 'objects',
  patchesStrategicMerge: 'strings',
  patchesJson6902: 'objects',
  namespace: 'string',
  namePrefix: 'string',
  nameSuffix: 'string',
  commonLabels: 'texts',
  labels: 'objects',
  commonAnnotations: 'texts',
  images: 'objects',
  replicas: 'objects',
  replacements: 'objects',
  sortOptions: 'object',
  // Annotations about where things came from: they mean nothing to validation.
  buildMetadata: 'strings',
};

const generator: Readonly<Record<string, Shape>> = {
  name: 'string',
  namespace: 'string',
  behavior: 'string',
  type: 'string',
  env: 'string',
  envs: 'strings',
  files: 'strings',
  literals: 'strings',
  options: 'object',
};

/** The fields of the objects in lists. */
const entryFields: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  configMapGenerator: generator,
  secretGenerator: generator,
  patches: { path: 'string', patch: 'string', target: 'object', options: 'object' },
  patchesJson6902: { path: 'string', patch: 'string', target: 'object', options: 'object' },
  labels: { pairs: 'texts', includeSelectors: 'boolean', includeTemplates: 'boolean', fields: 'objects' },
  images: { name: 'string', newName: 'string', newTag: 'string', digest: 'string', tagSuffix: 'string' },
  replicas: { name: 'string', count: 'number' },
  replacements: { path: 'string', source: 'object', targets: 'objects' },
};

/** Known to kustomize, not built here. */
const unsupported: Readonly<Record<string, string>> = {
  vars: 'use replacements',
  imageTags: 'use images',
  helmCharts: 'charts are rendered by helm',
  helmChartInflationGenerator: 'charts are rendered by helm',
  helmGlobals: 'charts are rendered by helm',
  generators: 'plugins are not run',
  transformers: 'plugins are not run',
  validators: 'plugins are not run',
  configurations: 'only the built-in field specifications are used',
  crds: 'only the built-in field specifications are used',
  openapi: 'only the built-in schemas are used',
};

export function readKustomization(value: unknown, report: Report): Kustomization {
  if (!isObject(value)) {
    if (value !== null && value !== undefined) report([], 'invalid Kustomization: an object is expected');
    return readKustomization({}, report);
  }
  const valid = checked(value, report);
  const strings = (name: string): readonly Entry<string>[] => entries<string>(valid, name);
  const objects = (name: string): readonly Entry<JsonObject>[] => entries<JsonObject>(valid, name);
  const text = (name: string): string => (typeof valid[name] === 'string' ? valid[name] : '');
  const texts = (name: string): Readonly<Record<string, string>> => (valid[name] ?? {}) as Record<string, string>;
  const sortOptions = isObject(valid['sortOptions']) ? valid['sortOptions'] : {};
  return {
    isComponent: valid['kind'] === 'Component',
    resources: [...strings('resources'), ...strings('bases')],
    components: strings('components'),
    configMaps: objects('configMapGenerator'),
    secrets: objects('secretGenerator'),
    generatorOptions: isObject(valid['generatorOptions']) ? valid['generatorOptions'] : {},
    patches: [...strings('patchesStrategicMerge').map(strategicPatch), ...objects('patches'), ...objects('patchesJson6902')],
    namespace: text('namespace'),
    namePrefix: text('namePrefix'),
    nameSuffix: text('nameSuffix'),
    labels: [...(valid['commonLabels'] === undefined ? [] : [{ pairs: texts('commonLabels'), selectors: true, templates: true, fields: [] }]), ...objects('labels').map(labelEntry)],
    annotations: texts('commonAnnotations'),
    images: objects('images'),
    replicas: objects('replicas'),
    replacements: objects('replacements'),
    keepsOrder: sortOptions['order'] === 'fifo',
  };
}

/** Without the fields that are of no use, which are reported. */
function checked(value: JsonObject, report: Report): JsonObject {
  const valid: JsonObject = {};
  for (const [name, content] of Object.entries(value)) {
    const shape = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const refusal = Object.hasOwn(unsupported, name) ? unsupported[name] : undefined;
    if (refusal !== undefined) report([name], `${name} is not supported here: ${refusal}`, 'refused');
    else if (shape === undefined) report([name], `invalid Kustomization: json: unknown field "${name}"`);
    else if (content !== null && content !== undefined) {
      const wrong = wrongPlace(content, shape) ?? wrongEntry(content, entryFields[name]);
      if (wrong === undefined) valid[name] = content;
      else if (wrong.found === '') report([name, ...wrong.path], `invalid Kustomization: json: unknown field "${[name, ...wrong.path].join('.')}"`);
      else report([name, ...wrong.path], `invalid Kustomization: json: cannot unmarshal ${wrong.found} into Go struct field Kustomization.${[name, ...wrong.path].join('.')} of type ${wrong.wanted}`);
    }
  }
  return valid;
}

interface Wrong {
  readonly path: Path;
  /** Empty for a field that there is not. */
  readonly found: string;
  readonly wanted: string;
}

function wrongPlace(content: unknown, shape: Shape): Wrong | undefined {
  switch (shape) {
    case 'string':
      return typeof content === 'string' ? undefined : { path: [], found: jsonType(content), wanted: 'string' };
    case 'number':
      return typeof content === 'number' ? undefined : { path: [], found: jsonType(content), wanted: 'int64' };
    case 'boolean':
      return typeof content === 'boolean' ? undefined : { path: [], found: jsonType(content), wanted: 'bool' };
    case 'object':
      return isObject(content) ? undefined : { path: [], found: jsonType(content), wanted: 'object' };
    case 'texts':
      return isObject(content) ? firstWrong(Object.entries(content), 'string') : { path: [], found: jsonType(content), wanted: 'map[string]string' };
    case 'strings':
      return Array.isArray(content) ? firstWrong([...content.entries()], 'string') : { path: [], found: jsonType(content), wanted: '[]string' };
    case 'objects':
      return Array.isArray(content) ? firstWrong([...content.entries()], 'object') : { path: [], found: jsonType(content), wanted: 'list' };
  }
}

function wrongEntry(content: unknown, shapes: Readonly<Record<string, Shape>> | undefined): Wrong | undefined {
  if (shapes === undefined || !Array.isArray(content)) return undefined;
  for (const [index, entry] of content.entries()) {
    for (const [name, value] of Object.entries(isObject(entry) ? entry : {})) {
      const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
      const wrong = shape === undefined ? { path: [], found: '', wanted: '' } : value === null ? undefined : wrongPlace(value, shape);
      if (wrong !== undefined) return { ...wrong, path: [index, name, ...wrong.path] };
    }
  }
  return undefined;
}

function firstWrong(items: readonly (readonly [string | number, unknown])[], shape: 'string' | 'object'): Wrong | undefined {
  for (const [step, item] of items) {
    const wrong = wrongPlace(item, shape);
    if (wrong !== undefined) return { ...wrong, path: [step, ...wrong.path] };
  }
  return undefined;
}

function jsonType(value: unknown): string {
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? 'array' : typeof value;
}

function entries<T>(value: JsonObject, name: string): readonly Entry<T>[] {
  const list = value[name];
  return Array.isArray(list) ? list.map((item: T, index) => ({ path: [name, index], value: item })) : [];
}

/** The older field has paths and texts in one list. */
function strategicPatch({ path, value }: Entry<string>): Entry<JsonObject> {
  return { path, value: value.includes('\n') || value.includes('{') ? { patch: value } : { path: value } };
}

function labelEntry({ value }: Entry<JsonObject>): LabelEntry {
  const { pairs, includeSelectors, includeTemplates, fields: specified } = value;
  const selectors = includeSelectors === true;
  return {
    pairs: isObject(pairs) ? (pairs as Record<string, string>) : {},
    selectors,
    templates: selectors || includeTemplates === true,
    fields: Array.isArray(specified) ? specified.filter(isObject) : [],
  };
}
