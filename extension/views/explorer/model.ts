/** The explorer's view-model: the tree of the active cluster, filtered. */
import { pods } from '../../../cluster-host/client/resources.ts';
import type { V1Pod } from '../../../cluster-host/api/generated/types.ts';
import { t } from '../../l10n.ts';
import type { Item } from '../item.ts';
import { podState } from '../pod-state.ts';
import type { TreeModel } from '../tree-binding.ts';
import { childrenOf, rootsOf, type ExplorerCluster } from './children.ts';
import { groups, type Group } from './groups.ts';
import { containerItem, endpointItem, groupItem, hintItem, objectItem, problemItem } from './item.ts';
import type { ExplorerNode, GroupNode } from './node.ts';

export class ExplorerModel implements TreeModel<ExplorerNode> {
  readonly #cluster: () => ExplorerCluster | undefined;
  /** Shown are nodes whose text has this in it, with everything above and below them; all when empty. */
  filter = '';

  constructor(cluster: () => ExplorerCluster | undefined) {
    this.#cluster = cluster;
  }

  roots(): readonly ExplorerNode[] {
    const cluster = this.#cluster();
    return cluster === undefined ? [] : this.#filtered(cluster, rootsOf(cluster));
  }

  children(node: ExplorerNode): readonly ExplorerNode[] {
    const cluster = this.#cluster();
    if (cluster === undefined) return [];
    const children = childrenOf(cluster, node);
    return hasMatchAbove(node, (candidate) => this.#matches(cluster, candidate)) ? children : this.#filtered(cluster, children);
  }

  parent(node: ExplorerNode): ExplorerNode | undefined {
    return node.parent;
  }

  item(node: ExplorerNode): Item {
    const cluster = this.#cluster() ?? nowhere;
    const item = this.#plainItem(cluster, node);
    return this.filter !== '' && item.expansion === 'collapsed' && !this.#matches(cluster, node) ? { ...item, id: `${item.id}?`, expansion: 'expanded' } : item;
  }

  #plainItem(cluster: ExplorerCluster, node: ExplorerNode): Item {
    switch (node.type) {
      case 'group':
        return groupItem(node, groupCount(cluster, node));
      case 'object':
        return objectItem(node, cluster);
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

  #filtered(cluster: ExplorerCluster, nodes: readonly ExplorerNode[]): readonly ExplorerNode[] {
    return this.filter === '' ? nodes : nodes.filter((node) => this.#leadsToMatch(cluster, node));
  }

  #leadsToMatch(cluster: ExplorerCluster, node: ExplorerNode): boolean {
    return this.#matches(cluster, node) || (isFollowed(cluster, node) && childrenOf(cluster, node).some((child) => this.#leadsToMatch(cluster, child)));
  }

  #matches(cluster: ExplorerCluster, node: ExplorerNode): boolean {
    if (this.filter === '' || node.type === 'group' || node.type === 'hint' || node.type === 'problem') return false;
    const { label, description = '' } = this.#plainItem(cluster, node);
    return `${label} ${description}`.toLowerCase().includes(this.filter.toLowerCase());
  }
}

const nowhere: ExplorerCluster = { namespace: '', serves: () => false, lister: () => undefined, loaded: () => false };

function hasMatchAbove(node: ExplorerNode | undefined, matches: (node: ExplorerNode) => boolean): boolean {
  return node !== undefined && (matches(node) || hasMatchAbove(node.parent, matches));
}

/** Of a folder that is followed on demand only when it is followed. */
function groupCount(cluster: ExplorerCluster, node: GroupNode): string {
  if (node.group === 'workloads') return readyPods(cluster, node);
  return isFollowed(cluster, node) ? String(childrenOf(cluster, node).length) : '';
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
