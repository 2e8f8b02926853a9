/** The table of completions by meaning. Completion by schema comes from the YAML service (`lsp/yaml-service.ts`). */
import type { Position, Range } from '../../messages.ts';
import { cursorAt } from '../../syntax/cursor.ts';
import { rangeIn } from '../../syntax/text.ts';
import { placeOf } from '../feature.ts';
import type { FeatureContext } from '../feature.ts';
import type { Completer, Completion, LiveCompleter } from './completer.ts';
import { completeDownwardFields } from './downward-fields.ts';
import { completeFlowFields } from './flow-fields.ts';
import { completeHeader } from './header.ts';
import { completeLiveImages, completeWorkspaceImages } from './images.ts';
import { completeLabels, completeLiveLabels } from './labels.ts';
import { completeLiveNames, completeNames } from './names.ts';
import { completePodParts } from './pod-parts.ts';
import { completePorts } from './ports.ts';

export interface CompletionAnswer {
  readonly range: Range;
  readonly items: readonly Completion[];
  /** Whether nothing else fits here, so that the schema need not be asked. */
  readonly complete: boolean;
}

const completers: readonly Completer[] = [completeHeader, completeNames, completeLabels, completePorts, completePodParts, completeDownwardFields, completeWorkspaceImages, completeFlowFields];
const liveCompleters: readonly LiveCompleter[] = [completeLiveNames, completeLiveLabels, completeLiveImages];

export async function completionsAt(context: FeatureContext, position: Position): Promise<CompletionAnswer | undefined> {
  const place = placeOf(context, position);
  const cursor = place === undefined ? undefined : cursorAt(place.document.syntax.text, place.offset);
  if (place === undefined || cursor === undefined) return undefined;
  const here = { ...place, cursor };
  const live = await Promise.all(liveCompleters.map((complete) => complete(here, context)));
  const items = unique([...completers.flatMap((complete) => complete(here, context)), ...live.flat()]);
  return { range: rangeIn(context.file.text, place.document, cursor.span), items, complete: items.length > 0 && cursor.on === 'value' };
}

/** What the workspace knows comes before what the cluster has. */
function unique(items: readonly Completion[]): readonly Completion[] {
  return [...new Map(items.toReversed().map((item) => [`${item.kind} ${item.label} ${item.text ?? ''}`, item])).values()].toReversed();
}
