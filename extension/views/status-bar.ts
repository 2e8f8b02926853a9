/** The cluster and the namespace that commands work on, in the status bar. */
import * as vscode from 'vscode';
import type { Connections } from '../clusters/connections.ts';
import type { LocalCluster } from '../host-process/local-cluster.ts';
import { t } from '../l10n.ts';
import { localStatus } from './cluster/model.ts';

export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('kubicle.cluster', vscode.StatusBarAlignment.Left, 10);
  readonly #connections: Connections;
  readonly #local: LocalCluster;

  constructor(connections: Connections, local: LocalCluster) {
    this.#connections = connections;
    this.#local = local;
    this.#item.name = 'Kubicle';
  }

  /** Draws what is true now. Makes no connection by itself. */
  readonly update = (): void => {
    const { phase } = this.#local.state;
    const context = this.#connections.activeContext;
    if (phase === 'starting' || phase === 'stopping') {
      this.#show(`$(loading~spin) ${this.#local.options.name}: ${localStatus(this.#local.state)}`, 'workbench.view.extension.kubicle');
      return;
    }
    const connection = this.#connections.opened;
    if (context === undefined || connection === undefined) {
      this.#item.hide();
      return;
    }
    const icon = connection.state.phase === 'connected' ? '$(symbol-namespace)' : connection.state.phase === 'connecting' ? '$(loading~spin)' : '$(debug-disconnect)';
    this.#show(`${icon} ${context}/${connection.namespace}`, 'kubicle.useNamespace');
  };

  dispose(): void {
    this.#item.dispose();
  }

  #show(text: string, command: string): void {
    this.#item.text = text;
    this.#item.command = command;
    this.#item.tooltip = t('Cluster and namespace that Kubicle works on');
    this.#item.show();
  }
}
