/** The actions above each document. */
import { documentCommands } from '../messages.ts';
import type { DocumentArgument, Range } from '../messages.ts';
import type { Manifest } from '../workspace/index.ts';
import type { ClusterKnowledge } from '../workspace/cluster.ts';
import { questionOf, rangeOf } from '../workspace/index.ts';
import type { FeatureContext } from './feature.ts';

export interface CodeLens {
  readonly range: Range;
  readonly title: string;
  /** Left out where the lens only tells something. */
  readonly command?: string;
  readonly argument: DocumentArgument;
}

export function codeLenses({ file, index, cluster }: FeatureContext): readonly CodeLens[] {
  return index
    .manifestsIn(file.uri)
    .filter(({ facts }) => facts.name !== '' && !facts.isItem)
    .flatMap((manifest) => {
      const range = rangeOf(manifest, manifest.facts.span);
      const place = { range: { start: range.start, end: range.start }, argument: { uri: file.uri, document: manifest.index } };
      return [...actions(manifest).map(([title, command]) => ({ ...place, title, command })), ...statusLens(manifest, cluster).map((title) => ({ ...place, title }))];
    });
}

/** What the cluster says of the object, as far as it was asked. */
function statusLens(manifest: Manifest, cluster: ClusterKnowledge): readonly string[] {
  const state = cluster.stateOf(questionOf(manifest));
  if (state?.object === undefined) return [];
  if (state.object === null) return [`not in ${cluster.context ?? ''}`];
  return [state.status === '' ? `in ${cluster.context ?? ''}` : state.status];
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
