import { expect, test } from 'vitest';
import { envFileValue } from './env-file.ts';

test.each([
  ["A='1'", '1'],
  ["# says\n\n  A='1' # so\nA='2'", '1'],
  ["B='x'\nA='two\nlines' ", 'two\nlines'],
  ["B='A=no'\nA=''", ''],
  ["A= 'blank'", ''],
  ["B='1'", undefined],
  ['', undefined],
])('%j has it as %j', (text, value) => {
  expect(envFileValue(text, 'A')).toEqual({ value });
});

test.each(['A', 'A=1', "A ='1'", "='1'", "A='1", "A='1' 2", 'A='])('%j is malformed', (text) => {
  expect(envFileValue(text, 'A')).toEqual({ malformed: true });
});
