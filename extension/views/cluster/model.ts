/** The cluster view's view-model: the local cluster with its nodes, then every context of the kubeconfigs. */
import { t } from '../../l10n.ts';
import type { ConnectionState } from '../../clusters/connection.ts';
import type { LocalState } from '../../host-process/local-cluster.ts';
import { colors, type Icon, type Item } from '../item.ts';
import type { TreeModel } from '../tree-binding.ts';

export interface ClusterFacts {
  /** Name of the local cluster, which is also that of its context. */
  readonly localName: string;
  readonly local: LocalState;
  readonly contexts: readonly string[];
  readonly active: string | undefined;
  /** Those that are open, by context. */
  readonly connections: ReadonlyMap<string, ConnectionState>;
  /** What is wrong with kubeconfig files, a sentence each. */
  readonly problems: readonly string[];
}

export type ClusterNode =
  | { readonly type: 'local' }
  | { readonly type: 'fact'; readonly name: string; readonly label: string; readonly description: string; readonly icon: Icon }
  | { readonly type: 'context'; readonly name: string };

export class ClusterModel implements TreeModel<ClusterNode> {
  readonly #facts: () => ClusterFacts;

  constructor(facts: () => ClusterFacts) {
    this.#facts = facts;
  }

  roots(): readonly ClusterNode[] {
    const { localName, contexts, problems } = this.#facts();
    const others = contexts.filter((name) => name !== localName).toSorted();
    const wrong = problems.map((text) => ({ type: 'fact' as const, name: `problem/${text}`, label: t('Kubeconfig'), description: text, icon: { codicon: 'warning', color: colors.warning } }));
    return [{ type: 'local' }, ...others.map((name) => ({ type: 'context' as const, name })), ...wrong];
  }

  children(node: ClusterNode): readonly ClusterNode[] {
    const { local } = this.#facts();
    if (node.type !== 'local' || local.phase !== 'running') return [];
    const { nodes, runtime, url, kubernetesVersion, memory } = local.status;
    return [
      ...nodes.map((found) => ({
        type: 'fact' as const,
        name: `node/${found.name}`,
        label: found.name,
        description: found.ready ? 'Ready' : 'NotReady',
        icon: { codicon: 'vm', color: found.ready ? colors.good : colors.bad },
      })),
      fact('version', t('Kubernetes'), kubernetesVersion, 'versions'),
      fact('api', t('API server'), url, 'link'),
      fact('runtime', t('Containers'), runtime === 'docker' ? 'Docker' : t('simulated, no real containers'), 'package'),
      fact('memory', t('Memory'), `${Math.round(memory / (1 << 20))} MiB`, 'dashboard'),
    ];
  }

  item(node: ClusterNode): Item {
    const facts = this.#facts();
    if (node.type === 'local') return localItem(facts);
    if (node.type === 'context') return contextItem(facts, node.name);
    return { id: `local/${node.name}`, label: node.label, description: node.description, icon: node.icon, context: node.name.split('/')[0] ?? '', expansion: 'none' };
  }
}

function fact(name: string, label: string, description: string, codicon: string): ClusterNode {
  return { type: 'fact', name, label, description, icon: { codicon } };
}

function localItem({ localName, local, active }: ClusterFacts): Item {
  const icons: Readonly<Record<LocalState['phase'], Icon>> = {
    stopped: { codicon: 'debug-stop', color: colors.quiet },
    starting: { codicon: 'loading~spin', color: colors.busy },
    running: { codicon: 'pass-filled', color: colors.good },
    stopping: { codicon: 'loading~spin', color: colors.quiet },
    failed: { codicon: 'error', color: colors.bad },
  };
  return {
    // A cluster that comes up opens by itself, whatever was folded before.
    id: `local/${local.phase === 'running' ? 'up' : 'down'}`,
    label: t('Local cluster'),
    description: `${localName} · ${localStatus(local)}${active === localName && local.phase === 'running' ? ` · ${t('active')}` : ''}`,
    tooltip: local.phase === 'failed' ? [local.error.message, local.error.hint ?? ''].join('\n').trim() : t('The Kubernetes cluster inside this extension'),
    icon: icons[local.phase],
    context: `local ${local.phase}`,
    expansion: local.phase === 'running' ? 'expanded' : 'none',
    ...(local.phase === 'stopped' || local.phase === 'failed' ? { command: { id: 'kubicle.startCluster', title: t('Start') } } : {}),
  };
}

export function localStatus(local: LocalState): string {
  switch (local.phase) {
    case 'stopped':
      return t('stopped');
    case 'starting':
      return local.step === '' ? t('starting') : local.step;
    case 'running':
      return t('running');
    case 'stopping':
      return local.step === '' ? t('stopping') : local.step;
    case 'failed':
      return local.error.message;
  }
}

function contextItem({ active, connections }: ClusterFacts, name: string): Item {
  const isActive = name === active;
  const state = connections.get(name);
  return {
    id: `context/${name}`,
    label: name,
    description: isActive || state !== undefined ? connectionStatus(state, isActive) : '',
    tooltip: state?.phase === 'away' ? state.message : name,
    icon: contextIcon(state),
    context: isActive ? 'context active' : state === undefined ? 'context' : 'context shown',
    expansion: 'none',
    command: { id: 'kubicle.useContext', title: t('Use Context') },
  };
}

function contextIcon(state: ConnectionState | undefined): Icon {
  if (state === undefined) return { codicon: 'circle-large-outline', color: colors.quiet };
  if (state.phase === 'connected') return { codicon: 'pass-filled', color: colors.good };
  return state.phase === 'connecting' ? { codicon: 'loading~spin', color: colors.busy } : { codicon: 'debug-disconnect', color: colors.quiet };
}

function connectionStatus(state: ConnectionState | undefined, isActive: boolean): string {
  if (state === undefined || state.phase === 'connecting') return t('connecting');
  if (state.phase === 'away') return t('does not answer');
  return isActive ? `${t('active')} · ${state.version}` : state.version;
}
