import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compatibilityFile, compatibilityPage } from './compatibility.ts';

test('docs/compatibility.md is what `npm run compatibility` writes', () => {
  expect(readFileSync(compatibilityFile, 'utf8')).toBe(compatibilityPage());
});
