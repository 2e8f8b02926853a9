/** The table of completions by meaning. Completion by schema comes from the YAML service (`lsp/yaml-service.ts`). */
import type { Position, Range } from '../../messages.ts';
import type { Cursor } from '../../syntax/cursor.ts';
import { cursorAt } from '../../syntax/cursor.ts';
import { rangeIn } from '../../syntax/text.ts';
import { placeOf } from '../feature.ts';
import type { FeatureContext, Place } from '../feature.ts';
import { completeHeader } from './header.ts';
import { completeLabels } from './labels.ts';
import { completeNames } from './names.ts';
import { completePorts } from './ports.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'kind' | 'name' | 'label' | 'snippet';
  /** Where it comes from, on the same line. */
  readonly detail: string;
  /** What is inserted where it differs from the label; for snippets with LSP's placeholders. */
  readonly text?: string;
}

export interface CompletionAnswer {
  readonly range: Range;
  readonly items: readonly Completion[];
  /** Whether nothing else fits here, so that the schema need not be asked. */
  readonly complete: boolean;
}

export interface CompletionPlace extends Place {
  readonly cursor: Cursor;
}

export type Completer = (place: CompletionPlace, context: FeatureContext) => readonly Completion[];

const completers: readonly Completer[] = [completeHeader, completeNames, completeLabels, completePorts];

export function completionsAt(context: FeatureContext, position: Position): CompletionAnswer | undefined {
  const place = placeOf(context, position);
  const cursor = place === undefined ? undefined : cursorAt(place.document.syntax.text, place.offset);
  if (place === undefined || cursor === undefined) return undefined;
  const items = completers.flatMap((complete) => complete({ ...place, cursor }, context));
  return { range: rangeIn(context.file.text, place.document, cursor.span), items, complete: items.length > 0 && cursor.on === 'value' };
}
