/** Hover on a label selector: what it means in words, what it selects in the workspace and, live, in the cluster. */
import { formatSelector } from '../../cluster-host/api/selectors/label-selector.ts';
import type { LiveObject, LiveObjectsQuery, Position } from '../messages.ts';
import { rangeOf } from '../workspace/index.ts';
import type { Manifest, Selection } from '../workspace/index.ts';
import { selectorWords } from '../workspace/selector.ts';
import { placeOf } from './feature.ts';
import type { FeatureContext, Hover, LiveObjects } from './feature.ts';
import { listing, listLimit, manifestLink } from './links.ts';

export async function hoverSelector(context: FeatureContext, position: Position): Promise<Hover | undefined> {
  const place = placeOf(context, position);
  const selection = place?.manifest === undefined ? undefined : selectionAt(place.manifest, place.offset);
  if (selection === undefined) return undefined;
  const paragraphs = [meaning(selection), inWorkspace(context.index.selectedBy(selection), selection), await inCluster(context.live, selection)];
  return { range: rangeOf(selection.from, selection.selection.extent), markdown: paragraphs.filter((text) => text !== '').join('\n\n') };
}

/** The innermost selector around an offset of the manifest's document. */
export function selectionAt(from: Manifest, offset: number): Selection | undefined {
  const around = from.facts.selections.filter(({ extent }) => extent.start <= offset && offset <= extent.end);
  const selection = around.toSorted((a, b) => a.extent.end - a.extent.start - (b.extent.end - b.extent.start))[0];
  return selection === undefined ? undefined : { from, selection };
}

function meaning({ from, selection: { field, selector } }: Selection): string {
  const kind = field.selects.slice(field.selects.lastIndexOf('/') + 1);
  const { namespace } = from.facts;
  const scope = field.scope === 'cluster' ? '' : namespace === undefined ? ' in its namespace' : ` in namespace \`${namespace}\``;
  if (selector.requirements.length === 0) {
    return field.empty === 'nothing' ? `An empty selector selects no ${kind}.` : `An empty selector selects **every ${kind}**${scope}.`;
  }
  return `Selects each **${kind}**${scope} whose ${selectorWords(selector)}.`;
}

function inWorkspace(selected: readonly Manifest[], { selection: { field } }: Selection): string {
  if (field.selects === 'Node' && selected.length === 0) return '';
  if (selected.length === 0) return 'Nothing in the workspace matches.';
  return listing('In the workspace:', selected.map((manifest) => manifestLink(manifest)));
}

async function inCluster(live: LiveObjects, { from, selection: { field, selector } }: Selection): Promise<string> {
  const { namespace } = from.facts;
  const [group = '', kind = group] = field.selects.split('/');
  const query: LiveObjectsQuery = {
    apiVersion: kind === group ? 'v1' : `${group}/v1`,
    kind,
    ...(field.scope === 'cluster' ? { allNamespaces: true as const } : namespace === undefined ? {} : { namespace }),
    labelSelector: formatSelector(selector),
    limit: listLimit,
  };
  if (selector.requirements.length === 0 && field.empty === 'nothing') return '';
  const answer = await live(query);
  if (!answer.connected) return '';
  if (answer.objects.length === 0) return `Nothing matches in cluster \`${answer.context}\`.`;
  return listing(`In cluster \`${answer.context}\`:`, answer.objects.map(liveLine), answer.more);
}

function liveLine({ kind, namespace, name, status, link }: LiveObject): string {
  const object = link === undefined ? `${kind}/${name}` : `[${kind}/${name}](${link})`;
  return `${object}${namespace === undefined ? '' : ` in \`${namespace}\``}${status === '' ? '' : ` \u2014 ${status}`}`;
}
