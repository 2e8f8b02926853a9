import { expect, test } from 'vitest';
import { transcriptsByCommand } from './commands.ts';

test('every command of kubectl stands in a transcript', () => {
  expect([...transcriptsByCommand()].filter(([, paths]) => paths.length === 0).map(([command]) => command)).toEqual([]);
});
