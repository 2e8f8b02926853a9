/**
 * yaml-language-server as a library: completion and documentation of fields, and formatting.
 *
 * It is loaded when first asked for, gets one document at a time (so that its schema is that of one kind, made from our own
 * catalogue, offline) and validates nothing: what is wrong with an object `cluster-host/api` says.
 */
import { CompletionItemKind } from 'vscode-languageserver';
import type { CompletionItem, Hover, Position, Range, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { LanguageService } from 'yaml-language-server';
import { parseApiVersion } from '../../cluster-host/api/object.ts';
import type { Place } from '../features/feature.ts';
import type { CustomKinds } from '../schema/custom-kinds.ts';
import { customJsonSchema } from '../schema/custom-schema.ts';
import { jsonSchemaOf } from '../schema/json-schema.ts';

/**
 * The documents handed to the library are called after their kind, `kubicle-document:/0/apps/v1/Deployment.yaml`: it keeps one
 * of each. The number is the version of the custom kinds, so that a schema that changed is another one.
 */
const documentScheme = 'kubicle-document:/';
const schemaScheme = 'kubicle-schema:/';
/** Versions of documents: the library's cache is one for the process. */
let versions = 0;

export class YamlService {
  readonly #customKinds: CustomKinds;
  readonly #report: (error: unknown) => void;
  #service: Promise<LanguageService> | undefined;

  /** What goes wrong inside the library is reported, and the answer is empty. */
  constructor(customKinds: CustomKinds, report: (error: unknown) => void) {
    this.#customKinds = customKinds;
    this.#report = report;
  }

  /** What the schema of the object's kind offers at a place; positions count in the document. */
  async complete(place: Place, position: Position): Promise<readonly CompletionItem[]> {
    const document = this.#documentOf(place);
    if (document === undefined) return [];
    const answer = await this.#ask((service) => service.doComplete(document, position, false));
    return answer?.items.filter(({ kind }) => kind !== CompletionItemKind.Text).map(named) ?? [];
  }

  async hover(place: Place, position: Position): Promise<Hover | undefined> {
    const document = this.#documentOf(place);
    if (document === undefined) return undefined;
    const hover = await this.#ask((service) => service.doHover(document, position));
    return hover ?? undefined;
  }

  async format(uri: string, text: string): Promise<readonly TextEdit[]> {
    const edits = await this.#ask((service) => service.doFormat(TextDocument.create(uri, 'yaml', 1, text), {}));
    return edits ?? [];
  }

  #documentOf({ manifest, document }: Place): TextDocument | undefined {
    // The schema of an item is not that of its document.
    if (manifest === undefined || manifest.facts.isItem) return undefined;
    versions += 1;
    const { apiVersion, kind } = manifest.facts;
    // The library takes a document marker for a document before it.
    const text = document.syntax.text.replace(/^---/, '   ');
    return TextDocument.create(`${documentScheme}${this.#customKinds.version}/${apiVersion}/${kind}.yaml`, 'yaml', versions, text);
  }

  async #ask<T>(question: (service: LanguageService) => Promise<T>): Promise<T | undefined> {
    try {
      return await question(await (this.#service ??= createService(this.#customKinds)));
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }
}

async function createService(customKinds: CustomKinds): Promise<LanguageService> {
  const { getLanguageService } = await import('yaml-language-server');
  const service = getLanguageService({
    schemaRequestService: (uri) => Promise.resolve(JSON.stringify(schemaOf(uri, customKinds))),
    workspaceContext: { resolveRelativePath: (path) => path },
  });
  service.configure({ validate: false, hover: true, completion: true, format: true, isKubernetes: false, yamlVersion: '1.1', hoverSchemaSource: false, schemas: [] });
  service.registerCustomSchemaProvider((uri) => Promise.resolve(uri.replace(documentScheme, schemaScheme).replace(/yaml$/, 'json')));
  return service;
}

function schemaOf(uri: string, customKinds: CustomKinds): object {
  const [, ...parts] = uri.slice(schemaScheme.length, -'.json'.length).split('/');
  const kind = parts.pop() ?? '';
  const groupVersion = parseApiVersion(parts.join('/'));
  if (groupVersion === undefined) return {};
  const gvk = { ...groupVersion, kind };
  const custom = customKinds.find(gvk);
  return jsonSchemaOf(gvk) ?? (custom === undefined ? {} : customJsonSchema(custom));
}

/** The library calls the skeleton of an object's required fields after its type. */
function named(item: CompletionItem): CompletionItem {
  return item.kind === CompletionItemKind.Class ? { ...item, label: 'required fields', kind: CompletionItemKind.Snippet } : item;
}

/** Moves what the library says of a document to where the document stands in its file. */
export function shiftedRange({ start, end }: Range, lines: number): Range {
  return { start: { line: start.line + lines, character: start.character }, end: { line: end.line + lines, character: end.character } };
}
