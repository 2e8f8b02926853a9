/** The actions above each document. */
import { documentCommands } from '../messages.ts';
import type { DocumentArgument, Range } from '../messages.ts';
import type { Manifest } from '../workspace/index.ts';
import { rangeOf } from '../workspace/index.ts';
import type { FeatureContext } from './feature.ts';

export interface CodeLens {
  readonly range: Range;
  readonly title: string;
  readonly command: string;
  readonly argument: DocumentArgument;
}

export function codeLenses({ file, index }: FeatureContext): readonly CodeLens[] {
  return index
    .manifestsIn(file.uri)
    .filter(({ facts }) => facts.name !== '' && !facts.isItem)
    .flatMap((manifest) => {
      const range = rangeOf(manifest, manifest.facts.span);
      return actions(manifest).map(([title, command]) => ({ range: { start: range.start, end: range.start }, title, command, argument: { uri: file.uri, document: manifest.index } }));
    });
}

function actions({ facts }: Manifest): readonly (readonly [string, string])[] {
  const hasPods = facts.podLabels !== undefined;
  return [
    ['Apply', documentCommands.apply],
    ['Diff', documentCommands.diff],
    ...(hasPods ? [['Logs', documentCommands.logs] as const] : []),
    ...(hasPods || facts.groupKind === 'Service' ? [['Forward', documentCommands.forward] as const] : []),
    ['Delete', documentCommands.delete],
  ];
}
