/** The explorer's view-model: the tree of the active cluster, filtered. */
import { pods } from '../../../cluster-host/client/resources.ts';
import type { V1Pod } from '../../../cluster-host/api/generated/types.ts';
import { t } from '../../l10n.ts';
import type { Item } from '../item.ts';
import { podState } from '../pod-state.ts';
import type { TreeModel } from '../tree-binding.ts';
import { childrenOf, rootsOf, type ExplorerCluster } from './children.ts';
import { groups, type Group } from './groups.ts';
import { Contributions } from './contributions.ts';
import { clusterItem, containerItem, endpointItem, extraItem, groupItem, hintItem, objectItem, problemItem } from './item.ts';
import type { ExplorerNode, GroupNode } from './node.ts';
import { favouriteOf, isSame, type Preferences } from './preferences.ts';

export class ExplorerModel implements TreeModel<ExplorerNode> {
  readonly #clusters: () => readonly ExplorerCluster[];
  readonly #contributions: Contributions;
  readonly #preferences: (context: string) => Preferences;
  /** Shown are nodes whose text has this in it, with everything above and below them; all when empty. */
  filter = '';

  constructor(clusters: () => readonly ExplorerCluster[], preferences: (context: string) => Preferences, contributions = new Contributions()) {
    this.#contributions = contributions;
    this.#clusters = clusters;
    this.#preferences = preferences;
  }

  /** What is in the cluster, or the clusters where there are several. */
  roots(): readonly ExplorerNode[] {
    const clusters = this.#clusters();
    const [only] = clusters;
    if (only === undefined) return [];
    if (clusters.length > 1) return clusters.map(({ context }) => ({ type: 'cluster', id: `cluster/${context}`, context, parent: undefined }));
    return this.#filtered(only, rootsOf(only, { id: '', context: only.context, parent: undefined }, this.#preferences(only.context)));
  }

  children(node: ExplorerNode): readonly ExplorerNode[] {
    const cluster = this.#clusterOf(node);
    if (cluster === undefined) return [];
    const children = this.#childrenOf(cluster, node);
    return hasMatchAbove(node, (candidate) => this.#matches(cluster, candidate)) ? children : this.#filtered(cluster, children);
  }

  item(node: ExplorerNode): Item {
    const cluster = this.#clusterOf(node) ?? nowhere;
    const item = this.#plainItem(cluster, node);
    return this.filter !== '' && item.expansion === 'collapsed' && !this.#matches(cluster, node) ? { ...item, id: `${item.id}?`, expansion: 'expanded' } : item;
  }

  /** Of the many pods most are well, and unchanged: what a pod that is well looks like depends on nothing else. */
  looksSame(before: ExplorerNode, after: ExplorerNode, { context }: Item): boolean {
    if (before.type !== 'object' || after.type !== 'object' || before.object !== after.object || before.id !== after.id) return false;
    if (this.filter !== '' || after.resource !== pods || this.#contributions.has('Pod')) return false;
    return context.endsWith('ordinary') && this.#preferences(after.context).favourites.length === 0 && podState(after.object).condition === 'running';
  }

  #plainItem(cluster: ExplorerCluster, node: ExplorerNode): Item {
    switch (node.type) {
      case 'cluster':
        return clusterItem(node, cluster);
      case 'group':
        return groupItem(node, this.#countOf(cluster, node));
      case 'object':
        return objectItem(node, cluster, this.#preferences(node.context).favourites.some((favourite) => isSame(favourite, favouriteOf(node))), this.#contributions.has(node.resource.kind));
      case 'extra':
        return extraItem(node);
      case 'container':
        return containerItem(node);
      case 'endpoint':
        return endpointItem(node);
      case 'hint':
        return hintItem(node);
      case 'problem':
        return problemItem(node);
    }
  }

  #clusterOf({ context }: ExplorerNode): ExplorerCluster | undefined {
    return this.#clusters().find((cluster) => cluster.context === context);
  }

  #childrenOf(cluster: ExplorerCluster, node: ExplorerNode): readonly ExplorerNode[] {
    const own = childrenOf(cluster, node, this.#preferences(node.context));
    return node.type === 'object' ? [...own, ...this.#contributions.below(node)] : own;
  }

  /** Of a folder that is followed on demand only when it is followed. */
  #countOf(cluster: ExplorerCluster, node: GroupNode): string {
    if (node.group === 'workloads') return readyPods(cluster, node);
    return isFollowed(cluster, node) ? String(this.#childrenOf(cluster, node).length) : '';
  }

  #filtered(cluster: ExplorerCluster, nodes: readonly ExplorerNode[]): readonly ExplorerNode[] {
    return this.filter === '' ? nodes : nodes.filter((node) => this.#leadsToMatch(cluster, node));
  }

  #leadsToMatch(cluster: ExplorerCluster, node: ExplorerNode): boolean {
    return this.#matches(cluster, node) || (isFollowed(cluster, node) && this.#childrenOf(cluster, node).some((child) => this.#leadsToMatch(cluster, child)));
  }

  #matches(cluster: ExplorerCluster, node: ExplorerNode): boolean {
    if (this.filter === '' || node.type === 'cluster' || node.type === 'group' || node.type === 'hint' || node.type === 'problem') return false;
    const { label, description = '' } = this.#plainItem(cluster, node);
    return `${label} ${description}`.toLowerCase().includes(this.filter.toLowerCase());
  }
}

const nowhere: ExplorerCluster = { context: '', state: { phase: 'connecting' }, namespace: '', serves: () => false, lister: () => undefined, loaded: () => false };

function hasMatchAbove(node: ExplorerNode | undefined, matches: (node: ExplorerNode) => boolean): boolean {
  return node !== undefined && (matches(node) || hasMatchAbove(node.parent, matches));
}

/** A filter, for one, looks only into what somebody opened. */
function isFollowed(cluster: ExplorerCluster, node: ExplorerNode): boolean {
  if (node.type !== 'group') return true;
  const { resources, onDemand }: Group = groups[node.group];
  return onDemand !== true || resources.every((resource) => cluster.loaded(resource));
}

function readyPods(cluster: ExplorerCluster, node: GroupNode): string {
  const wanted = (cluster.lister(pods)?.list(node.namespace) ?? []).map((pod: V1Pod) => podState(pod)).filter(({ condition }) => condition !== 'completed');
  const ready = wanted.filter(({ condition }) => condition === 'running').length;
  return wanted.length === 0 ? '' : t('{0}/{1} pods ready', ready, wanted.length);
}
