/** Log lines as JSON, one a line, to a stream that never throws back at the caller. */
import type { Clock, LogFields, Logger } from '../platform.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface LogOutput {
  write(line: string): void;
}

export function jsonLogger(output: LogOutput, clock: Clock, level: LogLevel = 'info', fields: LogFields = {}): Logger {
  const at = (lineLevel: LogLevel) => (message: string, more?: LogFields) => {
    if (rank[lineLevel] < rank[level]) return;
    const line = { time: new Date(clock.now()).toISOString(), level: lineLevel, message, ...fields, ...more };
    output.write(`${JSON.stringify(line, (_key, value: unknown) => (value instanceof Error ? (value.stack ?? value.message) : value))}\n`);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (more) => jsonLogger(output, clock, level, { ...fields, ...more }),
  };
}

/** For tests and tools that want no log. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLogger,
};
