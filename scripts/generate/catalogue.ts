/**
 * Writes the schema catalogue: models and facts joined, one line a type, so that the host splits a text when it starts
 * and reads only the types that it meets (`cluster-host/api/catalogue/read.ts` is the reader and describes the form).
 */
import type { FieldFacts, PackageFacts } from './facts.ts';
import type { Model, ModelField } from './models.ts';

/** Packages whose group is not the last part but one of their name with `.k8s.io` or nothing behind it. */
const groups: Readonly<Record<string, string>> = {
  core: '',
  apps: 'apps',
  batch: 'batch',
  autoscaling: 'autoscaling',
  policy: 'policy',
  admissionregistration: 'admissionregistration.k8s.io',
  apiextensions: 'apiextensions.k8s.io',
  apiregistration: 'apiregistration.k8s.io',
  authentication: 'authentication.k8s.io',
  authorization: 'authorization.k8s.io',
  certificates: 'certificates.k8s.io',
  coordination: 'coordination.k8s.io',
  discovery: 'discovery.k8s.io',
  events: 'events.k8s.io',
  flowcontrol: 'flowcontrol.apiserver.k8s.io',
  networking: 'networking.k8s.io',
  node: 'node.k8s.io',
  rbac: 'rbac.authorization.k8s.io',
  resource: 'resource.k8s.io',
  scheduling: 'scheduling.k8s.io',
  storage: 'storage.k8s.io',
  storagemigration: 'storagemigration.k8s.io',
};

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  float64: 'float64',
  '[]byte': 'bytes',
  'resource.Quantity': 'quantity',
  'intstr.IntOrString': 'intOrString',
  'runtime.RawExtension': 'object',
  FieldsV1: 'object',
  JSON: 'any',
  JSONSchemaPropsOrArray: 'any',
  JSONSchemaPropsOrBool: 'any',
  JSONSchemaPropsOrStringArray: 'any',
  CustomResourceSubresourceStatus: 'object',
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function modelNameOf(definition: string, models: ReadonlyMap<string, unknown>): string | undefined {
  const [group = '', version = '', kind = ''] = definition.split('.').slice(-3);
  const candidates = [`${capital(group)}${capital(version)}${kind}`, `${capital(version)}${kind}`];
  return candidates.find((name) => models.has(name));
}

class Writer {
  private readonly named = new Map<string, number>();
  private readonly namedLines: string[] = [];
  private readonly models: ReadonlyMap<string, Model>;

  constructor(models: ReadonlyMap<string, Model>) {
    this.models = models;
  }

  write(packages: readonly PackageFacts[]): string {
    const lines = packages.flatMap((facts) => this.packageLines(facts));
    return [...this.namedLines, '', ...lines].join('\n');
  }

  private packageLines(facts: PackageFacts): readonly string[] {
    const [groupName = '', version = ''] = facts.name.split('.').slice(-2);
    return [...facts.kinds, ...facts.types].map((type) => {
      const definition = `${facts.name}.${type}`;
      const name = modelNameOf(definition, this.models);
      const model = this.models.get(name ?? '');
      if (name === undefined || model === undefined) throw new Error(`no model for ${definition}`);
      const gvk = facts.kinds.includes(type) ? `${groups[groupName]}/${version}` : '';
      const known = facts.fields.get(type);
      for (const field of known?.keys() ?? []) {
        if (!model.fields.some((one) => one.name === field)) throw new Error(`${definition} has no field ${field}`);
      }
      const fields = model.fields.map((field) => this.field(field, known?.get(field.name), facts));
      return [name, definition, gvk, facts.atomic.has(type) ? 'atomic' : '', fields.join('|')].join('\t');
    });
  }

  private field(field: ModelField, facts: FieldFacts | undefined, owner: PackageFacts): string {
    const aliased = owner.aliases.get(facts?.goType ?? '') ?? (facts?.goType === 'v1.ResourceList' ? 'map[v1.ResourceName]resource.Quantity' : undefined);
    const type = aliased !== undefined || facts?.goType !== undefined ? this.goType(aliased ?? facts?.goType ?? '', field, owner) : this.modelType(field.type, field.format);
    const isPointer = /^(?:@|time$|microTime$|intOrString$)/.test(type) && !field.required && !['metadata', 'spec', 'status'].includes(field.name);
    const flags = [
      ...(field.required ? ['!'] : []),
      ...((facts?.pointer ?? isPointer) ? ['*'] : []),
      ...((facts?.omitEmpty ?? !field.required) ? ['~'] : []),
      ...(field.name === 'apiVersion' || field.name === 'kind' ? embeddedMeta(field) : []),
      ...(facts === undefined || facts.via.length === 0 ? [] : [`^${facts.via.join('.')}`]),
      ...(facts?.list === undefined ? [] : [`l=${[facts.list, ...facts.listKeys].join(',')}`]),
      ...(facts?.atomic === true ? ['a'] : []),
      ...(facts === undefined || facts.patch.length === 0 ? [] : [`p=${facts.patch.join(',')}`]),
      ...(facts?.patchKey === undefined ? [] : [`k=${facts.patchKey}`]),
      ...(facts?.default === undefined ? [] : [`d=${facts.default}`]),
      ...(aliased === undefined ? [] : [`g=${goName(facts?.goType ?? '', owner)}`]),
    ];
    return [field.name, type, ...flags].join(' ');
  }

  private modelType(type: string, format: string): string {
    const list = /^Array<(.*)>$/.exec(type)?.[1];
    if (list !== undefined) return `[]${this.modelType(list, format)}`;
    const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
    if (map !== undefined) return `{}${this.modelType(map, format)}`;
    if (type === 'string') return format === 'byte' ? 'bytes' : 'string';
    if (type === 'boolean') return 'bool';
    if (type === 'number') return format === 'double' ? 'float64' : format;
    if (type === 'Date') return 'time';
    if (type === 'V1MicroTime') return 'microTime';
    if (type === 'IntOrString') return 'intOrString';
    if (type === 'any') return 'any';
    if (!this.models.has(type)) throw new Error(`unknown type ${type}`);
    return `@${type}`;
  }

  /** A Go type of the facts, with what it refers to found among the models. */
  private goType(type: string, field: ModelField, owner: PackageFacts): string {
    const scalar = scalars[type];
    if (scalar !== undefined) return type.startsWith('JSON') || type === 'FieldsV1' || type.startsWith('Custom') ? `${scalar}:${goName(type, owner)}` : scalar;
    const list = /^\[\](.*)$/.exec(type)?.[1];
    if (list !== undefined) return `[]${this.goType(list, field, owner)}`;
    const map = /^map\[[^\]]*\](.*)$/.exec(type)?.[1];
    if (map !== undefined) return `{}${this.goType(map, field, owner)}`;
    const alias = owner.aliases.get(type);
    if (alias !== undefined) return this.goType(alias, field, owner);
    if (type === 'v1.ResourceList') return '{}quantity';
    if (type === 'ExtraValue') return '[]string';
    const model = modelNameOf(`${owner.name}.${type}`, this.models);
    const referred = /(V\w+)(?:>|;|$)/.exec(field.type)?.[1];
    if (referred !== undefined && (model === referred || referred.endsWith(type))) return `@${referred}`;
    return `$${this.namedIndex(type, owner)}`;
  }

  private namedIndex(type: string, owner: PackageFacts): number {
    const line = [goName(type, owner), ...(owner.enums.get(type) ?? [])].join(' ');
    const known = this.named.get(line) ?? this.namedLines.push(line) - 1;
    this.named.set(line, known);
    return known;
  }
}

function goName(type: string, owner: PackageFacts): string {
  return type.includes('.') ? type : `${owner.name.split('.').at(-1)}.${type}`;
}

/** `apiVersion` and `kind` of a whole object are fields of the embedded TypeMeta; a reference has its own. */
function embeddedMeta(field: ModelField): readonly string[] {
  return field.doc.includes('APIVersion defines the versioned schema') || field.doc.includes('Kind is a string value representing the REST resource') ? ['^TypeMeta'] : [];
}

export function catalogueText(models: readonly Model[], packages: readonly PackageFacts[]): string {
  return new Writer(new Map(models.map((model) => [model.name, model]))).write(packages);
}
