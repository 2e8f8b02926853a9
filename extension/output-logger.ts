/** A logger of the platform that writes to our output channel. */
import type * as vscode from 'vscode';
import type { LogFields, Logger } from '../cluster-host/platform/platform.ts';

export function outputLogger(channel: vscode.LogOutputChannel, fixed: LogFields = {}): Logger {
  const line = (message: string, fields: LogFields = {}): string => {
    const all = Object.entries({ ...fixed, ...fields }).map(([key, value]) => `${key}=${value instanceof Error ? value.message : String(value)}`);
    return [message, ...all].join(' ');
  };
  return {
    debug: (message, fields) => channel.debug(line(message, fields)),
    info: (message, fields) => channel.info(line(message, fields)),
    warn: (message, fields) => channel.warn(line(message, fields)),
    error: (message, fields) => channel.error(line(message, fields)),
    with: (fields) => outputLogger(channel, { ...fixed, ...fields }),
  };
}
