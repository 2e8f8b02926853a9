/** A key and a certificate request for it (PKCS #10), as a client makes them. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { bits, integer, numbered, objectIdentifier, sequence, set, utf8 } from '../../cluster-host/pki/der.ts';

export interface KeyAndRequest {
  /** PEM. */
  readonly key: string;
  readonly request: string;
}

export function certificateRequest(commonName: string, ...organizations: readonly string[]): KeyAndRequest {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const part = (identifier: string, text: string): Buffer => set(sequence(objectIdentifier(identifier), utf8(text)));
  const subject = sequence(...organizations.map((name) => part('2.5.4.10', name)), part('2.5.4.3', commonName));
  const information = sequence(integer(Buffer.of(0)), subject, publicKey.export({ type: 'spki', format: 'der' }), numbered(0, Buffer.alloc(0)));
  const der = sequence(information, sequence(objectIdentifier('1.2.840.10045.4.3.2')), bits(sign('sha256', information, privateKey)));
  const request = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64').replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE REQUEST-----\n`;
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), request };
}
