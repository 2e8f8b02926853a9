/**
 * Histories of server-side apply that a real API server went through: two appliers and an updater, fields given up, shared,
 * contested and forced. Each step must be refused with the same conflicts or leave the same owners. Recorded with Kubernetes
 * 1.20: what became atomic since is compared as a whole, owning an empty map is newer, and so are the fields of `newFields`.
 */
import { describe, expect, it } from 'vitest';
import { oraclePath, readOracle } from '../../../test/support/oracle.ts';
import { kindType } from '../catalogue/catalogue.ts';
import type { StructType, Type } from '../catalogue/schema.ts';
import { findKind } from '../kinds/kinds.ts';
import { parseApiVersion, type KubeObject } from '../object.ts';
import { applyPatch } from '../patch/patch.ts';
import { canonicalJson, isObject, type JsonObject } from '../values.ts';
import { applyConfiguration } from './apply.ts';
import { allBut } from './field-set.ts';
import { noOtherVersions } from './management.ts';
import { childType, partsOf } from './steps.ts';
import { managedFieldsAfterUpdate } from './update.ts';

/** Fields that 1.20 had behind a gate that was closed. */
const newFields = ['ttlSecondsAfterFinished'];

interface Step {
  readonly by: string;
  readonly type?: string;
  readonly force?: boolean;
  readonly body: JsonObject;
  readonly code: number;
  readonly causes?: readonly { readonly field: string }[];
  readonly managedFields?: readonly { readonly manager: string; readonly operation: string; readonly fieldsV1: JsonObject }[];
}

/** A recorded set in the terms of 1.36: what is atomic has no parts. */
function collapsed(fields: JsonObject, type: Type | undefined): JsonObject {
  if (type === undefined || partsOf(type, {}) === undefined) return {};
  return Object.fromEntries(Object.entries(fields).map(([step, content]) => [step, step === '.' ? {} : collapsed(content as JsonObject, childType(type, step))]));
}

/** A set without empty maps and structs that are owned themselves, and without new fields. */
function withoutBlanks(fields: JsonObject, type: Type | undefined): JsonObject {
  const result: JsonObject = {};
  for (const [step, content] of Object.entries(fields)) {
    const child = childType(type, step);
    const kept = isObject(content) ? withoutBlanks(content, child) : {};
    const isObjectField = step.startsWith('f:') && (child?.kind === 'struct' || child?.kind === 'map') && partsOf(child) !== undefined;
    const isComparable = !newFields.includes(step.slice(2));
    if (isComparable && (!isObjectField || Object.keys(kept).length > 0)) result[step] = kept;
  }
  return result;
}

/** A conflict's path, cut where 1.36 owns the whole. */
function wholePath(path: string): string {
  return path.replace(/^(\.spec\.(?:selector|scaleTargetRef|template\.spec\.nodeSelector|defaultBackend\.service\.port)|\.roleRef).*$/, '$1');
}

const causesOf = (causes: readonly { readonly field?: string }[] | undefined, isService: boolean) =>
  [...new Set((causes ?? []).filter(({ field = '' }) => !newFields.includes(field.split('.').at(-1) ?? '')).map(({ field = '' }) => (isService || !field.startsWith('.spec.selector') ? wholePath(field) : field)))].sort();

class Replay {
  private live: KubeObject | undefined;
  private readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  private readonly type: StructType;
  private now = 0;

  constructor(kind: Replay['kind'], type: StructType) {
    this.kind = kind;
    this.type = type;
  }

  /** What is wrong with our answer to a step. */
  step(step: Step): string | undefined {
    const outcome = this.answer(step);
    if (step.code === 422) return undefined;
    if ('causes' in outcome) {
      if (step.code !== 409) return `refused instead of ${step.code}: ${outcome.message}`;
      const isService = this.kind.kind === 'Service';
      const [want, got] = [causesOf(step.causes, isService).join(), causesOf(outcome.causes, isService).join()];
      return want === got ? undefined : `conflicts ${got} instead of ${want}`;
    }
    if (step.code === 409) return causesOf(step.causes, false).length === 0 ? undefined : 'accepted instead of 409';
    this.live = outcome.object;
    return this.ownersMismatch(step, outcome.object);
  }

  private answer({ by, type, force = false, body }: Step): { readonly object: KubeObject } | { readonly causes: readonly { readonly field?: string }[]; readonly message: string } {
    const row = findKind(this.kind.group, this.kind.version, this.kind.kind);
    const facts = { gvk: this.kind, type: this.type, subresource: '', settable: allBut('status'), versions: noOtherVersions, now: (this.now += 1000) };
    const isApply = type === undefined || type.includes('apply');
    const outcome = isApply
      ? applyConfiguration({ ...facts, live: this.live, config: body, manager: by, force })
      : applyPatch({ kind: 'merge', text: JSON.stringify(body), object: this.live ?? {}, type: this.type, fieldValidation: 'Ignore' });
    if (!outcome.ok) return { causes: outcome.status.details?.causes ?? [], message: outcome.status.message ?? '' };
    const { object } = outcome;
    row?.setDefaults(object);
    if (!isApply) {
      const managedFields = managedFieldsAfterUpdate({ ...facts, live: this.live, object, manager: by });
      object.metadata = { ...object.metadata, ...(managedFields && { managedFields }) };
    }
    // What a kind's strategy changes afterwards is the server's doing and owned by nobody.
    if (this.live === undefined) row?.prepareForCreate(object);
    else row?.prepareForUpdate(object, this.live);
    return { object };
  }

  private ownersMismatch({ managedFields = [] }: Step, { metadata }: KubeObject): string | undefined {
    for (const { manager, operation, fieldsV1 } of managedFields) {
      const ours = metadata?.managedFields?.find((entry) => entry.manager === manager && entry.operation === operation);
      const want = canonicalJson(withoutBlanks(collapsed(fieldsV1, this.type), this.type));
      const got = canonicalJson(withoutBlanks((ours?.fieldsV1 ?? {}) as JsonObject, this.type));
      if (want !== got) return `${manager} owns ${got} instead of ${want}`;
    }
    return undefined;
  }
}

const present = oraclePath('oracle/apply.jsonl.gz') !== undefined;

describe.skipIf(!present)('recorded histories of server-side apply (skipped where the recordings are not there)', () => {
  const histories = present
    ? readOracle('oracle/apply.jsonl.gz').trim().split('\n').map((line) => JSON.parse(line) as { readonly name: string; readonly steps: readonly Step[] })
    : [];

  for (const [name, group] of Map.groupBy(histories, (history) => history.name.split(' ')[0] ?? '')) {
    it(name, () => {
      const wrong = group.flatMap(({ name: history, steps }) => {
        const first = steps[0]?.body ?? {};
        const version = parseApiVersion(String(first['apiVersion']));
        const kind = { group: version?.group ?? '', version: version?.version ?? '', kind: String(first['kind']) };
        const type = kindType(kind);
        // A part of what is atomic now cannot be contested alone.
        if (/scaleTargetRef\.\w+ contested/.test(history)) return [];
        if (type === undefined || findKind(kind.group, kind.version, kind.kind) === undefined) return [];
        const replay = new Replay(kind, type);
        for (const [index, step] of steps.entries()) {
          const problem = replay.step(step);
          if (problem !== undefined) return [`${history}, step ${index + 1}: ${problem}`];
        }
        return [];
      });
      expect(wrong).toEqual([]);
    });
  }
});
