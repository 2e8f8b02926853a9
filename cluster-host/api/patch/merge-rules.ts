/** What a schema says of how a field merges: the `patchStrategy` and `patchMergeKey` of Go's structs. */
import type { Type } from '../catalogue/schema.ts';
import { problems } from './problem.ts';

export interface MergeRule {
  /** Of the field's value, or of the items of its list; undefined where the schema ends. */
  readonly type: Type | undefined;
  /** `merge`, `replace` or empty. */
  readonly strategy: string;
  /** Empty where items have none. */
  readonly key: string;
}

/** How a field of an object merges. Throws where the schema does not know it, or knows something else than was asked for. */
export function mergeRule(type: Type | undefined, name: string, form: 'object' | 'list'): MergeRule {
  if (type?.kind !== 'struct') throw problems.other(`merging an object in json but data type is not struct, instead is: ${type?.kind ?? 'interface'}`);
  const field = type.fields.get(name);
  if (field === undefined) throw problems.other(`unable to find api field in struct ${type.goType.split('.').at(-1)} for the json field ${JSON.stringify(name)}`);
  const strategy = field.patchStrategies.find((one) => one !== 'retainKeys') ?? '';
  const key = field.patchMergeKey ?? '';
  if (form === 'object') return { type: field.type, strategy, key };
  if (field.type.kind !== 'list') throw problems.other('expected slice or array type, but got: struct');
  return { type: field.type.item, strategy, key };
}
