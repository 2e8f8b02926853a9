import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCertificateRequest } from './request.ts';
import { jane, masters, nodeServing } from './testing/requests.ts';

test('a request says whom it is for', () => {
  expect(parseCertificateRequest(jane)).toMatchObject({ ok: true, value: { commonName: 'jane', organizations: ['dev', 'ops'], dnsNames: [], addresses: [], alternativeNames: undefined } });
  expect(parseCertificateRequest(masters)).toMatchObject({ ok: true, value: { commonName: 'root', organizations: ['system:masters'] } });
  expect(parseCertificateRequest(nodeServing)).toMatchObject({ ok: true, value: { commonName: 'system:node:n', dnsNames: ['n'], addresses: [Uint8Array.of(10, 0, 0, 1)], emailAddresses: [], uris: [] } });
});

test.each([
  ['', 'PEM block type must be CERTIFICATE REQUEST'],
  [jane.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'), 'PEM block type must be CERTIFICATE REQUEST'],
  [jane.replace('MIHm', 'MIHn'), 'asn1: structure error: the certificate request is not well-formed'],
  ['-----BEGIN CERTIFICATE REQUEST-----\n!\n-----END CERTIFICATE REQUEST-----', 'asn1: structure error: the certificate request is not well-formed'],
])('what is none is told: %#', (pem, error) => {
  expect(parseCertificateRequest(pem)).toEqual({ ok: false, error });
});

test('no bytes make it throw', () => {
  const armoured = (bytes: Uint8Array): string => `-----BEGIN CERTIFICATE REQUEST-----\n${btoa(String.fromCharCode(...bytes))}\n-----END CERTIFICATE REQUEST-----\n`;
  const good = Uint8Array.from(atob(jane.split('-----')[2]?.replaceAll(/\s/g, '') ?? ''), (character) => character.charCodeAt(0));
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const changed = Uint8Array.from(good);
      changed[at] = byte;
      return typeof parseCertificateRequest(armoured(changed)).ok === 'boolean';
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => typeof parseCertificateRequest(armoured(bytes)).ok === 'boolean'));
});
