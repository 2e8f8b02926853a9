import { expect, test } from 'vitest';
import type { KubeObject } from '../../api/object.ts';
import { reconciled, refersElsewhere } from './reconcile.ts';

const role = (verbs: string[], more: KubeObject['metadata'] = {}): KubeObject => ({ metadata: { name: 'r', ...more }, rules: [{ apiGroups: [''], resources: ['pods'], verbs }] });
const annotated = (value: string): KubeObject['metadata'] => ({ annotations: { 'rbac.authorization.kubernetes.io/autoupdate': value } });

test.each([
  ['a rule that was taken away comes back, one that was added stays', role(['delete']), role(['get']), [['delete'], ['get']]],
  ['what a wider rule covers is not added', role(['*']), role(['get']), [['*']]],
  ['a protected role keeps what it has', role(['delete'], annotated('false')), role(['get']), [['delete']]],
])('%s', (_what, existing, expected, verbs) => {
  expect(reconciled(existing, expected)['rules'].map((rule: { verbs: string[] }) => rule.verbs)).toEqual(verbs);
});

test('labels and annotations are added, not overwritten', () => {
  const existing = role(['get'], { labels: { a: 'mine' } });
  expect(reconciled(existing, role(['get'], { labels: { a: 'theirs', b: '1' } })).metadata?.labels).toEqual({ a: 'mine', b: '1' });
  expect(reconciled(existing, role(['get']))).not.toBe(undefined);
});

test('what lacks nothing is left as it is', () => {
  const existing = role(['get'], { labels: { a: '1' }, annotations: { b: '2' } });
  expect(reconciled(existing, role(['get']))).toBe(existing);
});

test('a binding gets its subjects back, and is made anew where it refers to another role', () => {
  const binding = (name: string, ...users: string[]): KubeObject => ({ metadata: { name: 'b' }, roleRef: { kind: 'ClusterRole', name }, subjects: users.map((user) => ({ kind: 'User', name: user })) });
  expect(reconciled(binding('r', 'eve'), binding('r', 'bob'))['subjects'].map((subject: { name: string }) => subject.name)).toEqual(['eve', 'bob']);
  expect([refersElsewhere(binding('r'), binding('r')), refersElsewhere(binding('other'), binding('r'))]).toEqual([false, true]);
});

test('an aggregated role keeps the rules that were gathered', () => {
  const selector = (name: string): object => ({ matchLabels: { [name]: 'true' } });
  const aggregated = (...names: string[]): KubeObject => ({ metadata: { name: 'a' }, aggregationRule: { clusterRoleSelectors: names.map(selector) }, rules: [] });
  expect(reconciled({ ...aggregated('x'), rules: [1] }, aggregated('y'))).toMatchObject({ aggregationRule: { clusterRoleSelectors: [selector('x'), selector('y')] }, rules: [1] });
});
