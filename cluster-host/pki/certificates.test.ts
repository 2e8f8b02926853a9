import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { certificateEnd } from '../api/certificates/certificate.ts';
import { createAuthority, issueCertificate, servesHosts, signLeaf } from './certificates.ts';
import { usagesOf } from './usages.ts';

const now = Date.UTC(2026, 0, 31, 12);
const hosts = ['localhost', 'kubernetes.default.svc', '127.0.0.1', '::1', '2001:db8::a:1'];

test('a certificate says who, what for, by whom and until when', () => {
  const authority = createAuthority('kubernetes', now);
  const issuer = new X509Certificate(authority.certificate);
  const leaf = new X509Certificate(issueCertificate(authority, { commonName: 'kube-apiserver', organizations: ['system:masters'], usage: 'server', hosts }, now).certificate);
  expect(issuer.ca).toBe(true);
  expect(leaf.ca).toBe(false);
  expect(leaf.checkIssued(issuer)).toBe(true);
  expect(leaf.verify(issuer.publicKey)).toBe(true);
  expect(leaf.subject).toBe('O=system:masters\nCN=kube-apiserver');
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(leaf.subjectAltName).toBe('DNS:localhost, DNS:kubernetes.default.svc, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:0:0:A:1');
  expect([leaf.validFrom, leaf.validTo]).toEqual(['Jan 31 11:55:00 2026 GMT', 'Jan 31 12:00:00 2027 GMT']);
});

test('a certificate serves its hosts until shortly before it ends', () => {
  const { certificate } = issueCertificate(createAuthority('kubernetes', now), { commonName: 'kube-apiserver', usage: 'server', hosts }, now);
  const days = (count: number): number => now + count * 24 * 60 * 60 * 1000;
  expect(servesHosts(certificate, hosts, now)).toBe(true);
  expect(servesHosts(certificate, [...hosts, '10.0.0.1'], now)).toBe(false);
  expect(servesHosts(certificate, [...hosts, 'example.com'], now)).toBe(false);
  expect([servesHosts(certificate, hosts, days(334)), servesHosts(certificate, hosts, days(336))]).toEqual([true, false]);
});

test('a certificate is made for a key that is somebody else’s, and never outlives its authority', () => {
  const authority = createAuthority('kubernetes', now);
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const subject = Buffer.from('300f310d300b06035504030c046a616e65', 'hex');
  const contents = { subject, publicKey: publicKey.export({ type: 'spki', format: 'der' }), alternativeNames: undefined, usages: ['key agreement', 'client auth', 'decipher only'], from: now, to: now + 1e15 };
  const leaf = new X509Certificate(signLeaf(authority, contents));
  expect([leaf.subject, leaf.keyUsage, leaf.verify(new X509Certificate(authority.certificate).publicKey)]).toEqual(['CN=jane', ['1.3.6.1.5.5.7.3.2'], true]);
  expect(leaf.publicKey.equals(publicKey)).toBe(true);
  expect(leaf.validTo).toBe(new X509Certificate(authority.certificate).validTo);
  expect(certificateEnd(signLeaf(authority, { ...contents, to: now + 60_000 }))).toBe(now + 60_000);
  // keyAgreement is bit 4, decipherOnly bit 8.
  expect(usagesOf(contents.usages).bits?.toString('hex')).toBe('0303070880');
});
