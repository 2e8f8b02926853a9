/**
 * Reads the Kubernetes API models out of the pinned `@kubernetes/client-node`.
 *
 * That package is generated from the OpenAPI document of the Kubernetes release that it names, so its models are the one
 * source of fields, types, optionality and documentation. Nothing of it is copied into git: what is made here is written
 * to `generated/` folders at build time.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface ModelField {
  /** The name on the wire. */
  readonly name: string;
  /** As the models spell it: `string`, `number`, `boolean`, `Date`, `V1MicroTime`, `IntOrString`, `any`, a model's name, `Array<…>`, `{ [key: string]: …; }`. */
  readonly type: string;
  /** OpenAPI format: `int32`, `int64`, `double`, `byte`, `date-time`, … or empty. */
  readonly format: string;
  readonly required: boolean;
  readonly doc: string;
}

export interface Model {
  readonly name: string;
  readonly doc: string;
  readonly fields: readonly ModelField[];
}

interface AttributeType {
  readonly baseName: string;
  readonly name: string;
  readonly type: string;
  readonly format: string;
}

export function clientNodeFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@kubernetes/client-node');
  return dirname(entry);
}

/** Every model of the client, by name. */
export async function readModels(): Promise<readonly Model[]> {
  const folder = join(clientNodeFolder(), 'gen', 'models');
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => file.slice(0, -'.d.ts'.length))
    .filter((name) => name !== 'ObjectSerializer' && name !== 'all')
    .sort();
  const models: Model[] = [];
  for (const name of names) {
    const module = (await import(pathToFileURL(join(folder, `${name}.js`)).href)) as Record<string, { attributeTypeMap?: AttributeType[] }>;
    const attributes = module[name]?.attributeTypeMap;
    if (attributes === undefined) continue;
    const declaration = readDeclaration(readFileSync(join(folder, `${name}.d.ts`), 'utf8'));
    models.push({
      name,
      doc: declaration.doc,
      fields: attributes.map((attribute) => {
        const declared = declaration.fields.get(attribute.name);
        return {
          name: attribute.baseName,
          type: attribute.type,
          format: attribute.format,
          required: declared?.required ?? false,
          doc: declared?.doc ?? '',
        };
      }),
    });
  }
  return models;
}

interface Declaration {
  readonly doc: string;
  readonly fields: ReadonlyMap<string, { readonly required: boolean; readonly doc: string }>;
}

function readDeclaration(text: string): Declaration {
  const body = text.slice(text.indexOf('export declare class'));
  const head = text.slice(0, text.length - body.length);
  const fields = new Map<string, { required: boolean; doc: string }>();
  for (const match of body.matchAll(/(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ {4}'([^']+)'(\?)?: /gm)) {
    fields.set(match[2] ?? '', { required: match[3] === undefined, doc: docText(match[1] ?? '') });
  }
  const comments = [...head.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\//g)];
  return { doc: docText(comments.at(-1)?.[1] ?? ''), fields };
}

function docText(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s?/, ''))
    .join('\n')
    .trim()
    .replaceAll(/\\(['"])/g, '$1');
}
