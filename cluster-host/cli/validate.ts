/** `kubicle validate FILE…|DIR…|- [-o text|json|sarif]`: manifests judged as the API server would, without one. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formats } from '../../language/validate/formats.ts';
import { Validation } from '../../language/validate/validate.ts';

export interface ValidateIo {
  /** Writes a text with a line break behind it. */
  print(text: string): void;
  printError(text: string): void;
  readStdin(): Promise<string>;
}

export const validateUsage = `usage: kubicle validate FILE...|DIRECTORY...|- [-o text|json|sarif]`;

const manifestFile = /\.(?:ya?ml|json)$/i;

interface ValidateArguments {
  readonly inputs: readonly string[];
  readonly format: string;
}

/** The exit code: 0 without errors, 1 with errors in manifests or files that cannot be read, 2 for wrong arguments. */
export async function runValidate(argv: readonly string[], io: ValidateIo): Promise<number> {
  const parsed = parseArguments(argv);
  if (typeof parsed === 'string') {
    io.printError(`${parsed}\n${validateUsage}`);
    return 2;
  }
  const validation = new Validation();
  let unreadable = 0;
  for (const input of parsed.inputs) {
    for await (const file of filesOf(input)) {
      try {
        validation.add({ name: file, text: file === '-' ? await io.readStdin() : await readFile(file, 'utf8'), named: file === input });
      } catch (error) {
        unreadable += 1;
        io.printError(`kubicle validate: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  const report = validation.report();
  io.print(formats[parsed.format]?.(report) ?? '');
  return unreadable > 0 || report.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** The arguments, or what is wrong with them. */
function parseArguments(argv: readonly string[]): ValidateArguments | string {
  const inputs: string[] = [];
  let format = 'text';
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? '';
    const option = /^(?:-o|--output)(?:=(.*))?$/.exec(argument);
    if (option !== null) {
      format = option[1] ?? argv[(at += 1)] ?? '';
    } else if (argument.startsWith('-') && argument !== '-') {
      return `unknown option ${argument}`;
    } else {
      inputs.push(argument);
    }
  }
  if (!Object.hasOwn(formats, format)) return `unknown output format "${format}": text, json or sarif`;
  return inputs.length === 0 ? 'no file, directory or - given' : { inputs, format };
}

/** The file itself, or every manifest below a directory, in a stable order. */
async function* filesOf(input: string): AsyncGenerator<string> {
  const isDirectory = input !== '-' && (await stat(input).catch(() => undefined))?.isDirectory() === true;
  if (isDirectory) yield* filesBelow(input);
  else yield input;
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) yield* filesBelow(path);
    else if (entry.isFile() && manifestFile.test(entry.name)) yield path;
  }
}
