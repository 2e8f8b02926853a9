import { expect, test } from 'vitest';
import type { V1CertificateSigningRequestCondition } from '../../api/generated/types.ts';
import { endOf } from './controller.ts';

const minute = 60_000;
const at = (minutes: number): string => new Date(minutes * minute).toISOString().replace('.000Z', 'Z');
const condition = (type: string, minutes: number): V1CertificateSigningRequestCondition => ({ type, status: 'True', lastUpdateTime: at(minutes) });

test.each<[string, V1CertificateSigningRequestCondition[], string | undefined, number | undefined]>([
  ['without a verdict, after a day', [], undefined, 24 * 60],
  ['denied, after an hour', [condition('Denied', 5)], undefined, 65],
  ['failed, after an hour', [condition('Approved', 5), condition('Failed', 6)], undefined, 66],
  ['issued, after an hour', [condition('Approved', 5)], 'x', 65],
  ['approved and not issued, never', [condition('Approved', 5)], undefined, undefined],
])('%s', (_what, conditions, certificate, minutes) => {
  const request = { metadata: { creationTimestamp: at(0) }, spec: { request: '', signerName: '' }, status: { conditions, ...(certificate === undefined ? {} : { certificate }) } };
  expect(endOf(request)).toBe(minutes === undefined ? undefined : minutes * minute);
});
