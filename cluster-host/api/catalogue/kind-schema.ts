/** The schema of a kind of the table, be it of the catalogue or its own. */
import type { ParsedDocument } from '../decode/parsed.ts';
import { decode, type Decoded } from '../decode/typed.ts';
import type { KindDefinition } from '../kind.ts';
import { modelType } from './catalogue.ts';
import type { StructType } from './schema.ts';

type Schematic = Pick<KindDefinition, 'model' | 'custom'>;

/** Throws where the table names a model that does not exist: a mistake of ours. */
export function schemaOf({ model, custom }: Schematic): StructType {
  const type = custom?.type ?? modelType(model);
  if (type === undefined) throw new Error(`the catalogue has no ${model}`);
  return type;
}

/** A document as an object of the kind, with what is wrong with it. */
export function decodeKind(document: ParsedDocument, kind: Schematic): Decoded {
  return kind.custom === undefined ? decode(document, schemaOf(kind)) : kind.custom.decode(document);
}
