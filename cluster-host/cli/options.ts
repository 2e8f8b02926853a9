/** Options that commands share, and their checks. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { RuntimeName } from '../control-protocol.ts';
import { stateDirectory, type StateDirectory } from '../host/state-directory.ts';
import { UsageError } from './io.ts';

export const sharedOptions = { name: { type: 'string' }, 'state-dir': { type: 'string' } } as const;

export const sharedHelp: readonly string[] = ['--name NAME       name of the cluster (default "kubicle")', '--state-dir DIR   where the cluster keeps its state (default ~/.kubicle/NAME)'];

type Options = NonNullable<ParseArgsConfig['options']>;

/** Like node's `parseArgs`, strict; what is wrong becomes a UsageError. */
export function parseOptions<O extends Options>(argv: readonly string[], options: O, positionals = false) {
  try {
    // kubectl takes `-o=json` for `-o json`.
    return parseArgs({ args: argv.map((argument) => argument.replace(/^-(\w)=/, '-$1')), options, allowPositionals: positionals, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

export interface ClusterChoice {
  readonly name: string;
  readonly state: StateDirectory;
}

export function clusterChoice(values: { readonly name?: string | undefined; readonly 'state-dir'?: string | undefined }): ClusterChoice {
  const name = values.name ?? 'kubicle';
  if (!/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
    throw new UsageError(`--name "${name}" is not a good name: use up to 40 lower-case letters, digits and "-", beginning and ending with a letter or digit`);
  }
  return { name, state: stateDirectory(name, values['state-dir']) };
}

/** A whole number between two bounds; undefined stays undefined. */
export function wholeNumber(option: string, value: string | undefined, smallest: number, largest: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < smallest || number > largest) throw new UsageError(`--${option} takes a whole number from ${smallest} to ${largest}, not "${value}"`);
  return number;
}

export function runtimeName(value: string | undefined): RuntimeName | undefined {
  if (value === undefined || value === 'docker' || value === 'simulated') return value;
  throw new UsageError(`--runtime takes docker or simulated, not "${value}"`);
}

export function oneOf<T extends string>(option: string, value: string | undefined, choices: readonly T[], preset: T): T {
  if (value === undefined) return preset;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw new UsageError(`--${option} takes ${choices.join(' or ')}, not "${value}"`);
  return choice;
}
