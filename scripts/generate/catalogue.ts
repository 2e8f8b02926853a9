/**
 * Writes the schema catalogue: models and facts joined, one line a type, so that the host splits a text when it starts
 * and reads only the types that it meets (`cluster-host/api/catalogue/read.ts` is the reader and describes the form).
 */
import type { FieldFacts, PackageFacts } from './facts.ts';
import type { Model, ModelField } from './models.ts';

/** API groups that are named otherwise than their package and `.k8s.io`. */
const groups: Readonly<Record<string, string>> = {
  core: '',
  apps: 'apps',
  autoscaling: 'autoscaling',
  batch: 'batch',
  policy: 'policy',
  flowcontrol: 'flowcontrol.apiserver.k8s.io',
  rbac: 'rbac.authorization.k8s.io',
};

/** Scalars by the type that the models give a field, with its format where it has one. */
const modelScalars: Readonly<Record<string, string>> = {
  string: 'string',
  'string byte': 'bytes',
  boolean: 'bool',
  'number int32': 'int32',
  'number int64': 'int64',
  'number double': 'float64',
  'Date date-time': 'time',
  'V1MicroTime date-time-micro': 'microTime',
  'IntOrString int-or-string': 'intOrString',
  any: 'any',
};

/** Scalars by the Go type that the facts give a field. */
const goScalars: Readonly<Record<string, string>> = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  float64: 'float64',
  '[]byte': 'bytes',
  'resource.Quantity': 'quantity',
  'intstr.IntOrString': 'intOrString',
  'runtime.RawExtension': 'object',
};

/** Go types that are free JSON and are told apart by name. */
const freeTypes: Readonly<Record<string, string>> = {
  FieldsV1: 'object',
  JSON: 'any',
  JSONSchemaPropsOrArray: 'any',
  JSONSchemaPropsOrBool: 'any',
  JSONSchemaPropsOrStringArray: 'any',
  CustomResourceSubresourceStatus: 'object',
};

export function catalogueText(models: readonly Model[], packages: readonly PackageFacts[]): string {
  return new Writer(new Map(models.map((model) => [model.name, model]))).write(packages);
}

class Writer {
  /** Named text types with their values, a line each, by line. */
  private readonly named = new Map<string, number>();
  private readonly models: ReadonlyMap<string, Model>;

  constructor(models: ReadonlyMap<string, Model>) {
    this.models = models;
  }

  write(packages: readonly PackageFacts[]): string {
    const types = packages.flatMap((facts) => [...facts.kinds, ...facts.types].map((type) => this.type(type, facts)));
    return [...this.named.keys(), '', ...types].join('\n');
  }

  private type(type: string, facts: PackageFacts): string {
    const definition = `${facts.name}.${type}`;
    const model = this.modelOf(definition);
    if (model === undefined) throw new Error(`no model for ${definition}`);
    const known = facts.fields.get(type);
    const strange = [...(known?.keys() ?? [])].filter((field) => !model.fields.some((one) => one.name === field));
    if (strange.length > 0) throw new Error(`${definition} has no fields ${strange.join(', ')}`);
    const fields = model.fields.map((field) => this.field(field, known?.get(field.name), facts));
    const groupVersion = facts.kinds.includes(type) ? groupVersionOf(facts.name) : '';
    return [model.name, definition, groupVersion, facts.atomic.has(type) ? 'atomic' : '', fields.join('|')].join('\t');
  }

  /** The model of a definition: the client prefixes its name with the group where two groups have the same. */
  private modelOf(definition: string): Model | undefined {
    const [group = '', version = '', kind = ''] = definition.split('.').slice(-3);
    return this.models.get(`${capital(group)}${capital(version)}${kind}`) ?? this.models.get(`${capital(version)}${kind}`);
  }

  private field(field: ModelField, facts: FieldFacts | undefined, owner: PackageFacts): string {
    const type = facts?.goType === undefined ? this.modelType(field.type, field.format) : this.goType(facts.goType, field, owner);
    const isReference = type.startsWith('@') || ['time', 'microTime', 'intOrString'].includes(type);
    const isPointer = isReference && !field.required && !['metadata', 'spec', 'status'].includes(field.name);
    const via = isTypeMeta(field) ? ['TypeMeta'] : (facts?.via ?? []);
    const flags = [
      field.required && '!',
      (facts?.pointer ?? isPointer) && '*',
      (facts?.omitEmpty ?? !field.required) && '~',
      via.length > 0 && `^${via.join('.')}`,
      facts?.list !== undefined && `l=${[facts.list, ...facts.listKeys].join(',')}`,
      facts?.atomic !== undefined && (facts.atomic ? 'a' : 'g'),
      facts !== undefined && facts.patch.length > 0 && `p=${facts.patch.join(',')}`,
      facts?.patchKey !== undefined && `k=${facts.patchKey}`,
      facts?.default !== undefined && `d=${facts.default}`,
      facts?.goType !== undefined && owner.aliases.has(facts.goType) && `n=${goName(facts.goType, owner)}`,
    ];
    return [field.name, type, ...flags.filter((flag) => flag !== false)].join(' ');
  }

  private modelType(type: string, format: string): string {
    const [, item] = /^Array<(.*)>$/.exec(type) ?? [];
    if (item !== undefined) return `[]${this.modelType(item, format)}`;
    const [, value] = /^\{ \[key: string\]: (.*); \}$/.exec(type) ?? [];
    if (value !== undefined) return `{}${this.modelType(value, format)}`;
    const scalar = modelScalars[`${type} ${format}`.trim()] ?? modelScalars[type];
    if (scalar === undefined && !this.models.has(type)) throw new Error(`unknown type ${type}`);
    return scalar ?? `@${type}`;
  }

  /** A Go type of the facts, with what it refers to found among the models. */
  private goType(type: string, field: ModelField, owner: PackageFacts): string {
    if (goScalars[type] !== undefined) return goScalars[type];
    if (freeTypes[type] !== undefined) return `${freeTypes[type]}:${goName(type, owner)}`;
    const [, item] = /^\[\](.*)$/.exec(type) ?? [];
    if (item !== undefined) return `[]${this.goType(item, field, owner)}`;
    const [, value] = /^map\[[^\]]*\](.*)$/.exec(type) ?? [];
    if (value !== undefined) return `{}${this.goType(value, field, owner)}`;
    const alias = owner.aliases.get(type);
    if (alias !== undefined) return this.goType(alias, field, owner);
    const [, referred] = /\b(\w*V\d\w+)(?:>|;|$)/.exec(field.type) ?? [];
    if (referred !== undefined && referred.endsWith(type)) return `@${referred}`;
    return `$${this.namedIndex(type, owner)}`;
  }

  private namedIndex(type: string, owner: PackageFacts): number {
    const line = [goName(type, owner), ...(owner.enums.get(type) ?? [])].join(' ');
    const index = this.named.get(line) ?? this.named.size;
    this.named.set(line, index);
    return index;
  }
}

function groupVersionOf(packageName: string): string {
  const [group = '', version = ''] = packageName.split('.').slice(-2);
  return `${groups[group] ?? `${group}.k8s.io`}/${version}`;
}

function goName(type: string, owner: PackageFacts): string {
  return type.includes('.') ? type : `${owner.name.split('.').at(-1)}.${type}`;
}

/** `apiVersion` and `kind` of a whole object are fields of the embedded TypeMeta; a reference has its own. */
function isTypeMeta({ doc }: ModelField): boolean {
  return doc.includes('APIVersion defines the versioned schema') || doc.includes('Kind is a string value representing the REST resource');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
