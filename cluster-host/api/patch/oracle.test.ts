/**
 * Patches that a real API server answered. Whether the patched object is valid is for the kinds (kinds/oracle.test.ts); here
 * each patch must be refused as it was, or yield the object that it did. Recorded with Kubernetes 1.20: `newer` tells what
 * 1.36 does otherwise.
 */
import { describe, expect, it } from 'vitest';
import { oraclePath, readOracle } from '../../../test/support/oracle.ts';
import { kindType } from '../catalogue/catalogue.ts';
import { plainDocument } from '../decode/parsed.ts';
import { decode } from '../decode/typed.ts';
import { findKind } from '../kinds/kinds.ts';
import { parseApiVersion, type KubeObject } from '../object.ts';
import { copy, isBlank, isObject } from '../values.ts';
import { applyPatch, type PatchKind } from './patch.ts';

interface Recorded {
  readonly path: string;
  readonly type: string;
  readonly patch: unknown;
  readonly code: number;
  readonly result?: KubeObject;
}

const newer: readonly { readonly why: string; applies(recorded: Recorded, text: string): boolean }[] = [
  { why: '$deleteFromPrimitiveList works on every list, not only on those that merge (k8s.io/apimachinery 0.36, strategicpatch)', applies: (_, text) => /deleteFromPrimitiveList\/(?!finalizers)/.test(text) },
  { why: 'an unset creationTimestamp is left out (1.34), so that a JSON patch no longer finds its null', applies: ({ type }, text) => type.includes('json-patch') && text.includes('creationTimestamp') },
  { why: 'clusterIPs came with dual stack (1.20 alpha)', applies: (_, text) => text.includes('clusterIPs') },
  { why: 'batch labels of jobs are prefixed since 1.27', applies: (_, text) => text.includes('job-name') || text.includes('controller-uid') },
];

const patchKinds: Readonly<Record<string, PatchKind>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

/** What admission and storage add, not the patch. */
const foreign = /^(?:metadata\.(?:annotations|labels|finalizers|namespace|generation)|spec\.template\.metadata\.labels|spec\.(?:tolerations|priority|preemptionPolicy|serviceAccountName|defaultBackend|policyTypes\.0))\b/;

function difference(want: unknown, got: unknown, path = ''): string | undefined {
  if (foreign.test(path) || ((want === null || want === '') && (isBlank(got) || got === ''))) return undefined;
  if (typeof want !== 'object' || want === null) return want === got ? undefined : `${path}: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`;
  if (typeof got !== 'object' || got === null) return `${path}: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`;
  if (Array.isArray(want) && want.length !== (got as unknown[]).length) return `${path}: ${(got as unknown[]).length} items instead of ${want.length}`;
  for (const [key, value] of Object.entries(want)) {
    const found = difference(value, (got as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const present = oraclePath('oracle/patches.jsonl.gz') !== undefined;

describe.skipIf(!present)('recorded patches (skipped where the recordings are not there)', () => {
  const recorded: readonly Recorded[] = present ? readOracle('oracle/patches.jsonl.gz').trim().split('\n').map((line) => JSON.parse(line) as Recorded) : [];
  /** The live objects, as a patch that changes nothing gave them back. */
  const live = new Map<string, KubeObject>();
  for (const { path, patch, code, result } of recorded) {
    const isBlank = isObject(patch) && ['metadata', 'spec', 'data'].some((key) => JSON.stringify(patch) === `{"${key}":{}}`);
    if (code === 200 && isBlank && result !== undefined) live.set(path, result);
  }

  /** How our answer differs; undefined where it agrees or is not told by the patch alone. */
  function mismatch(one: Recorded, base: KubeObject): string | undefined {
    const gvk = { ...parseApiVersion(base.apiVersion ?? ''), kind: base.kind ?? '' };
    const row = findKind(gvk.group ?? '', gvk.version ?? '', gvk.kind);
    const type = kindType({ group: gvk.group ?? '', version: gvk.version ?? '', kind: gvk.kind });
    const kind = patchKinds[one.type];
    if (row === undefined || type === undefined || kind === undefined) return undefined;
    const object = decode(plainDocument(copy(base)), type).value as KubeObject;
    const outcome = applyPatch({ kind, text: JSON.stringify(one.patch), object, type, fieldValidation: 'Warn' });
    if (!outcome.ok) return outcome.status.code === one.code ? undefined : `${outcome.status.code} instead of ${one.code}: ${outcome.status.message}`;
    if (one.code !== 200) return undefined;
    row.setDefaults(outcome.object);
    row.prepareForUpdate(outcome.object, object);
    return difference(one.result, outcome.object);
  }

  for (const [path, patches] of Map.groupBy(recorded, (one) => one.path)) {
    const base = live.get(path);
    it.skipIf(base === undefined)(`${path}${base === undefined ? ' (its live form was not recorded)' : ''}`, () => {
      const wrong = patches.flatMap((one) => {
        const text = JSON.stringify(one.patch);
        if (base === undefined || newer.some((difference) => difference.applies(one, text))) return [];
        const problem = mismatch(one, base);
        return problem === undefined ? [] : [`${one.type} ${text}: ${problem}`];
      });
      expect(wrong).toEqual([]);
    });
  }
});
