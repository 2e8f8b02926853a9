/**
 * How the structs of the catalogue lie in Kubernetes' protobuf messages: field numbers, and which fields share a nested message.
 *
 * The numbers are facts of the API (its `generated.proto` files). `volumes 2.1` says: field 1 of the message in field 2, which
 * JSON does not show.
 */
import type { ModelType } from '../catalogue/read.ts';
import type { Field, StructType } from '../catalogue/schema.ts';
import numbers from './field-numbers.json' with { type: 'json' };

/** One message: its fields by number; a nested message that JSON does not show is a layout itself. */
export interface Layout {
  readonly fields: ReadonlyMap<number, Field | Layout>;
}

const layouts = new WeakMap<StructType, Layout | undefined>();

/** Undefined for a type that has no protobuf form. */
export function layoutOf(type: StructType): Layout | undefined {
  if (!layouts.has(type)) layouts.set(type, readLayout(type));
  return layouts.get(type);
}

export function isLayout(entry: Field | Layout): entry is Layout {
  return 'fields' in entry;
}

interface OpenLayout extends Layout {
  readonly fields: Map<number, Field | OpenLayout>;
}

function readLayout(type: StructType): Layout | undefined {
  const text = (numbers as Readonly<Record<string, string>>)[(type as Partial<ModelType>).model ?? type.like ?? ''];
  if (text === undefined) return undefined;
  const root: OpenLayout = { fields: new Map() };
  for (const entry of text.split(' ')) {
    const [name = '', path = ''] = entry.split('=');
    const field = type.fields.get(name);
    if (field !== undefined) place(root, path.split('.').map(Number), field);
  }
  return root;
}

function place(layout: OpenLayout, [number = 0, ...rest]: readonly number[], field: Field): void {
  if (rest.length === 0) {
    layout.fields.set(number, field);
    return;
  }
  const nested = layout.fields.get(number) ?? { fields: new Map() };
  layout.fields.set(number, nested);
  place(nested as OpenLayout, rest, field);
}
