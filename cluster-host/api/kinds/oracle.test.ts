/**
 * What a real API server answered to recorded requests (whole objects, and objects with one thing wrong), against what the
 * kinds' rows say of the same objects: which fields are wrong and why, and what an accepted object looks like.
 *
 * The recordings lie beside the project and were made with Kubernetes 1.20; where 1.36 answers otherwise, `differences` says so.
 */
import { describe, expect, it } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import { plainDocument } from '../decode/parsed.ts';
import { decode } from '../decode/typed.ts';
import { wireForm } from '../decode/wire.ts';
import type { KindDefinition } from '../kind.ts';
import type { KubeObject } from '../object.ts';
import { parseApiVersion } from '../object.ts';
import { differences, fieldDifferences } from './oracle-differences.ts';
import { findKind } from './kinds.ts';
import { recording } from './testing/recordings.ts';

interface Recorded {
  readonly id: string;
  readonly verb: 'POST' | 'PUT';
  readonly path: string;
  readonly change: string;
  readonly body: KubeObject;
  readonly code: number;
  readonly message?: string;
  readonly causes?: readonly { readonly field: string; readonly reason: string }[];
  readonly result?: KubeObject;
}

const answers = recording('oracle/answers.jsonl.gz');
const recorded = (answers?.trim().split('\n') ?? []).map((line) => JSON.parse(line) as Recorded);
const bases = JSON.parse(recording('oracle/bases.json.gz') ?? '[]') as readonly { readonly path: string; readonly body: KubeObject }[];

const context = { now: Date.UTC(2026, 0, 1) };

function decoded(kind: KindDefinition, path: string, body: KubeObject): KubeObject {
  const type = kindType(kind);
  if (type === undefined) throw new Error(`no type for ${kind.kind}`);
  const object = decode(plainDocument(structuredClone(body)), type).value as KubeObject;
  const namespace = /\/namespaces\/([^/]+)\//.exec(path)?.[1];
  const meta = (object.metadata ??= {});
  if (kind.namespaced && namespace !== undefined) meta.namespace = namespace;
  if (!meta.name && meta.generateName) meta.name = `${meta.generateName}abcde`;
  admissions[kind.kind]?.(object);
  kind.setDefaults(object);
  return object;
}

/** What admission adds to volumes and claims. */
function admitVolume(object: KubeObject): void {
  const finalizer = object.kind === 'PersistentVolume' ? 'kubernetes.io/pv-protection' : 'kubernetes.io/pvc-protection';
  const meta = (object.metadata ??= {});
  if (!meta.finalizers?.includes(finalizer)) meta.finalizers = [...(meta.finalizers ?? []), finalizer];
}

/** What admission adds to nodes. */
function admitNode(node: KubeObject): void {
  const spec = (node['spec'] ??= {});
  const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
  if (!(spec.taints ?? []).some(({ key, effect }: typeof taint) => key === taint.key && effect === taint.effect)) spec.taints = [...(spec.taints ?? []), taint];
}

/** What admission adds to pods, in the recorded cluster as in every. */
function admitPod(pod: KubeObject): void {
  const spec = (pod['spec'] ??= {});
  const tolerations: { key?: string; operator?: string; effect?: string }[] = [...(spec.tolerations ?? [])];
  const added = ['not-ready', 'unreachable']
    .map((state) => `node.kubernetes.io/${state}`)
    .filter((key) => !tolerations.some((one) => (one.key === key || !one.key) && (one.effect === 'NoExecute' || !one.effect)))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  spec.tolerations = [...tolerations, ...added];
  if (!spec.serviceAccountName) spec.serviceAccountName = spec.serviceAccount || 'default';
  if (spec.priorityClassName === undefined || spec.priorityClassName === '') {
    spec.priority ??= 0;
    spec.preemptionPolicy ??= 'PreemptLowerPriority';
  }
}

const admissions: Readonly<Record<string, (object: KubeObject) => void>> = {
  Node: admitNode,
  PersistentVolume: admitVolume,
  PersistentVolumeClaim: admitVolume,
  Pod: admitPod,
};

/** What the server allocates, or what other components had written, and so is no matter of the kind's row. */
function withoutAllocations(result: KubeObject, verb: string): KubeObject {
  const kept = structuredClone(result);
  if (verb === 'PUT') delete kept['status'];
  for (const port of kept.kind === 'Service' ? (kept['spec'].ports ?? []) : []) delete port.nodePort;
  return kept;
}

function kindOf({ body }: { readonly body: KubeObject }): KindDefinition | undefined {
  const version = parseApiVersion(body.apiVersion ?? '');
  return version && findKind(version.group, version.version, body.kind ?? '');
}

function answer(one: Recorded, kind: KindDefinition): { readonly object: KubeObject; readonly causes: readonly string[] } {
  const object = decoded(kind, one.path, one.body);
  const causes = (errors: readonly { readonly field: string; readonly type: string }[]): string[] => [...new Set(errors.map(({ field, type }) => `${field} ${type}`))].sort();
  if (one.verb === 'POST') {
    kind.prepareForCreate(object);
    return { object, causes: causes(kind.validate(object, context)) };
  }
  const base = bases.find(({ path, body }) => `${path}/${body.metadata?.name}` === one.path);
  const old = decoded(kind, one.path, base?.body ?? {});
  kind.prepareForCreate(old);
  old.metadata = { ...old.metadata, resourceVersion: '1' };
  object.metadata = { ...object.metadata, resourceVersion: '1' };
  kind.prepareForUpdate(object, old);
  return { object, causes: causes(kind.validateUpdate(object, old, context)) };
}

/** The first field of the recorded answer that ours lacks or has otherwise. */
function difference(want: unknown, got: unknown, path = ''): string | undefined {
  if (fieldDifferences.some((known) => known.applies(path, want))) return undefined;
  if (typeof want !== 'object' || want === null) return want === got ? undefined : `${path}: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`;
  if (typeof got !== 'object' || got === null) return `${path}: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`;
  if (Array.isArray(want) && want.length !== (got as unknown[]).length) return `${path}: ${(got as unknown[]).length} items instead of ${want.length}`;
  for (const [key, value] of Object.entries(want)) {
    const found = difference(value, (got as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The object as a client receives it. */
function answered(object: KubeObject, kind: KindDefinition): unknown {
  const type = kindType(kind);
  return type === undefined ? object : wireForm(object, type);
}

function mismatch(one: Recorded, kind: KindDefinition): string | undefined {
  const { object, causes } = answer(one, kind);
  if (one.code >= 300) {
    const expected = [...new Set((one.causes ?? []).map(({ field, reason }) => `${field} ${reason}`))].sort();
    return causes.join(', ') === expected.join(', ') ? undefined : `causes [${causes.join(', ')}] instead of [${expected.join(', ')}] (${one.message})`;
  }
  if (causes.length > 0) return `causes [${causes.join(', ')}] where it was accepted`;
  return difference(withoutAllocations(one.result ?? {}, one.verb), answered(object, kind));
}

describe.skipIf(answers === undefined)('recorded answers (skipped where the recordings are not there)', () => {
  const relevant = recorded.filter((one) => one.code < 300 || one.code === 422);
  const byKind = Map.groupBy(relevant, (one) => one.body.kind ?? '');
  for (const [name, answers] of byKind) {
    const kind = answers[0] && kindOf(answers[0]);
    if (kind === undefined) continue;
    it(name, () => {
      const wrong = answers.flatMap((one) => {
        const known = differences.find((difference) => difference.applies(one));
        const problem = known ? undefined : mismatch(one, kind);
        return problem === undefined ? [] : [`${one.verb} ${one.change}: ${problem}`];
      });
      expect(wrong).toEqual([]);
    });
  }
});
