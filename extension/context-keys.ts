/** Keys for the `when` clauses of package.json, set only when they change. */
import * as vscode from 'vscode';
import type { ConnectionState } from './clusters/connection.ts';
import type { LocalState } from './host-process/local-cluster.ts';

export interface ContextFacts {
  readonly local: LocalState;
  readonly context: string | undefined;
  readonly connection: ConnectionState | undefined;
}

export function contextKeys(): (facts: ContextFacts) => void {
  const known = new Map<string, string>();
  const set = (key: string, value: string): void => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  return ({ local, context, connection }) => {
    set('kubicle.local', local.phase);
    set('kubicle.localProblem', local.phase === 'failed' ? local.error.code : '');
    set('kubicle.connection', context === undefined ? 'none' : (connection?.phase ?? 'connecting'));
  };
}
