/**
 * Makes the absolute links of a web page that came through a proxy lead through the proxy again, as Kubernetes does: links in
 * tags, not in texts or scripts' contents. Pure; works on pieces, whose cuts may fall anywhere.
 */

const attributes = 'href|src|action|formaction|background|cite|classid|codebase|data|icon|longdesc|manifest|poster|profile|usemap';
const tag = /<[a-zA-Z][^<>]*>/g;
const link = new RegExp(`(\\s(?:${attributes})\\s*=\\s*)("[^"]*"|'[^']*'|[^\\s"'>]+)`, 'gi');
const tagLimit = 64 * 1024;

/** Where links lead: below `prefix`, unless they are relative, of another host, or there already. */
export function rewriteLink(url: string, prefix: string, hosts: readonly string[]): string {
  const match = /^(?:([a-z][a-z0-9+.-]*:)?\/\/([^/?#]*))?(\/[^?#]*)(.*)$/i.exec(url);
  if (match === null) return url;
  const [, , host, path = '', rest = ''] = match;
  if (host !== undefined && !hosts.includes(host)) return url;
  return path === prefix || path.startsWith(`${prefix}/`) ? path + rest : prefix + path + rest;
}

export class LinkRewriter {
  readonly #rewrite: (url: string) => string;
  #pending = '';

  constructor(rewrite: (url: string) => string) {
    this.#rewrite = rewrite;
  }

  /** What can be passed on so far. */
  push(text: string): string {
    const all = this.#pending + text;
    const open = all.lastIndexOf('<');
    // A tag that is not closed yet waits for its end, unless it is too long to be one.
    const cut = open > all.lastIndexOf('>') && all.length - open < tagLimit ? open : all.length;
    this.#pending = all.slice(cut);
    return this.#rewriteTags(all.slice(0, cut));
  }

  end(): string {
    const rest = this.#pending;
    this.#pending = '';
    return rest;
  }

  #rewriteTags(text: string): string {
    return text.replaceAll(tag, (whole) =>
      whole.replaceAll(link, (_match, before: string, value: string) => {
        const quote = value.startsWith('"') || value.startsWith("'") ? (value[0] ?? '') : '';
        return before + quote + this.#rewrite(quote === '' ? value : value.slice(1, -1)) + quote;
      }),
    );
  }
}
