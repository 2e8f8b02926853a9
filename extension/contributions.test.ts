import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';

vi.mock('vscode', () => ({ Uri: { from: () => undefined } }));

interface Contributed {
  readonly commands: readonly { readonly command: string; readonly category?: string }[];
  readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
  readonly configuration: { readonly properties: Readonly<Record<string, { readonly markdownDescription?: string; readonly default?: unknown }>> };
  readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly image: string; readonly altText: string } }[] }[];
}

const root = join(import.meta.dirname, '..');
const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly contributes: Contributed };

it('has a category for every command, and a command for every entry of a menu', () => {
  expect(contributes.commands.filter(({ category }) => category !== 'Kubicle')).toEqual([]);
  const known = new Set(contributes.commands.map(({ command }) => command));
  expect(Object.values(contributes.menus).flat().filter(({ command }) => !known.has(command))).toEqual([]);
});

it('describes every setting, and has a default for it', () => {
  const settings = Object.entries(contributes.configuration.properties);
  expect(settings.filter(([, { markdownDescription, default: value }]) => markdownDescription === undefined || value === undefined)).toEqual([]);
});

it('has the pictures of the walkthrough, with words for those who do not see them', () => {
  const pictures = contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media));
  expect(pictures.length).toBeGreaterThan(4);
  expect(pictures.filter(({ image, altText }) => !existsSync(join(root, image)) || altText === '')).toEqual([]);
});

it('has a row for every command of package.json, and none besides', async () => {
  const { commands } = await import('./contributions.ts');
  expect(commands.map(({ id }) => id).toSorted()).toEqual(contributes.commands.map(({ command }) => command).toSorted());
});
