import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { t } from './l10n.ts';

const root = join(import.meta.dirname, '..');

function json(file: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, string>;
}

function textsInSource(): readonly string[] {
  const sources = globSync('extension/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  return sources.flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1')));
}

function placeholders(text: string): readonly string[] {
  return [...new Set(text.match(/\{\d+\}/g) ?? [])].toSorted();
}

describe('translations', () => {
  it('has every text of the source in Chinese, and no other', () => {
    expect(Object.keys(json('l10n/bundle.l10n.zh-cn.json')).toSorted()).toEqual([...new Set(textsInSource())].toSorted());
  });

  it('keeps the placeholders', () => {
    for (const [text, translated] of Object.entries(json('l10n/bundle.l10n.zh-cn.json'))) expect(placeholders(translated), text).toEqual(placeholders(text));
  });

  it('has every text of package.json in both languages', () => {
    const used = [...readFileSync(join(root, 'package.json'), 'utf8').matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);
    expect(Object.keys(json('package.nls.json')).toSorted()).toEqual([...new Set(used)].toSorted());
    expect(Object.keys(json('package.nls.zh-cn.json'))).toEqual(Object.keys(json('package.nls.json')));
  });

  it('fills in values', () => expect(t('{0}/{1} ready', 1, 2)).toBe('1/2 ready'));
});
