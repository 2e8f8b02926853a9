import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cursorAt } from './cursor.ts';
import { parseYamlDocument, patientLimits } from './document.ts';
import { parsePath } from '../../cluster-host/api/field-errors.ts';
import { Lines } from './lines.ts';
import { markOf } from './locate.ts';
import { scalarOf } from './scalars.ts';
import { documentIndexAt, knownDocuments, parseYamlText, rangeIn } from './text.ts';

const valueOf = (text: string): unknown => parseYamlDocument(text).value;
const problemsOf = (text: string): readonly string[] => parseYamlDocument(text).problems.map(({ message }) => message);
const marked = (text: string, field: string, prefer?: 'key' | 'value'): string => {
  const { start, end } = markOf(parseYamlDocument(text), parsePath(field), prefer);
  return text.slice(start, end);
};

describe('values', () => {
  test('mean what Kubernetes reads', () => {
    expect(valueOf('a: yes\nb: !!str 1\nc: 012\nd: |\n  x\n  y\ne: "1"')).toEqual({ a: true, b: '1', c: 10, d: 'x\ny\n', e: '1' });
  });
  test('what has no value is a problem', () => {
    expect(problemsOf('a: .nan')).toEqual(['error converting YAML to JSON: yaml: unsupported value: .nan']);
    expect(problemsOf('a: {b: 1, c: 2, b: 3}')).toEqual(['duplicate field "a.b"']);
  });
  test('broken syntax is told once', () => {
    expect(problemsOf('a: [\nb: ]\nc: }')).toHaveLength(1);
  });
  test('aliases cannot grow without end', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]', ...Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`)];
    expect(problemsOf(lines.join('\n'))).toEqual(['error converting YAML to JSON: yaml: document contains excessive aliasing']);
  });
  test('too large, too deep', () => {
    expect(problemsOf('#'.repeat(4_000_000))).toEqual(['the document is too large to be checked while it is edited (limit: 2 MiB); "kubicle validate" checks it']);
    expect(problemsOf(`a: &b c\n${'# a comment\n'.repeat(50_000)}`)).toEqual(['the document is too large to be checked while it is edited (limit: 0.5 MiB); "kubicle validate" checks it']);
    const large = (kind: string): string => `kind: ${kind}\ndata: "${'x'.repeat(4_000_000)}"\n`;
    expect(parseYamlDocument(large('ConfigMap'), patientLimits).problems.map(({ message }) => message)).toEqual(['Request entity too large: limit is 3145728']);
    expect(parseYamlDocument(large('List'), patientLimits).problems).toEqual([]);
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
    const after = parseYamlText(text.replace('a: 1', 'a: 10'), knownDocuments(before));
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
});

test.each([['web', 'web'], ['app.kubernetes.io/name', 'app.kubernetes.io/name'], ['yes', '"yes"'], ['012', '"012"'], ['', '""'], ['a: b', '"a: b"'], ['-', '"-"']])('%s is written %s', (text, scalar) => {
  expect(scalarOf(text)).toBe(scalar);
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
          for (const { place } of syntax.problems) {
            const { start, end } = 'span' in place ? place.span : markOf(syntax, place.path);
            expect(0 <= start && start <= end && end <= syntax.text.length).toBe(true);
          }
          JSON.stringify(syntax.value);
          const { start, end } = markOf(syntax, ['spec', 'containers', 0, 'a']);
          expect(0 <= start && start <= end && end <= syntax.text.length).toBe(true);
          for (let offset = 0; offset <= syntax.text.length; offset += 7) cursorAt(syntax.text, offset);
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
