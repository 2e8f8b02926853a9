/** The table of completions by meaning. Completion by schema comes from the YAML service (`lsp/yaml-service.ts`). */
import type { Position, Range } from '../../messages.ts';
import { cursorAt } from '../../syntax/cursor.ts';
import { rangeIn } from '../../syntax/text.ts';
import { placeOf } from '../feature.ts';
import type { FeatureContext } from '../feature.ts';
import type { Completer, Completion } from './completer.ts';
import { completeHeader } from './header.ts';
import { completeLabels } from './labels.ts';
import { completeNames } from './names.ts';
import { completePorts } from './ports.ts';

export interface CompletionAnswer {
  readonly range: Range;
  readonly items: readonly Completion[];
  /** Whether nothing else fits here, so that the schema need not be asked. */
  readonly complete: boolean;
}

const completers: readonly Completer[] = [completeHeader, completeNames, completeLabels, completePorts];

export function completionsAt(context: FeatureContext, position: Position): CompletionAnswer | undefined {
  const place = placeOf(context, position);
  const cursor = place === undefined ? undefined : cursorAt(place.document.syntax.text, place.offset);
  if (place === undefined || cursor === undefined) return undefined;
  const items = completers.flatMap((complete) => complete({ ...place, cursor }, context));
  return { range: rangeIn(context.file.text, place.document, cursor.span), items, complete: items.length > 0 && cursor.on === 'value' };
}
