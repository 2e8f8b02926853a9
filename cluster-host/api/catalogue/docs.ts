/** Kubernetes' documentation of types and fields: larger than the catalogue, so only whoever shows it imports this file. */
import docs from '../generated/docs.json' with { type: 'json' };
import { modelType } from './catalogue.ts';

const byModel: Readonly<Record<string, readonly number[]>> = docs.models;

const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
const metadataTexts: Readonly<Record<string, string>> = {
  V1ObjectMeta: `Standard object's metadata. More info: ${conventions}#metadata`,
  V1ListMeta: `Standard list metadata. More info: ${conventions}#types-kinds`,
};

/** What Kubernetes says about a type, or about one of its fields; empty where it says nothing. */
export function docOf(model: string, field?: string): string {
  if (field === undefined) return textAt(model, 0);
  const fields = [...(modelType(model)?.fields.values() ?? [])];
  const index = fields.findIndex((one) => one.name === field);
  const type = fields[index]?.type;
  if (type === undefined) return '';
  // The models leave out the text of a field that is a struct; the struct's own text serves.
  return textAt(model, 1 + index) || ('model' in type ? (metadataTexts[String(type.model)] ?? textAt(String(type.model), 0)) : '');
}

function textAt(model: string, index: number): string {
  const positions = Object.hasOwn(byModel, model) ? byModel[model] : undefined;
  return docs.texts[positions?.[index] ?? -1] ?? '';
}
