import { describe, expect, test } from 'vitest';
import { kinds } from '../../../api/kinds/kinds.ts';
import type { KindDefinition } from '../../../api/kind.ts';
import type { AdmissionRequest } from '../admission.ts';
import { compileConditions, matchesConditions } from '../../../api/admission/match-conditions.ts';
import { denialOf, verdictOf } from './review.ts';
import { matchesRule, type RuledRequest } from './rules.ts';
import { isExempt, selectedKind, type Webhook } from './selection.ts';

const rule = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] };
const createPod: RuledRequest = { operation: 'CREATE', group: '', version: 'v1', resource: 'pods', subresource: '', namespaced: true };

test.each([
  [{}, {}, true],
  [{ operations: ['UPDATE', 'CREATE'] }, {}, true],
  [{ operations: ['UPDATE'] }, {}, false],
  [{ apiGroups: [''] }, {}, true],
  [{ apiGroups: ['apps'] }, {}, false],
  [{ apiVersions: ['v1beta1'] }, {}, false],
  [{ resources: ['pods'] }, {}, true],
  [{ resources: ['pods'] }, { subresource: 'status' }, false],
  [{ resources: ['*'] }, { subresource: 'status' }, false],
  [{ resources: ['pods/*'] }, { subresource: 'status' }, true],
  [{ resources: ['pods/*'] }, {}, true],
  [{ resources: ['pods/status'] }, {}, false],
  [{ resources: ['*/status'] }, { subresource: 'status' }, true],
  [{ resources: ['*/scale'] }, { subresource: 'status' }, false],
  [{ resources: ['*/*'] }, { subresource: 'status' }, true],
  [{ scope: 'Namespaced' }, {}, true],
  [{ scope: 'Cluster' }, {}, false],
  [{ scope: 'Cluster' }, { namespaced: false }, true],
  [{ scope: 'Namespaced' }, { namespaced: false }, false],
])('rule %j, request %j: %s', (more, request, matches) => {
  expect(matchesRule({ ...rule, ...more }, { ...createPod, ...request })).toBe(matches);
});

function kind(plural: string, version = 'v1'): KindDefinition {
  const found = kinds.find((one) => one.plural === plural && one.version === version);
  if (found === undefined) throw new Error(`no ${plural}`);
  return found;
}

const request: AdmissionRequest = { operation: 'CREATE', definition: kind('pods'), subresource: '', namespace: 'n', name: 'p', object: { metadata: { labels: { a: 'b' } } }, old: undefined, user: { name: 'u', groups: [] }, dryRun: false, warn: () => undefined, annotate: () => undefined };
const webhook: Webhook = { name: 'a.b.c', admissionReviewVersions: ['v1'], clientConfig: {}, sideEffects: 'None', rules: [rule], namespaceSelector: {}, objectSelector: {} };

describe('selection', () => {
  test.each([
    [{}, true],
    [{ namespaceSelector: { matchLabels: { env: 'test' } } }, true],
    [{ namespaceSelector: { matchLabels: { env: 'live' } } }, false],
    [{ objectSelector: { matchLabels: { a: 'b' } } }, true],
    [{ objectSelector: { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] } }, false],
    [{ rules: [] }, false],
  ])('%j: %s', (more, selected) => {
    expect(selectedKind({ ...webhook, ...more }, request, { equivalents: [], namespaceLabels: { env: 'test' } }) !== undefined).toBe(selected);
  });

  test('outside of namespaces their selector does not count', () => {
    const more = { namespaceSelector: { matchLabels: { env: 'live' } } };
    expect(selectedKind({ ...webhook, ...more }, request, { equivalents: [], namespaceLabels: undefined })).toBe(request.definition);
  });

  test('another version of the resource matches unless only exact ones do', () => {
    const [v1, v2] = [kind('horizontalpodautoscalers'), kind('horizontalpodautoscalers', 'v2')];
    const rules = [{ ...rule, apiGroups: ['autoscaling'], apiVersions: ['v2'] }];
    const facts = { equivalents: [v2], namespaceLabels: {} };
    expect(selectedKind({ ...webhook, rules }, { ...request, definition: v1 }, facts)).toBe(v2);
    expect(selectedKind({ ...webhook, rules, matchPolicy: 'Exact' }, { ...request, definition: v1 }, facts)).toBeUndefined();
  });

  test('webhook configurations are not subject to webhooks', () => {
    expect(isExempt(kind('mutatingwebhookconfigurations'))).toBe(true);
    expect(isExempt(kind('configmaps'))).toBe(false);
  });
});

test.each([
  [["object.metadata.name == 'p'"], { ok: true, value: true }],
  [["request.operation == 'DELETE'"], { ok: true, value: false }],
  [['object.nothing.there == 1', 'false'], { ok: true, value: false }],
  [["object.metadata.name.matches('^p$')"], { ok: true, value: true }],
  [['has(object.metadata.labels)', 'oldObject == null'], { ok: true, value: false }],
])('match conditions %j: %j', (expressions, outcome) => {
  const conditions = expressions.map((expression, index) => ({ name: `c${index}`, expression }));
  expect(matchesConditions(compileConditions(conditions, false), { object: { metadata: { name: 'p' } }, oldObject: null, request: { operation: 'CREATE' } })).toEqual(outcome);
});

test('a condition that cannot be evaluated is an error', () => {
  const outcome = matchesConditions(compileConditions([{ name: 'c', expression: 'object.nothing.there == 1' }], false), { object: {}, oldObject: null, request: {} });
  expect(outcome.ok ? '' : outcome.error).toBe("expression 'object.nothing.there == 1' resulted in error: no such key: nothing");
});

const review = (response: object | undefined): object => ({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response });
test.each([
  [review(undefined), 'webhook response was nil'],
  [{ kind: 'Other', apiVersion: 'v1' }, 'expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got v1, Kind=Other'],
  [review({ uid: 'b' }), 'expected response.uid="a", got "b"'],
  [review({ uid: 'a', patch: 'W10=' }), 'webhook returned response.patch but not response.patchType'],
  [review({ uid: 'a', patchType: 'JSONPatch' }), 'webhook returned response.patchType but not response.patch'],
  [review({ uid: 'a', patch: 'W10=', patchType: 'Merge' }), 'webhook returned invalid response.patchType of "Merge"'],
])('answer %j: %s', (answer, why) => {
  expect(verdictOf(answer, 'v1', 'a', true)).toEqual({ ok: false, error: `received invalid webhook response: ${why}` });
});

test.each([
  [undefined, 'admission webhook "a.b.c" denied the request without explanation', 400],
  [{ message: 'no', code: 200 }, 'admission webhook "a.b.c" denied the request: no', 400],
  [{ reason: 'Forbidden', code: 403 }, 'admission webhook "a.b.c" denied the request: Forbidden', 403],
])('denial %j: %s', (status, message, code) => {
  expect(denialOf('a.b.c', status)).toMatchObject({ message, code, status: 'Failure' });
});
