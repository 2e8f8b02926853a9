/** Files for tests as one text: `=== path` begins a file. */
import type { Files } from '../kustomize/files.ts';
import { parseYamlText } from '../syntax/text.ts';

export const folder = 'file:///workspace';

/** Contents by path. */
export function splitFiles(source: string): ReadonlyMap<string, string> {
  return new Map(
    source
      .split(/^=== /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
  );
}

export function filesOf(contents: ReadonlyMap<string, string>): Files {
  const textOf = (uri: string): string | undefined => contents.get(decodeURIComponent(uri.slice(folder.length + 1)));
  return {
    documents: (uri) => {
      const text = textOf(uri);
      return text === undefined ? undefined : parseYamlText(text).documents.map(({ syntax }) => syntax);
    },
    content: (uri) => {
      const text = textOf(uri);
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
  };
}
