import { expect, test } from 'vitest';
import type { CertificateRequest } from '../../api/certificates/request.ts';
import { signers, validity } from './plan.ts';

const base: CertificateRequest = {
  commonName: 'system:node:n',
  organizations: ['system:nodes'],
  dnsNames: [],
  emailAddresses: [],
  uris: [],
  addresses: [],
  subject: Uint8Array.of(),
  publicKey: Uint8Array.of(),
  alternativeNames: undefined,
  signed: Uint8Array.of(),
  signatureAlgorithm: '',
  signature: Uint8Array.of(),
};
const client = ['digital signature', 'key encipherment', 'client auth'];
const server = ['digital signature', 'server auth'];

test.each<[string, Partial<CertificateRequest>, readonly string[], string | undefined]>([
  ['kube-apiserver-client', { commonName: 'jane', organizations: [] }, ['client auth'], undefined],
  ['kube-apiserver-client', {}, [...client, 'server auth'], 'invalid usage for client certificate: server auth'],
  ['kube-apiserver-client', {}, ['digital signature'], 'missing required usage for client certificate: client auth'],
  ['kube-apiserver-client-kubelet', {}, client, undefined],
  ['kube-apiserver-client-kubelet', {}, ['client auth', 'digital signature'], undefined],
  ['kube-apiserver-client-kubelet', { organizations: ['system:nodes', 'x'] }, client, 'subject organization is not system:nodes'],
  ['kube-apiserver-client-kubelet', { commonName: 'n' }, client, 'subject common name does not begin with system:node:'],
  ['kube-apiserver-client-kubelet', { dnsNames: ['n'] }, client, 'DNS subjectAltNames are not allowed'],
  ['kube-apiserver-client-kubelet', {}, server, 'usages did not match [client auth digital signature key encipherment]'],
  ['kubelet-serving', { dnsNames: ['n'] }, server, undefined],
  ['kubelet-serving', {}, server, 'DNS or IP subjectAltName is required'],
  ['kubelet-serving', { dnsNames: ['n'], uris: ['u'] }, server, 'URI subjectAltNames are not allowed'],
  ['legacy-unknown', { organizations: [] }, ['any'], undefined],
])('%s, %j with usages %j: %s', (signer, request, usages, problem) => {
  expect(signers[`kubernetes.io/${signer}`]?.({ ...base, ...request }, usages)).toBe(problem);
});

test.each([
  [undefined, -300, 365 * 86_400 - 300],
  [86_400, -300, 86_400 - 300],
  [3600, 0, 3600],
  [60, 0, 600],
  [2 ** 31, -300, 365 * 86_400 - 300],
])('asked for %s seconds, it holds from %d to %d', (asked, from, to) => {
  expect(validity(asked, 0)).toEqual({ from: from * 1000, to: to * 1000 });
});
