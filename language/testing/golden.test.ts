/** Findings for the manifests of `golden/`, each beside its own: `UPDATE_GOLDEN=1` writes them anew. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { oraclePath } from '../../test/support/oracle.ts';
import { findingLines, fixture } from './fixture.ts';

const golden = join(import.meta.dirname, 'golden');

function findingsOf(file: string): string {
  return findingLines(fixture(`=== ${basename(file)}\n${readFileSync(file, 'utf8')}`))
    .map((line) => `${line}\n`)
    .join('');
}

test.each(globSync(join(golden, '*.yaml')).map((file) => [basename(file), file] as const))('%s', (_name, file) => {
  const expected = file.replace(/yaml$/, 'findings');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(expected, findingsOf(file));
  expect(findingsOf(file)).toBe(readFileSync(expected, 'utf8'));
});

const corpus = oraclePath('corpus/kubernetes-examples');

/** Manifests that nobody here wrote: they lie beside the project, what we say of them lies here. */
describe.skipIf(corpus === undefined)('the corpus (only where it lies beside the project)', () => {
  const files = corpus === undefined ? [] : globSync(join(corpus, '*.{yaml,yml,json}')).toSorted();

  test('every finding', () => {
    const expected = join(golden, 'corpus.findings');
    const findings = files.map(findingsOf).join('');
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(expected, findings);
    expect(findings).toBe(readFileSync(expected, 'utf8'));
  });

  test.each(files.map((file) => [basename(file), file] as const))('%s: places inside the text', (_name, file) => {
    const run = fixture(`=== ${basename(file)}\n${readFileSync(file, 'utf8')}`);
    const lines = run.context.file.text.lines.count;
    for (const { range } of run.project.findings(run.context.file.uri)) expect(range.start.line <= range.end.line && range.end.line < lines).toBe(true);
  });
});
