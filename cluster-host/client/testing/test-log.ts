/** A logger for tests: keeps what was logged, prints nothing. */
import type { LogFields, Logger } from '../../platform/platform.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export function testLog(lines: LogLine[] = [], fixed: LogFields = {}): Logger {
  const at = (level: LogLine['level']) => (message: string, fields: LogFields = {}): void => void lines.push({ level, message, fields: { ...fixed, ...fields } });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), with: (fields) => testLog(lines, { ...fixed, ...fields }) };
}
