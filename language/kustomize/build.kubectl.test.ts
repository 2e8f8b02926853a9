/** What is built here beside what `kubectl kustomize` builds. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { Kubectl } from '../../test/support/kubectl.ts';
import { filesOf, folder, splitFiles } from '../testing/files.ts';
import { build } from './build.ts';
import { cases } from './testing/cases.ts';

async function builtByKubectl(contents: ReadonlyMap<string, string>): Promise<readonly unknown[]> {
  const root = mkdtempSync(join(tmpdir(), 'kubicle-kustomize-'));
  try {
    for (const [path, content] of contents) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const output = await new Kubectl('').run('kustomize', join(root, 'main'));
    return parseAllDocuments(output, { version: '1.1' }).map((document): unknown => document.toJS());
  } finally {
    rmSync(root, { recursive: true });
  }
}

test.each(Object.entries(cases))('%s', async (_name, source) => {
  const contents = splitFiles(source);
  const { resources, problems } = build(`${folder}/main/kustomization.yaml`, filesOf(contents));
  expect(problems).toEqual([]);
  expect(resources.map(({ object }) => object)).toEqual(await builtByKubectl(contents));
});
