/** `kubicle validate FILE…|DIR…|-`: manifests judged as the API server would, without one. */
import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { formats } from '../../language/validate/formats.ts';
import { Validation } from '../../language/validate/validate.ts';
import { UsageError, type Command, type Io } from './io.ts';
import { parseOptions } from './options.ts';

const manifestFile = /\.(?:ya?ml|json)$|^Kustomization$/i;

export const validateCommand: Command = {
  options: ['FILE… | DIR… | -  what to read; folders are searched for .yaml, .yml and .json', '-o, --output text, json or sarif'],
  async run(argv, io) {
    const { values, positionals } = parseOptions(argv, { output: { type: 'string', short: 'o' } }, true);
    const output = values.output ?? 'text';
    const format = Object.hasOwn(formats, output) ? formats[output] : undefined;
    if (format === undefined) throw new UsageError(`--output takes ${Object.keys(formats).join(', ')}, not "${output}"`);
    if (positionals.length === 0) throw new UsageError('no file, folder or - was named');
    const validation = new Validation(() => io.platform.clock.now(), readNeeded);
    const unreadable = await readAll(positionals, validation, io);
    const report = validation.report();
    io.out(`${format(report)}\n`);
    return unreadable > 0 || report.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};

/** A file that a kustomization names. */
function readNeeded(uri: string): Uint8Array | undefined {
  try {
    return readFileSync(fileURLToPath(uri));
  } catch {
    // It says itself that there is no such file.
    return undefined;
  }
}

/** Reads every input, one file after the other: nobody waits for anything else here. Resolves with how many files and folders could not be read. */
async function readAll(inputs: readonly string[], validation: Validation, io: Io): Promise<number> {
  let unreadable = 0;
  const refuse = (error: unknown): void => {
    unreadable += 1;
    io.err(`kubicle validate: ${(error as Error).message}\n`);
  };
  for (const input of inputs) {
    for (const file of filesOf(input, refuse)) {
      try {
        validation.add({ name: file, uri: pathToFileURL(resolve(file)).href, text: file === '-' ? await io.readInput() : readFileSync(file, 'utf8'), named: file === input });
      } catch (error) {
        refuse(error);
      }
    }
  }
  return unreadable;
}

/** The file itself, or every manifest below a folder, in a stable order. */
function* filesOf(input: string, refuse: (error: unknown) => void): Generator<string> {
  const isFolder = input !== '-' && statSync(input, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder) yield* filesBelow(input, refuse);
  else yield input;
}

function* filesBelow(folder: string, refuse: (error: unknown) => void): Generator<string> {
  let entries: Dirent[] = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    refuse(error);
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) yield* filesBelow(path, refuse);
    else if (entry.isFile() && manifestFile.test(entry.name)) yield path;
  }
}
