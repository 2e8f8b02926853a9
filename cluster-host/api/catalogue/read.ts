/**
 * Reads the text of the generated catalogue (written by `scripts/generate/catalogue.ts`).
 *
 * First the named text types, one a line: Go name, then the values that are listed for it. After an empty line the types:
 * model, definition, group/version of a whole object, `atomic`, fields; separated by tabs, fields by `|`. A field is its
 * name, its type and its flags:
 *
 *     @V1Pod  $3  []T  {}T  string …  any:v1.JSON     a model, a named text type, a list, a map, scalars with their Go name
 *     !  *  ~  ^A.B  l=map,name  a  g  p=merge  k=name  d="TCP"  n=v1.ResourceList
 *
 * required, pointer, left out when empty, embedded in A and B, list type with keys, atomic or
 * granular against the type's own, patch strategy and merge key,
 * default, Go name of the whole type.
 */
import type { Field, ListType, ScalarName, StructType, Type } from './schema.ts';

/** A struct of the catalogue. Its fields are read when first asked for. */
export interface ModelType extends StructType {
  /** `V1PodSpec`. */
  readonly model: string;
  /** `io.k8s.api.core.v1.PodSpec`, as OpenAPI documents name it. */
  readonly definition: string;
  /** Group, version and kind of a whole object. */
  readonly gvk?: { readonly group: string; readonly version: string; readonly kind: string };
}

const scalarGoTypes: Readonly<Record<ScalarName, string>> = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  float64: 'float64',
  bytes: '[]uint8',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  time: 'v1.Time',
  microTime: 'v1.MicroTime',
  any: 'interface {}',
  object: 'runtime.RawExtension',
};

export function readCatalogue(text: string): ReadonlyMap<string, ModelType> {
  const [named = '', types = ''] = text.split('\n\n');
  const models = new Map<string, ModelType>();
  const reader = new Reader(named.split('\n'), models);
  for (const line of types.split('\n')) {
    const model = reader.model(line);
    models.set(model.model, model);
  }
  return models;
}

class Reader {
  private readonly named: readonly string[];
  private readonly models: ReadonlyMap<string, ModelType>;

  constructor(named: readonly string[], models: ReadonlyMap<string, ModelType>) {
    this.named = named;
    this.models = models;
  }

  model(line: string): ModelType {
    const [model = '', definition = '', groupVersion = '', atomic = '', fieldsText = ''] = line.split('\t');
    const [versionName = '', kind = ''] = definition.split('.').slice(-2);
    const [group = '', version = ''] = groupVersion.split('/');
    const readFields = () => this.fields(fieldsText);
    let fields: ReadonlyMap<string, Field> | undefined;
    return {
      kind: 'struct',
      goType: `${versionName}.${kind}`,
      model,
      definition,
      atomic: atomic !== '',
      ...(groupVersion === '' ? {} : { gvk: { group, version, kind } }),
      get fields() {
        return (fields ??= readFields());
      },
    };
  }

  private fields(text: string): ReadonlyMap<string, Field> {
    const fields = new Map<string, Field>();
    if (text === '') return fields;
    for (const part of text.split('|')) {
      const field = this.field(part);
      fields.set(field.name, field);
    }
    return fields;
  }

  private field(text: string): Field {
    const [name = '', typeText = '', ...flags] = text.split(' ');
    const valueOf = (flag: string) => flags.find((one) => one.startsWith(flag))?.slice(flag.length);
    const listWords = valueOf('l=')?.split(',') ?? ['atomic'];
    const patchMergeKey = valueOf('k=');
    const defaultText = valueOf('d=');
    const goType = valueOf('n=');
    const type = this.type(typeText, listWords, flags.includes('a') ? true : flags.includes('g') ? false : undefined);
    return {
      name,
      type: goType === undefined ? type : { ...type, goType },
      required: flags.includes('!'),
      pointer: flags.includes('*'),
      omitEmpty: flags.includes('~'),
      embeddedIn: valueOf('^')?.split('.') ?? [],
      patchStrategies: valueOf('p=')?.split(',') ?? [],
      ...(patchMergeKey === undefined ? {} : { patchMergeKey }),
      ...(defaultText === undefined ? {} : { default: JSON.parse(defaultText) as unknown }),
    };
  }

  private type(text: string, listWords: readonly string[], atomic: boolean | undefined): Type {
    if (text.startsWith('[]')) {
      const item = this.type(text.slice(2), ['atomic'], undefined);
      const [merge = 'atomic', ...keys] = listWords;
      return { kind: 'list', goType: `[]${item.goType}`, item, merge: merge as ListType['merge'], keys };
    }
    if (text.startsWith('{}')) {
      const value = this.type(text.slice(2), ['atomic'], undefined);
      return { kind: 'map', goType: `map[string]${value.goType}`, value, atomic: atomic === true };
    }
    if (text.startsWith('@')) return this.reference(text.slice(1), atomic);
    if (text.startsWith('$')) {
      const [goType = '', ...values] = (this.named[Number(text.slice(1))] ?? '').split(' ');
      return { kind: 'scalar', scalar: 'string', goType, ...(values.length === 0 ? {} : { values }) };
    }
    const [scalar = '', goType] = text.split(':');
    return { kind: 'scalar', scalar: scalar as ScalarName, goType: goType ?? scalarGoTypes[scalar as ScalarName] };
  }

  /** A field may own as a whole a type that others own in parts, or the other way round. */
  private reference(name: string, atomic: boolean | undefined): StructType {
    const model = this.models.get(name);
    if (model === undefined) throw new Error(`the catalogue lacks ${name}`);
    if (atomic === undefined || atomic === model.atomic) return model;
    return {
      kind: 'struct',
      goType: model.goType,
      atomic,
      like: name,
      get fields() {
        return model.fields;
      },
    };
  }
}
