/** What commands work with; made once, in `main.ts`. */
import type * as vscode from 'vscode';
import type { LastApply } from './apply/last-apply.ts';
import type { ApplyProblems } from './apply/problems.ts';
import type { AppliedSources } from './apply/sources.ts';
import type { Connections } from './clusters/connections.ts';
import type { Forwards } from './forwards/forwards.ts';
import type { LocalCluster } from './host-process/local-cluster.ts';
import type { Language } from './language-client/language.ts';
import type { DashboardViews } from './views/dashboard/dashboard-views.ts';
import type { LogViews } from './views/logs/log-views.ts';
import type { ExplorerModel } from './views/explorer/model.ts';
import type { ExplorerPreferences } from './views/explorer/preferences.ts';
import type { Previews } from './views/previews.ts';

export interface Services {
  readonly local: LocalCluster;
  readonly connections: Connections;
  readonly forwards: Forwards;
  readonly language: Language;
  readonly explorer: { readonly model: ExplorerModel; readonly preferences: ExplorerPreferences; readonly refresh: () => void };
  readonly logs: LogViews;
  readonly dashboards: DashboardViews;
  readonly problems: ApplyProblems;
  readonly lastApply: LastApply;
  readonly sources: AppliedSources;
  readonly previews: Previews;
  readonly output: vscode.LogOutputChannel;
}
