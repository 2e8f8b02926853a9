/** The command line `kubicle`: a table of commands. */
import { hostVersion } from '../host/version.ts';
import { UsageError, type Command, type Io } from './io.ts';

interface CommandRow {
  readonly name: string;
  readonly summary: string;
  /** Loaded when it is called: starting a cluster must not wait for what validates manifests. */
  load(): Promise<Command>;
}

const commands: readonly CommandRow[] = [
  { name: 'up', summary: 'start a cluster; prints its kubeconfig’s path once every node is Ready', load: async () => (await import('./up.ts')).upCommand },
  { name: 'down', summary: 'stop the cluster and its containers; its objects stay for the next "up"', load: async () => (await import('./down.ts')).downCommand },
  { name: 'status', summary: 'tell whether the cluster runs, and what it holds; exit code 1 when it does not run', load: async () => (await import('./status.ts')).statusCommand },
  { name: 'kubeconfig', summary: 'print the cluster’s kubeconfig', load: async () => (await import('./kubeconfig.ts')).kubeconfigCommand },
  { name: 'validate', summary: 'say of manifests what the API server would, without one; exit code 1 on errors', load: async () => (await import('./validate.ts')).validateCommand },
];

function usage(): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const rows = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `kubicle ${hostVersion}: a Kubernetes cluster on your own Docker\n\nUsage: kubicle COMMAND [OPTIONS]\n\n${rows.join('\n')}\n\n"kubicle COMMAND --help" tells a command's options.\n`;
}

function commandHelp(row: CommandRow, command: Command): string {
  return `kubicle ${row.name}: ${row.summary}\n\nOptions:\n${command.options.map((line) => `  ${line}`).join('\n')}\n`;
}

/** Runs one command line to its end; resolves with the exit code: 0 done, 1 failed, 2 the call's words are off. */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.out(usage());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === 'version') {
    io.out(`${hostVersion}\n`);
    return 0;
  }
  const row = commands.find((candidate) => candidate.name === name);
  if (row === undefined) {
    io.err(`kubicle: there is no command "${name}"\n\n${usage()}`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(commandHelp(row, await row.load()));
    return 0;
  }
  try {
    return await (await row.load()).run(rest, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`kubicle ${name}: ${error.message}\n"kubicle ${name} --help" tells the options.\n`);
    return 2;
  }
}
