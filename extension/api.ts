/** What other extensions get from `activate`: `vscode.extensions.getExtension('kubicle.kubicle')?.activate()`. Grows, never changes. */
import type { Connections } from './clusters/connections.ts';
import type { LocalCluster } from './host-process/local-cluster.ts';
import type { Contribution, Contributions } from './views/explorer/contributions.ts';

export interface KubicleApi {
  readonly version: 1;
  /** The context that commands work on, and whether its cluster answers. */
  readonly active: { readonly context: string; readonly namespace: string; readonly connected: boolean } | undefined;
  readonly local: {
    readonly name: string;
    readonly phase: 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';
    /** Path of its kubeconfig; the file is there once the cluster was started. */
    readonly kubeconfig: string;
  };
  /** The kubeconfig file that names a context, or the active one; undefined where none does. */
  kubeconfigOf(context?: string): string | undefined;
  /** Calls back whenever one of these may have changed. */
  onDidChange(listener: () => void): { dispose(): void };
  /**
   * Adds nodes to the explorer below objects, until it is disposed. A node's `command` gets the object's `{ context, apiVersion, kind,
   * namespace, name }`. For commands in menus of the explorer contribute to `view/item/context` with `viewItem =~ /\bobject Pod\b/`.
   */
  addExplorerNodes(contribution: Contribution): { dispose(): void };
}

export function createApi(connections: Connections, local: LocalCluster, contributions: Contributions): KubicleApi {
  return {
    version: 1,
    get active() {
      const connection = connections.active;
      return connection && { context: connection.context, namespace: connection.namespace, connected: connection.state.phase === 'connected' };
    },
    get local() {
      return { name: local.options.name, phase: local.state.phase, kubeconfig: local.options.state.kubeconfig };
    },
    kubeconfigOf: (context = connections.activeContext) => (context === undefined ? undefined : connections.fileOf(context)),
    onDidChange(listener) {
      const subscriptions = [connections.changed.on(listener), local.changed.on(listener)];
      return { dispose: () => subscriptions.forEach((subscription) => subscription.dispose()) };
    },
    addExplorerNodes: (contribution) => contributions.add(contribution),
  };
}
