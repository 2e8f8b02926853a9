/** The file of the audit log (0600): lines are appended, in order. */
import { createWriteStream } from 'node:fs';
import { StartError } from './start-error.ts';

export interface AuditFile {
  write(line: string): void;
  /** Resolves when every line is in the file. */
  close(): Promise<void>;
}

/** Rejects with a StartError where the file cannot be written. */
export async function openAuditFile(path: string): Promise<AuditFile> {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', (error) => reject(new StartError('internalError', `the audit log ${path} cannot be written: ${error.message}`)));
  });
  // A disk that is full ends the log, not the cluster.
  stream.on('error', () => undefined);
  return {
    write: (line) => void stream.write(`${line}\n`),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}
