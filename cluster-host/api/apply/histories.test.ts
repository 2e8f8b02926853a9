/**
 * Histories of objects that the reference implementation went through (structured-merge-diff 6.4.2 under the field manager of
 * Kubernetes 1.36): fields given up, doubled, emptied, nulled, of wrong types. Each step must leave the same owners or be
 * refused with the same words.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import { plainDocument } from '../decode/parsed.ts';
import { decode } from '../decode/typed.ts';
import { parseApiVersion, type KubeObject } from '../object.ts';
import { copy, type JsonObject } from '../values.ts';
import { applyConfiguration } from './apply.ts';
import { allBut } from './field-set.ts';
import { noOtherVersions } from './management.ts';
import { managedFieldsAfterUpdate } from './update.ts';

interface Step {
  readonly by: string;
  readonly op?: 'update';
  readonly subresource?: 'status';
  readonly force?: true;
  readonly body: JsonObject;
  readonly error?: string;
  readonly owners?: Readonly<Record<string, unknown>>;
}

const histories = readFileSync(join(import.meta.dirname, 'testing', 'histories.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { readonly steps: readonly Step[] }).steps);

function ownersOf({ metadata }: KubeObject): Record<string, unknown> {
  const named = (metadata?.managedFields ?? []).map((one) => [[one.manager, one.operation, one.subresource, ...(one.time === undefined ? ['untimed'] : [])].filter(Boolean).join(' '), one.fieldsV1] as const);
  return Object.fromEntries(named);
}

/** What is stored after a step, or why it is refused. */
function next(live: KubeObject | undefined, { by, op, subresource, force, body }: Step): KubeObject | string {
  const { group, version } = parseApiVersion(String(body['apiVersion'])) ?? { group: '', version: '' };
  const gvk = { group, version, kind: String(body['kind']) };
  const type = kindType(gvk);
  if (type === undefined) throw new Error(gvk.kind);
  const facts = { gvk, type, subresource: subresource ?? '', settable: allBut(subresource === 'status' ? 'spec' : 'status'), versions: noOtherVersions, now: 0 };
  if (op === undefined) {
    const outcome = applyConfiguration({ ...facts, live, config: body, manager: by, force: force === true });
    return outcome.ok ? outcome.object : (outcome.status.message ?? '');
  }
  const object = decode(plainDocument(copy(body)), type).value as KubeObject;
  const managedFields = managedFieldsAfterUpdate({ ...facts, live, object, manager: by });
  return { ...object, metadata: { ...object.metadata, ...(managedFields && { managedFields }) } };
}

describe('histories that the reference implementation went through', () => {
  it.each(histories.map((steps, index) => [index + 1, String(steps[0]?.body['kind']), steps] as const))('%i, of a %s', (_number, _kind, steps) => {
    let live: KubeObject | undefined;
    for (const step of steps) {
      const answer = next(live, step);
      if (typeof answer === 'string') {
        expect(answer).toBe(step.error);
        continue;
      }
      expect(step.error).toBeUndefined();
      expect(ownersOf(answer)).toEqual(step.owners);
      live = { ...answer, metadata: { ...answer.metadata, uid: 'u' } };
    }
  });
});
