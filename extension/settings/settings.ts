/** The one reader of our configuration: typed, with the defaults that package.json declares. */
import * as vscode from 'vscode';
import type { RuntimeName } from '../../cluster-host/control-protocol.ts';
import type { DeclaredForward } from '../forwards/forwards.ts';
import type { RuleSetting } from '../../language/messages.ts';

export interface Settings {
  readonly cluster: {
    readonly name: string;
    /** Empty for the default place. */
    readonly stateDirectory: string;
    readonly nodes: number;
    readonly runtime: RuntimeName;
    /** 0 for a free one. */
    readonly port: number;
    readonly keepRunning: boolean;
  };
  readonly forwards: readonly DeclaredForward[];
  readonly kubeconfigFiles: readonly string[];
  readonly apply: { readonly planFirst: boolean; /** 0 to wait for nothing. */ readonly waitSeconds: number };
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly logs: { readonly tailLines: number; readonly maximumLines: number };
}

const section = 'kubicle';

export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration(section);
  const get = <T>(key: string, fallback: T): T => configuration.get<T>(key) ?? fallback;
  return {
    cluster: {
      name: get('cluster.name', 'kubicle'),
      stateDirectory: get('cluster.stateDirectory', ''),
      nodes: get('cluster.nodes', 1),
      runtime: get<RuntimeName>('cluster.runtime', 'docker'),
      port: get('cluster.port', 0),
      keepRunning: get('cluster.keepRunning', false),
    },
    forwards: get<readonly DeclaredForward[]>('forwards', []).filter(isForward),
    kubeconfigFiles: get('kubeconfig.files', []),
    apply: { planFirst: get('apply.planFirst', false), waitSeconds: get('apply.waitSeconds', 120) },
    rules: get('rules', {}),
    logs: { tailLines: get('logs.tailLines', 1000), maximumLines: get('logs.maximumLines', 100_000) },
  };
}

/** Settings are written by hand: what is no forward is left out. */
function isForward({ kind, namespace, name, port, localPort }: DeclaredForward): boolean {
  return [kind, namespace, name].every((word) => typeof word === 'string' && word !== '') && [port, localPort].every((number) => Number.isInteger(number) && number > 0 && number < 65_536);
}

export function onSettingsChanged(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(section)) listener();
  });
}
