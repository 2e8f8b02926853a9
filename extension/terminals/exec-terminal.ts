/** A terminal of VS Code whose other end is a process in a container. */
import * as vscode from 'vscode';
import { StringDecoder } from 'node:string_decoder';
import type { Endpoint } from '../clusters/endpoint.ts';
import { startExec, type ExecSession, type ExecTarget } from '../clusters/streams/exec.ts';
import { t } from '../l10n.ts';

/** The best shell that the image has. */
export const shell: readonly string[] = ['/bin/sh', '-c', 'command -v bash >/dev/null 2>&1 && exec bash || exec sh'];

/** Runs `command`, or attaches where there is none. */
export function execTerminal(endpoint: Endpoint, target: ExecTarget, command: readonly string[] | undefined): vscode.Pseudoterminal {
  const output = new vscode.EventEmitter<string>();
  const closed = new vscode.EventEmitter<number | void>();
  const decoder = new StringDecoder('utf8');
  let session: ExecSession | undefined;
  let pending = '';
  let size: vscode.TerminalDimensions | undefined;
  let over = false;

  const resize = (): void => {
    if (size !== undefined) session?.resize({ columns: size.columns, rows: size.rows });
  };
  const finish = (line: string): void => {
    over = true;
    output.fire(`\r\n\u001B[2m${line} ${t('Press any key to close.')}\u001B[0m\r\n`);
  };

  return {
    onDidWrite: output.event,
    onDidClose: closed.event,
    open(dimensions) {
      size = dimensions;
      startExec(endpoint, target, command, {
        output: (data) => output.fire(decoder.write(data)),
        ended: (result) => finish('failure' in result ? result.failure : t('It ended with exit code {0}.', result.exitCode)),
      }).then(
        (started) => {
          session = started;
          resize();
          if (pending !== '') session.write(pending);
        },
        (error: unknown) => finish(error instanceof Error ? error.message : String(error)),
      );
    },
    handleInput(data) {
      if (over) closed.fire();
      else if (session === undefined) pending += data;
      else session.write(data);
    },
    setDimensions(dimensions) {
      size = dimensions;
      resize();
    },
    close: () => session?.close(),
  };
}
