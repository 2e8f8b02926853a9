import { expect, it } from 'vitest';
import { ageOf, describeObject } from './describe.ts';

const now = Date.parse('2026-01-01T01:00:00Z');

it('tells what is wrong, then facts, conditions and events, newest first', () => {
  const text = describeObject({
    kind: 'Pod',
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z', labels: { app: 'a' } },
      spec: { nodeName: 'n' },
      status: { conditions: [{ type: 'Ready', status: 'False', reason: 'X', message: 'a | b' }] },
    },
    finding: { sentence: 'It is ill.', remedy: 'Mend it.' },
    events: ['2026-01-01T00:10:00Z', '2026-01-01T00:50:00Z'].map((lastTimestamp, index) => ({ metadata: {}, involvedObject: {}, lastTimestamp, reason: `R${index}`, type: 'Normal', message: 'm' })),
    now,
  });
  expect(text).toContain('# Pod a\n\n> **It is ill.** Mend it.\n\n- **Namespace:** default\n- **Age:** 60m\n- **Labels:** `app=a`');
  expect(text).toContain('| Ready | False |  | X | a \\| b |');
  expect(text.indexOf('R1')).toBeLessThan(text.indexOf('R0'));
  expect(text).toContain('nodeName: n');
});

it('does not tell what is in a Secret', () => {
  const text = describeObject({ kind: 'Secret', object: { metadata: { name: 's' }, type: 'Opaque', data: { password: 'aHVudGVyMg==' } }, finding: undefined, events: [], now });
  expect(text).toContain('password');
  expect(text).not.toContain('aHVudGVyMg==');
});

it.each([
  [5, '5s'],
  [300, '5m'],
  [10_800, '3h'],
  [864_000, '10d'],
])('%d seconds are %s', (seconds, age) => expect(ageOf(now - seconds * 1000, now)).toBe(age));
