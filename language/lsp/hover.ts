/** Hover: what the library says, else the documentation of the field. */
import { MarkupKind } from 'vscode-languageserver';
import type { Hover, Position } from 'vscode-languageserver';
import { placeOf } from '../features/feature.ts';
import type { FeatureContext } from '../features/feature.ts';
import { hoverAt } from '../features/hover.ts';
import { shiftedRange } from './yaml-service.ts';
import type { YamlService } from './yaml-service.ts';

export async function hover(context: FeatureContext, position: Position, yaml: YamlService): Promise<Hover | null> {
  const own = await hoverAt(context, position);
  if (own !== undefined) return { range: own.range, contents: { kind: MarkupKind.Markdown, value: own.markdown } };
  const place = placeOf(context, position);
  if (place === undefined) return null;
  const firstLine = context.file.text.lines.positionAt(place.document.start).line;
  const documentation = await yaml.hover(place, { line: position.line - firstLine, character: position.character });
  if (documentation === undefined) return null;
  return { ...documentation, ...(documentation.range === undefined ? {} : { range: shiftedRange(documentation.range, firstLine) }) };
}
