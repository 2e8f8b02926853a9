/** Collects the documentation of every type in the catalogue: texts once, types and fields by the text's position. */
import type { Model } from './models.ts';

export interface GeneratedDocs {
  readonly texts: readonly string[];
  /** By model: the position of its own text, then of each field's text in the catalogue's order. */
  readonly models: Readonly<Record<string, readonly number[]>>;
}

export function docsOf(models: readonly Model[], catalogue: string): GeneratedDocs {
  const known = new Set(catalogue.split('\n').map((line) => line.split('\t')[0]));
  const positions = new Map<string, number>();
  const position = (text: string) => {
    const at = positions.get(text) ?? positions.size;
    positions.set(text, at);
    return at;
  };
  const byModel: Record<string, readonly number[]> = {};
  for (const model of models) {
    if (known.has(model.name)) byModel[model.name] = [model.doc, ...model.fields.map((field) => field.doc)].map(position);
  }
  return { texts: [...positions.keys()], models: byModel };
}
