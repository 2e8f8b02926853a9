import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';

vi.mock('vscode', () => ({ Uri: { from: () => undefined } }));

it('has a row for every command of package.json, and none besides', async () => {
  const { commands } = await import('./contributions.ts');
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { contributes: { commands: { command: string }[] } };
  expect(commands.map(({ id }) => id).toSorted()).toEqual(manifest.contributes.commands.map(({ command }) => command).toSorted());
});
