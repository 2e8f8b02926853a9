/** Strategic merge patches with what the reference implementation made of them (k8s.io/apimachinery 0.36, strategicpatch). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import { parseApiVersion } from '../object.ts';
import { copy, type JsonObject } from '../values.ts';
import { PatchProblem } from './problem.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

interface Row {
  /** Number of the object that it is laid over. */
  readonly object: number;
  readonly patch: JsonObject;
  readonly result?: JsonObject;
  readonly code?: number;
  readonly error?: string;
}

const lines = readFileSync(join(import.meta.dirname, 'testing', 'strategic.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as JsonObject);
const objects = lines.filter((line) => 'kind' in line);
const rows = lines.filter((line) => 'patch' in line) as unknown as readonly Row[];
const codes: Readonly<Record<PatchProblem['kind'], number>> = { badRequest: 400, tooLarge: 413, unprocessable: 422, unclassified: 500 };

function patched({ object, patch }: Row): Pick<Row, 'result' | 'code' | 'error'> {
  const target = objects[object] ?? {};
  const { group, version } = parseApiVersion(String(target['apiVersion'])) ?? { group: '', version: '' };
  const type = kindType({ group, version, kind: String(target['kind']) });
  if (type === undefined) throw new Error(String(target['kind']));
  try {
    return { result: applyStrategicMergePatch(target, patch, type) };
  } catch (problem) {
    if (problem instanceof PatchProblem) return { code: codes[problem.kind], error: problem.message };
    throw problem;
  }
}

describe('strategic merge patches', () => {
  it.each(rows.map((row) => [JSON.stringify(row.patch), row] as const))('%s', (_text, row) => {
    const [object, patch] = [copy(objects[row.object]), copy(row.patch)];
    const { object: _object, patch: _patch, ...answer } = row;
    expect(patched(row)).toEqual(answer);
    expect([objects[row.object], row.patch]).toEqual([object, patch]);
  });
});
