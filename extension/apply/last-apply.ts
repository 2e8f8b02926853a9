/** What was done last, for as long as it can be undone in this window. */
import * as vscode from 'vscode';
import { nameOf, type Manifest } from './manifest.ts';
import type { Outcome } from './requests.ts';
import type { Change } from './undo.ts';

export interface Done {
  readonly context: string;
  readonly changes: readonly Change[];
}

export class LastApply {
  #done: Done | undefined;

  get done(): Done | undefined {
    return this.#done;
  }

  /** Keeps what changed something; where nothing did, what was done before stays. */
  record(context: string, applied: readonly { readonly manifest: Manifest; readonly outcome: Outcome }[]): void {
    const changes = applied.flatMap(({ manifest, outcome }) => (outcome.result === 'failed' || outcome.result === 'unchanged' ? [] : [changeOf(manifest, outcome)]));
    const real = changes.filter(({ before, after }) => before !== undefined || after !== undefined);
    if (real.length > 0) this.#become({ context, changes: real });
  }

  forget(): void {
    this.#become(undefined);
  }

  #become(done: Done | undefined): void {
    this.#done = done;
    void vscode.commands.executeCommand('setContext', 'kubicle.canUndo', done !== undefined);
  }
}

function changeOf(manifest: Manifest, { result, before, after }: Exclude<Outcome, { readonly result: 'failed' }>): Change {
  const { apiVersion, kind } = manifest;
  return { apiVersion, kind, label: nameOf({ kind, name: after?.metadata?.name ?? manifest.name }), result, before, after };
}
