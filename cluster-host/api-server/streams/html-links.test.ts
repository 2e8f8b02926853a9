import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LinkRewriter, rewriteLink } from './html-links.ts';

const prefix = '/api/v1/namespaces/default/pods/web/proxy';

test.each([
  ['/rewriteme', `${prefix}/rewriteme`],
  ['/a/b/?q=1#top', `${prefix}/a/b/?q=1#top`],
  ['http://10.0.0.1:80/x', `${prefix}/x`],
  ['//10.0.0.1:80/x', `${prefix}/x`],
  ['http://elsewhere.example/x', 'http://elsewhere.example/x'],
  ['relative/path', 'relative/path'],
  ['#top', '#top'],
  ['mailto:a@b.c', 'mailto:a@b.c'],
  [`${prefix}/there`, `${prefix}/there`],
])('%s leads to %s', (url, expected) => {
  expect(rewriteLink(url, prefix, ['10.0.0.1:80'])).toBe(expected);
});

describe('pages', () => {
  const page = `<html><body background="/bg.png">a < b <a class=x href="/rewriteme">test</a><IMG SRC='/i.png' alt="/not"><form action=/go><p title="/no">/text href="/no"</p></body></html>`;
  const expected = page.replace('/bg.png', '!/bg.png').replace('"/rewriteme', '"!/rewriteme').replace('/i.png', '!/i.png').replace('=/go', '=!/go');

  test('links in tags change, all else stays', () => {
    const rewriter = new LinkRewriter((url) => `!${url}`);
    expect(rewriter.push(page) + rewriter.end()).toBe(expected);
  });

  test('wherever the pieces end', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (cuts) => {
        const rewriter = new LinkRewriter((url) => `!${url}`);
        let result = '';
        for (let offset = 0, turn = 0; offset < page.length; turn++) {
          const size = cuts[turn % cuts.length] ?? 1;
          result += rewriter.push(page.slice(offset, offset + size));
          offset += size;
        }
        expect(result + rewriter.end()).toBe(expected);
      }),
    );
  });

  test('a tag that never ends is passed on', () => {
    const rewriter = new LinkRewriter((url) => `!${url}`);
    const text = `<a ${'x'.repeat(100_000)}`;
    expect(rewriter.push(text)).toBe(text);
  });
});
