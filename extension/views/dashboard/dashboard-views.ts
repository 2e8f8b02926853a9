/** Dashboard pages: a webview a cluster, kept current by its watches while somebody looks. */
import * as vscode from 'vscode';
import { parseApiVersion } from '../../../cluster-host/api/object.ts';
import type { Connection } from '../../clusters/connection.ts';
import { relatedResources } from '../../objects/related.ts';
import { t } from '../../l10n.ts';
import { coalesce } from '../coalesce.ts';
import { webPage } from '../web-page.ts';
import type { DashboardRef, FromDashboard, ToDashboard } from './messages.ts';
import { NodeUses } from './node-uses.ts';
import { dashboardOf, dashboardResources } from './state.ts';

const redrawMilliseconds = 200;

export class DashboardViews implements vscode.Disposable {
  readonly #media: vscode.Uri;
  readonly #connection: (context: string) => Connection | undefined;
  readonly #panels = new Map<string, vscode.WebviewPanel>();

  constructor(media: vscode.Uri, connection: (context: string) => Connection | undefined) {
    this.#media = media;
    this.#connection = connection;
  }

  /** Shows the page of this cluster; there is one for each. */
  open(connection: Connection): void {
    const { context } = connection;
    const known = this.#panels.get(context);
    if (known !== undefined) {
      known.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel('kubicle.dashboard', t('Dashboard: {0}', context), vscode.ViewColumn.Active, { enableScripts: true, localResourceRoots: [this.#media] });
    panel.iconPath = vscode.Uri.joinPath(this.#media, 'kubicle.svg');
    this.#panels.set(context, panel);
    const feed = new DashboardFeed(panel, () => this.#connection(context) ?? connection);
    panel.onDidDispose(() => {
      this.#panels.delete(context);
      feed.dispose();
    });
    panel.webview.html = webPage(panel.webview, this.#media, 'dashboard', '<main id="page" tabindex="-1"></main>');
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
  }
}

class DashboardFeed implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #connection: () => Connection;
  readonly #parts: vscode.Disposable[] = [];
  readonly #draw = coalesce(redrawMilliseconds, () => this.#send());
  readonly #uses: NodeUses;
  #followed: Connection | undefined;
  #following: { dispose(): void } | undefined;
  #namespace: string;
  #sent = '';

  constructor(panel: vscode.WebviewPanel, connection: () => Connection) {
    this.#panel = panel;
    this.#connection = connection;
    this.#namespace = connection().namespace;
    this.#uses = new NodeUses(() => connection().client, this.#draw);
    this.#parts.push(
      panel.webview.onDidReceiveMessage((message: FromDashboard) => this.#heard(message)),
      panel.onDidChangeViewState(() => this.#uses.enable(panel.visible)),
      this.#draw,
      this.#uses,
    );
    this.#uses.enable(true);
  }

  dispose(): void {
    this.#following?.dispose();
    for (const part of this.#parts) part.dispose();
  }

  #heard(message: FromDashboard): void {
    if (message.type === 'ready') {
      // A page that was hidden begins anew.
      this.#sent = '';
      this.#post({ type: 'texts', texts: texts() });
      this.#send();
    } else if (message.type === 'namespace') {
      this.#namespace = message.namespace;
      this.#send();
    } else void this.#run(message.type, message.ref);
  }

  async #run(action: 'open' | 'logs' | 'describe', { kind, apiVersion, namespace, name }: DashboardRef): Promise<void> {
    const connection = this.#connection();
    const resource = parseApiVersion(apiVersion) === undefined ? undefined : await connection.discovery.find(apiVersion, kind);
    if (resource === undefined) return;
    const node = { type: 'object', id: '', context: connection.context, parent: undefined, resource, object: { metadata: { namespace, name } } };
    await vscode.commands.executeCommand({ open: 'kubicle.openLive', logs: 'kubicle.logs', describe: 'kubicle.describe' }[action], node);
  }

  #send(): void {
    this.#follow();
    if (!this.#panel.visible) return;
    const state = dashboardOf(this.#connection(), this.#namespace, this.#uses.current);
    const text = JSON.stringify(state);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#post({ type: 'state', state });
  }

  /** After a change of the kubeconfig the same context has a new connection. */
  #follow(): void {
    const connection = this.#connection();
    if (connection === this.#followed) return;
    this.#following?.dispose();
    this.#followed = connection;
    this.#following = connection.changed.on(this.#draw);
    for (const resource of [...dashboardResources, ...relatedResources]) void connection.synced(resource).catch(() => undefined);
  }

  #post(message: ToDashboard): void {
    void this.#panel.webview.postMessage(message);
  }
}

function texts(): Readonly<Record<string, string>> {
  return {
    nodes: t('Nodes'),
    workloads: t('Workloads'),
    problems: t('Problems'),
    events: t('Events'),
    graph: t('How objects are related'),
    namespace: t('Namespace'),
    pods: t('Pods'),
    cpu: t('CPU'),
    memory: t('Memory'),
    requested: t('requested'),
    used: t('used'),
    of: t('of {0}'),
    good: t('healthy'),
    busy: t('on their way'),
    bad: t('not healthy'),
    none: t('Everything is healthy.'),
    noEvents: t('Nothing happened lately.'),
    away: t('The cluster does not answer: {0}'),
    more: t('{0} more pods'),
    ago: t('{0} ago'),
    empty: t('There is nothing in this namespace.'),
  };
}
