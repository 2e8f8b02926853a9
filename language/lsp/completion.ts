/** Completion: what the workspace knows (names, labels, ports, kinds) before what the schema offers. */
import { CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import type { CompletionItem, CompletionList, Position } from 'vscode-languageserver';
import { completionsAt } from '../features/completion/completion.ts';
import type { Completion } from '../features/completion/completer.ts';
import type { FeatureContext } from '../features/feature.ts';
import { placeOf } from '../features/feature.ts';
import type { Range } from '../messages.ts';
import { shiftedRange } from './yaml-service.ts';
import type { YamlService } from './yaml-service.ts';

const kinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  kind: CompletionItemKind.Class,
  name: CompletionItemKind.Reference,
  label: CompletionItemKind.Constant,
  snippet: CompletionItemKind.Snippet,
};

export async function complete(context: FeatureContext, position: Position, yaml: YamlService): Promise<CompletionList> {
  const known = await completionsAt(context, position);
  const items = known?.items.map((completion) => itemOf(completion, known.range)) ?? [];
  const offered = known?.complete === true ? [] : await fromSchema(context, position, yaml);
  const labels = new Set(items.map(({ label }) => label));
  return { isIncomplete: false, items: [...items, ...offered.filter(({ label }) => !labels.has(label))] };
}

async function fromSchema(context: FeatureContext, position: Position, yaml: YamlService): Promise<readonly CompletionItem[]> {
  const place = placeOf(context, position);
  if (place === undefined) return [];
  const firstLine = context.file.text.lines.positionAt(place.document.start).line;
  const items = await yaml.complete(place, { line: position.line - firstLine, character: position.character });
  return items.map((item) => {
    const { textEdit, additionalTextEdits } = item;
    return {
      ...item,
      ...(textEdit !== undefined && 'range' in textEdit ? { textEdit: { ...textEdit, range: shiftedRange(textEdit.range, firstLine) } } : {}),
      ...(additionalTextEdits === undefined ? {} : { additionalTextEdits: additionalTextEdits.map((edit) => ({ ...edit, range: shiftedRange(edit.range, firstLine) })) }),
    };
  });
}

function itemOf({ label, kind, detail, text }: Completion, range: Range): CompletionItem {
  return {
    label,
    kind: kinds[kind],
    detail,
    // Before what the schema offers.
    sortText: `0${label}`,
    textEdit: { range, newText: text ?? label },
    insertTextFormat: kind === 'snippet' ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
  };
}
