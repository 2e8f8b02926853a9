import { expect, it } from 'vitest';
import { editsBetween } from './edits.ts';

it.each<[string, unknown, unknown, unknown]>([
  ['nothing', { a: { b: [1] } }, { a: { b: [1] } }, undefined],
  ['a value', { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 3 }],
  ['a field that went', { a: { b: 1, c: 2 } }, { a: { c: 2 } }, { a: { b: null } }],
  ['a list', { a: [1, 2] }, { a: [1] }, { a: [1] }],
  ['a map that came', {}, { a: { b: 1 } }, { a: { b: 1 } }],
])('%s', (_title, before, after, edits) => expect(editsBetween(before, after)).toEqual(edits));
