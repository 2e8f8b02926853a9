/** `kubicle up`: starts the cluster, or finds that it runs already. */
import { resolve } from 'node:path';
import type { HostFile, StartLine } from '../control-protocol.ts';
import { startHost, type HostOptions } from '../host/host.ts';
import { entryOf, mergeKubeconfig } from '../host/kubeconfig.ts';
import { readHostFile } from '../host/state-directory.ts';
import { asStartError, StartError } from '../host/start-error.ts';
import { hostVersion } from '../host/version.ts';
import { startDetached } from './detach.ts';
import { UsageError, type Command, type Io } from './io.ts';
import { clusterChoice, oneOf, parseOptions, runtimeName, sharedHelp, sharedOptions, wholeNumber, type ClusterChoice } from './options.ts';

interface Reporter {
  line(line: StartLine): void;
}

/** Progress for people on standard error, the result alone on standard output. */
function textReporter(io: Io): Reporter {
  return {
    line(line) {
      if ('progress' in line) io.err(`${(line.progress.elapsed / 1000).toFixed(2).padStart(6)}s  ${line.progress.message}\n`);
      else if ('ready' in line) io.out(`${line.ready.kubeconfig}\n`);
      else io.err(`kubicle up: ${line.error.message}\n${line.error.hint === undefined ? '' : `${line.error.hint}\n`}`);
    },
  };
}

/** One JSON line a step: what the extension reads (`StartLine`). */
function jsonReporter(io: Io): Reporter {
  return { line: (line) => io.out(`${JSON.stringify(line)}\n`) };
}

function failed(reporter: Reporter, error: StartError): number {
  reporter.line({ error: { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) } });
  return 1;
}

/** Milliseconds that a host which is just starting is given to answer. */
const patience = 10_000;

/** Somebody else's start holds the state directory: its host, as soon as it answers. Another process's file makes no event. */
async function otherHost(io: Io, { state }: ClusterChoice): Promise<HostFile | undefined> {
  const { clock, disk } = io.platform;
  const deadline = clock.monotonic() + patience;
  while (clock.monotonic() < deadline && !io.signal.aborted) {
    const host = await readHostFile(disk, state);
    if (host !== undefined) return host;
    await clock.sleep(100, io.signal);
  }
  return undefined;
}

async function mergeInto(io: Io, target: string, choice: ClusterChoice): Promise<void> {
  const { disk } = io.platform;
  const decode = (content: Uint8Array | undefined): string => (content === undefined ? '' : new TextDecoder().decode(content));
  const entry = entryOf(decode(await disk.read(choice.state.kubeconfig)));
  if (entry !== undefined) await disk.write(target, mergeKubeconfig(decode(await disk.read(target)), entry));
}

async function auditChoice(io: Io, file: string | undefined, policyFile: string | undefined): Promise<HostOptions['audit']> {
  if (file === undefined) {
    if (policyFile !== undefined) throw new UsageError('--audit-policy goes with --audit-log');
    return undefined;
  }
  const policy = policyFile === undefined ? undefined : await io.platform.disk.read(resolve(policyFile));
  if (policyFile !== undefined && policy === undefined) throw new UsageError(`--audit-policy ${policyFile}: there is no such file`);
  return { file: resolve(file), policy: policy === undefined ? undefined : new TextDecoder().decode(policy) };
}

async function runInForeground(options: HostOptions, io: Io, reporter: Reporter): Promise<number> {
  const host = await startHost(options);
  await host.ready();
  reporter.line({ ready: host.file });
  const stop = (): void => {
    const restart = io.signal.reason === 'SIGTERM';
    // What goes wrong with it is told by `ended`.
    host.stop(restart ? 'leaveContainers' : 'stopContainers').catch(() => undefined);
  };
  if (io.signal.aborted) stop();
  else io.signal.addEventListener('abort', stop, { once: true });
  await host.ended;
  return 0;
}

export const upCommand: Command = {
  options: [
    ...sharedHelp,
    '--nodes N         number of nodes (default 1, or what the cluster has)',
    '--runtime NAME    docker (default) or simulated: pods run in a model, no containers',
    '--port P          port of the API server on 127.0.0.1 (default: a free one, kept)',
    '--kubeconfig FILE merge the cluster’s context into FILE',
    '--audit-log FILE  write down every request in FILE',
    '--audit-policy FILE  a Policy of audit.k8s.io/v1: what is written (default: metadata of all)',
    '--detach          return once it runs, and leave it running',
    '--progress json   one JSON line a step, for programs',
    '--end-with-windows  end when the last editor window is gone',
  ],
  async run(argv, io) {
    const { values } = parseOptions(argv, {
      ...sharedOptions,
      nodes: { type: 'string' },
      runtime: { type: 'string' },
      port: { type: 'string' },
      kubeconfig: { type: 'string' },
      'audit-log': { type: 'string' },
      'audit-policy': { type: 'string' },
      detach: { type: 'boolean' },
      progress: { type: 'string' },
      'end-with-windows': { type: 'boolean' },
    });
    const choice = clusterChoice(values);
    const nodes = wholeNumber('nodes', values.nodes, 1, 50);
    const port = wholeNumber('port', values.port, 1, 65_535);
    const runtime = runtimeName(values.runtime);
    const reporter = oneOf('progress', values.progress, ['text', 'json'], 'text') === 'json' ? jsonReporter(io) : textReporter(io);
    const audit = await auditChoice(io, values['audit-log'], values['audit-policy']);
    const use = async (running: HostFile): Promise<number> => {
      if (values.kubeconfig !== undefined) await mergeInto(io, values.kubeconfig, choice);
      reporter.line({ progress: { step: 'running', message: `The cluster "${choice.name}" is already running at ${running.url} (process ${running.pid})`, elapsed: 0 } });
      reporter.line({ ready: running });
      return 0;
    };
    try {
      const running = await readHostFile(io.platform.disk, choice.state);
      if (running !== undefined) return await use(running);
      if (values.detach === true) return await startDetached(argv, choice.state, io, (line) => reporter.line(line));
      return await runInForeground(
        {
          platform: io.platform,
          name: choice.name,
          version: hostVersion,
          state: choice.state,
          ...(nodes === undefined ? {} : { nodes }),
          ...(runtime === undefined ? {} : { runtime }),
          ...(port === undefined ? {} : { port }),
          ...(values.kubeconfig === undefined ? {} : { kubeconfig: values.kubeconfig }),
          ...(audit === undefined ? {} : { audit }),
          keep: values['end-with-windows'] !== true,
          progress: (step) => reporter.line({ progress: step }),
          signal: io.signal,
        },
        io,
        reporter,
      );
    } catch (error) {
      const other = error instanceof StartError && error.code === 'stateDirectoryLocked' ? await otherHost(io, choice) : undefined;
      return other === undefined ? failed(reporter, asStartError(error)) : use(other);
    }
  },
};
