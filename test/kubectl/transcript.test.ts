import { expect, test } from 'vitest';
import { commandsOf, matchesTranscript, parseTranscript, printedLines } from './transcript.ts';

const session = `# About it.
$ kubectl create configmap a --from-literal=b=c
configmap/a created

$ kubectl apply -f - <<END
> kind: ConfigMap
>
> metadata: {}
> END
error: no
[1]
`;

test('a transcript is commands, each with what it prints', () => {
  expect(parseTranscript(session)).toEqual([
    { command: 'kubectl create configmap a --from-literal=b=c', printed: ['configmap/a created'], line: 2 },
    { command: 'kubectl apply -f - <<END\nkind: ConfigMap\n\nmetadata: {}\nEND', printed: ['error: no', '[1]'], line: 5 },
  ]);
  expect(() => parseTranscript('printed by nobody\n')).toThrow('line 1');
  expect(() => parseTranscript('> goes on\n')).toThrow('line 1');
});

test('what is printed loses empty lines and the width of columns, not the indentation', () => {
  expect(printedLines('NAME      AGE\n\n    deep   x  \n', 2)).toEqual(['NAME  AGE', '    deep  x', '[2]']);
});

test.each([
  [['a'], ['a'], true],
  [['a'], ['b'], false],
  [['a'], ['a', 'b'], false],
  [['a', 'b'], ['a'], false],
  [['x <age> y'], ['x 5s y'], true],
  [['x <age> y'], ['x  y'], false],
  [['a.c'], ['abc'], false],
  [['…'], [], true],
  [['…', 'b'], ['b'], true],
  [['a', '…', 'c'], ['a', 'b', 'b', 'c'], true],
  [['a', '…', 'c'], ['a', 'b'], false],
  [['a', '…'], ['a'], true],
])('%j stands for %j: %s', (expected, actual, matches) => {
  expect(matchesTranscript(expected, actual)).toBe(matches);
});

test('the commands of a transcript are told by their longest known name', () => {
  const known = ['create', 'create configmap', 'apply', 'apply view-last-applied', 'get'];
  expect([...commandsOf(parseTranscript(session), known)]).toEqual(['create configmap', 'apply']);
});
