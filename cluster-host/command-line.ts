/** The process side of the command line: signals, streams, exit code. */
import { runCommandLine } from './cli/cli.ts';
import type { Io } from './cli/io.ts';
import { jsonLogger, type LogLevel } from './platform/node/logger.ts';
import { nodePlatform } from './platform/node/platform.ts';
import { systemClock } from './platform/node/clock.ts';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Who asks twice does not want to wait.
    if (ending.signal.aborted) process.exit(130);
    ending.abort(signal);
  });
}

// Whoever read our output may be gone; that is no reason to end.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const level = levels.find((name) => name === process.env.KUBICLE_LOG) ?? 'warn';
const log = jsonLogger({ write: (line) => void process.stderr.write(line) }, systemClock, level);

process.on('unhandledRejection', (error) => log.error('a rejection was not handled', { error }));
process.on('uncaughtException', (error) => log.error('an exception was not caught', { error }));

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  readInput,
  platform: nodePlatform(log),
  signal: ending.signal,
};

void runCommandLine(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
  // What is still open (a keep-alive socket, an idle worker) must not hold the process.
  setTimeout(() => process.exit(), 1000).unref();
});
