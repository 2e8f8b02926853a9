import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseYamlDocument } from './document.ts';
import { formatFieldPath, parseFieldPath } from './field-path.ts';
import { Lines } from './lines.ts';
import { markOf, placeAt } from './locate.ts';
import { resolvePlainScalar } from './scalars.ts';
import { documentIndexAt, parseYamlText, rangeIn } from './text.ts';

const valueOf = (text: string): unknown => parseYamlDocument(text).value;
const problemsOf = (text: string): readonly string[] => parseYamlDocument(text).problems.map(({ message }) => message);
const marked = (text: string, field: string, prefer?: 'key' | 'value'): string => {
  const { start, end } = markOf(parseYamlDocument(text), parseFieldPath(field), prefer);
  return text.slice(start, end);
};

describe('plain scalars mean what Kubernetes reads', () => {
  test.each([
    ['yes', true], ['Off', false], ['n', false], ['~', null], ['', null], ['012', 10], ['0o12', 10], ['0x1F', 31], ['0b11', 3], ['1_000', 1000], ['-7', -7],
    ['1e3', 1000], ['.5', 0.5], ['1.', 1], ['08', 8], ['1:30', '1:30'], ['2001-01-01', '2001-01-01'], ['0.5.1', '0.5.1'], ['-', '-'], ['100m', '100m'], ['nope', 'nope'],
  ])('%s', (source, value) => {
    expect(resolvePlainScalar(source)).toBe(value);
  });
});

describe('values', () => {
  test('quotes, tags and block scalars', () => {
    expect(valueOf('a: "yes"\nb: !!str 1\nc: !!int "1"\nd: |\n  x\n  y\ne: >-\n  x\n  y')).toEqual({ a: 'yes', b: '1', c: 1, d: 'x\ny\n', e: 'x y' });
  });
  test('anchors and merge keys, own keys first', () => {
    expect(valueOf('base: &base {a: 1, b: 2}\nx:\n  <<: *base\n  b: 3\nz: [*base]')).toEqual({ base: { a: 1, b: 2 }, x: { b: 3, a: 1 }, z: [{ a: 1, b: 2 }] });
  });
  test('keys become strings', () => {
    expect(valueOf('1: a\ny: b\n__proto__: c')).toEqual(JSON.parse('{"1": "a", "true": "b", "__proto__": "c"}'));
  });
  test('what has no value is a problem', () => {
    expect(problemsOf('a: .nan')).toEqual(['.nan has no value in JSON']);
    expect(problemsOf('a: &a [*a]')).toEqual(["anchor 'a' value contains itself"]);
    expect(problemsOf('a: {b: 1, c: 2, b: 3}')).toEqual(['duplicate field "a.b"']);
  });
  test('aliases cannot grow without end', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]', ...Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`)];
    expect(problemsOf(lines.join('\n'))).toEqual(['document contains excessive aliasing']);
  });
  test('too large, too deep', () => {
    expect(problemsOf('#'.repeat(4_000_000))).toEqual(['Request entity too large: limit is 3145728']);
    expect(problemsOf('['.repeat(50_000)).length).toBeGreaterThan(0);
  });
});

describe('documents of a text', () => {
  const text = '# head\n---\na: 1\n---  # second\nb: |\n  text\r\n  --- no marker\n---\n---\nc: 3';
  test('are split at markers', () => {
    expect(parseYamlText(text).documents.map(({ syntax }) => syntax.value)).toEqual([{ a: 1 }, { b: 'text\n--- no marker\n' }, null, { c: 3 }]);
  });
  test('are parsed again only where they changed', () => {
    const before = parseYamlText(text);
    const after = parseYamlText(text.replace('a: 1', 'a: 10'), before);
    expect(after.documents.map(({ syntax }, index) => syntax === before.documents[index]?.syntax)).toEqual([false, true, true, true]);
  });
  test('know their places', () => {
    const parsed = parseYamlText('a: 1\n---\nb: 22');
    const second = parsed.documents[1]!;
    expect(rangeIn(parsed, second, markOf(second.syntax, ['b']))).toEqual({ start: { line: 2, character: 3 }, end: { line: 2, character: 5 } });
    expect([0, 1, 2].map((line) => documentIndexAt(parsed, { line, character: 0 }))).toEqual([0, 1, 1]);
  });
});

describe('field paths', () => {
  test.each([
    ['spec.containers[0].ports[1].name', ['spec', 'containers', 0, 'ports', 1, 'name']],
    ['metadata.labels[app.kubernetes.io/name]', ['metadata', 'labels', 'app.kubernetes.io/name']],
    ['', []],
    ['<nil>', []],
  ])('%s', (field, path) => {
    expect(parseFieldPath(field)).toEqual(path);
    if (path.length > 0) expect(formatFieldPath(path)).toBe(field);
  });

  const pod = 'metadata:\n  labels:\n    a.b/c: d\nspec: &spec\n  containers:\n    - name: web\n      ports:\n      - containerPort: 80\nother: *spec\nmerged:\n  <<: *spec';
  test.each([
    ['metadata.labels[a.b/c]', 'd'],
    ['metadata.labels.a.b/c', 'd'],
    ['spec.containers[0].name', 'web'],
    ['spec.containers[0]', 'name: web'],
    ['spec.containers[0].image', 'name: web'],
    ['spec.containers[0].ports', 'ports'],
    ['spec.containers[7].name', 'containers'],
    ['spec.restartPolicy', 'spec'],
    ['other.containers[0].name', 'web'],
    ['merged.containers[0].name', 'web'],
  ])('%s marks %s', (field, mark) => {
    expect(marked(pod, field)).toBe(mark);
  });
  test('a key can be asked for', () => {
    expect(marked(pod, 'spec.containers[0].name', 'key')).toBe('name');
  });
  test('a place tells its path', () => {
    expect(placeAt(parseYamlDocument(pod), pod.indexOf('web') + 1)).toMatchObject({ path: ['spec', 'containers', 0, 'name'], on: 'value' });
    expect(placeAt(parseYamlDocument(pod), pod.indexOf('labels') + 1)).toMatchObject({ path: ['metadata', 'labels'], on: 'key' });
  });
});

describe('whatever is typed', () => {
  const fragment = fc.constantFrom('a', 'spec', ':', ': ', '- ', '\n', '\n  ', '\n    ', '\t', '\r\n', '---', '...', '{', '}', '[', ']', '"', "'", '|', '>', '&a ', '*a', '<<: ', '!!str ', '#', '%YAML', '1e3', '.inf', '?', ',', '\u{1F600}', '\uFEFF', '@', '`');
  const typed = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('')));
  test('parsing answers, with places inside the text', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = parseYamlText(text);
        expect(parsed.documents.map(({ syntax }) => syntax.text).join('')).toBe(text);
        for (const { syntax } of parsed.documents) {
          for (const { start, end } of syntax.problems) expect(0 <= start && start <= end && end <= syntax.text.length).toBe(true);
          JSON.stringify(syntax.value);
          const { start, end } = markOf(syntax, ['spec', 'containers', 0, 'a']);
          expect(0 <= start && start <= end && end <= syntax.text.length).toBe(true);
          for (let offset = 0; offset <= syntax.text.length; offset += 7) placeAt(syntax, offset);
        }
      }),
      { numRuns: 2000 },
    );
  });
  test('positions and offsets agree', () => {
    fc.assert(
      fc.property(typed, fc.nat(200), (text, at) => {
        const lines = new Lines(text);
        const offset = Math.min(at, text.length);
        const position = lines.positionAt(offset);
        const back = lines.offsetAt(position);
        // Between \r and \n there is no position of its own.
        expect(back === offset || (back === offset - 1 && text[back] === '\r')).toBe(true);
      }),
    );
  });
});
