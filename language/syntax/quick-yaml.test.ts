import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCollection, isMap, isPair, isScalar, parseDocument } from 'yaml';
import { oraclePath } from '../../test/support/oracle.ts';
import { yamlParseOptions } from '../../cluster-host/api/decode/yaml.ts';
import { cases } from '../kustomize/testing/cases.ts';
import { splitFiles } from '../testing/files.ts';
import { parseQuickly } from './quick-yaml.ts';
import { splitDocuments } from './split.ts';

/** What the rest of the house looks at. Comments below a collection are part of it for the package only. */
function tree(node: unknown, text: string): unknown {
  if (isPair(node)) return [tree(node.key, text), tree(node.value, text)];
  if (isScalar(node)) return { type: node.type, value: node.value, range: node.range?.slice(0, 2) };
  if (!isCollection(node)) return node;
  const [start = 0, end = 0] = node.range ?? [];
  const body = node.flow === true ? text.slice(start, end) : text.slice(start, end).replace(/(?:(?:^|\n)[ ]*(?:#[^\n]*)?)*\n?$/, '');
  return { map: isMap(node), flow: node.flow === true, start, body, items: node.items.map((item) => tree(item, text)) };
}

/** Whether it was read quickly; then it must be what the package reads. */
function agrees(text: string): boolean {
  const quick = parseQuickly(text);
  if (quick === undefined) return false;
  const whole = parseDocument(text, { ...yamlParseOptions, prettyErrors: false });
  expect({ text, errors: whole.errors.map(({ message }) => message), tree: tree(quick.contents, text) }).toEqual({ text, errors: [], tree: tree(whole.contents, text) });
  return true;
}

const golden = globSync(join(import.meta.dirname, '../testing/golden/*.yaml')).map((file) => readFileSync(file, 'utf8'));
const kustomized = Object.values(cases).flatMap((source) => [...splitFiles(source).values()]);
const samples = [...golden, ...kustomized].flatMap((text) => splitDocuments(text).map(({ start, end }) => text.slice(start, end)));

test.each([
  'a: b # c\nc:\n  d: |\n    x\n     y\n\n  e:\nf:\n- g: h\n  i: "j"\n- k\n-\nl: {m: n, o: []}\np: [q, "r", -1]\n',
  '---\n\n# comment\nkey with spaces: "a\\tb\\u0041"\nempty: \n\'single\': \'it\'\'s\'\n',
  'a: |-\n  x\n\n\nb: |+\n  y\n\nc: |\n  z\n# end\n',
  '- - a\n  - b\n-   c:\n      d\n'.replace('\n      d', ' d'),
  'a: b   \nc: http://x:80/#y\nd: a#b\ne: -x\nf: --\n',
  'a:',
  '- ',
  'list:   # comment\n  - x\n\n# end\n',
])('reads as the package does: %j', (text) => {
  expect(agrees(text)).toBe(true);
});

test.each(['a: &x b', 'a: *x', 'a: !t b', 'a: >\n  b\n', 'a: b\n  c\n', '? a\n: b', 'a: "b\n  c"\n', '{a: b}', 'a', '', '# only', 'a: b: c', '<<: {a: b}', 'a: [b: c]', 'a: {b}', 'a:\tb', 'a: b\r\n', ' a: b\nc: d', '- a\n b: c', 'a: |2\n   b\n', 'a: [b,\n c]', 'a: "\\x41"', 'a:  # c\nb: c', '--- a', '%YAML 1.1\n---\na: b', 'a: b\n...\n'])(
  'leaves to the package: %j',
  (text) => {
    expect(parseQuickly(text)).toBeUndefined();
  },
);

test('samples, and most of them quickly', () => {
  const quick = samples.filter(agrees).length;
  expect(quick / samples.length).toBeGreaterThan(0.7);
});

describe.skipIf(oraclePath('corpus/kubernetes-examples') === undefined)('the corpus (only where it lies beside the project)', () => {
  test('every document', () => {
    const files = globSync(join(oraclePath('corpus/kubernetes-examples') ?? '', '*.{yaml,yml}')).map((file) => readFileSync(file, 'utf8'));
    for (const text of files) for (const { start, end } of splitDocuments(text)) agrees(text.slice(start, end));
  });
});

const piece = fc.constantFrom(' ', '  ', '\n', '\n\n', ':', ': ', '- ', '-', '#', ' #', '"', "'", '{', '}', '[', ']', ',', '|', '|-', '>', '&a ', '*a', '!x ', '?', '<<', 'a', 'b: c', '---', '...', '%', '@', '\\', '\\n', '\t', '0');

test('however a text is changed', () => {
  const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 4 }), insert: fc.array(piece, { maxLength: 3 }) });
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.array(edit, { maxLength: 4 }), (sample, edits) => {
      let text = sample.slice(0, 1500);
      for (const { at, remove, insert } of edits) {
        const place = at % (text.length + 1);
        text = text.slice(0, place) + insert.join('') + text.slice(place + remove);
      }
      for (const { start, end } of splitDocuments(text)) agrees(text.slice(start, end));
    }),
    { numRuns: 2000 },
  );
});
