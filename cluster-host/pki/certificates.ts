/**
 * X.509 certificates (RFC 5280) of a cluster, with the common names and groups that Kubernetes gives meaning to
 * (kubernetes.io/docs/setup/best-practices/certificates). Written by hand: the libraries for it take longer to load than
 * everything else a start does, and we make two forms of certificate only.
 */
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, implicit, integer, numbered, objectIdentifier, octets, sequence, set, truth, utcTime, utf8, type Der } from './der.ts';
import { addressBytes } from './address-bytes.ts';
import { usagesOf } from './usages.ts';

/** A certificate and its private key (PKCS#8), both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface LeafRequest {
  readonly commonName: string;
  /** Kubernetes groups. */
  readonly organizations?: readonly string[];
  readonly usage: 'server' | 'client';
  /** DNS names and addresses that a server answers to. */
  readonly hosts?: readonly string[];
}

const day = 24 * 60 * 60 * 1000;
const caLifetime = 3650 * day;
const leafLifetime = 365 * day;
/** Clocks of clients may be behind. */
const backdating = 5 * 60 * 1000;

/** A self-signed authority. `now` in milliseconds since the epoch. */
export function createAuthority(commonName: string, now: number): KeyPair {
  const { privateKey, publicKey } = generateKeyPair();
  const name = nameOf(commonName, []);
  const extensions = [
    extension('2.5.29.19', sequence(truth), 'critical'),
    // digitalSignature, keyEncipherment, keyCertSign
    extension('2.5.29.15', bits(Buffer.of(0b1010_0100), 2), 'critical'),
    extension('2.5.29.14', octets(keyIdentifier(publicKey))),
  ];
  return { certificate: certificate({ subject: name, issuer: name, publicKey: spki(publicKey), from: now - backdating, to: now + caLifetime, extensions }, privateKey), key: pem(privateKey) };
}

export function issueCertificate(authority: KeyPair, { commonName, organizations = [], usage, hosts = [] }: LeafRequest, now: number): KeyPair {
  const { privateKey, publicKey } = generateKeyPair();
  const made = signLeaf(authority, {
    subject: nameOf(commonName, organizations),
    publicKey: spki(publicKey),
    usages: ['digital signature', 'key encipherment', usage === 'server' ? 'server auth' : 'client auth'],
    alternativeNames: hosts.length === 0 ? undefined : sequence(...hosts.map(alternativeName)),
    from: now - backdating,
    to: now + leafLifetime,
  });
  return { certificate: made, key: pem(privateKey) };
}

/** A certificate for a key that is somebody else's. */
export interface LeafContents {
  /** DER of a Name, of a SubjectPublicKeyInfo, and of the content of the extension with other names. */
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly alternativeNames: Uint8Array | undefined;
  /** As a CertificateSigningRequest names them: `client auth`. */
  readonly usages: readonly string[];
  /** Milliseconds since the epoch. It never outlives the authority. */
  readonly from: number;
  readonly to: number;
}

/** PEM. */
export function signLeaf(authority: KeyPair, { subject, publicKey, alternativeNames, usages, from, to }: LeafContents): string {
  const issuer = new X509Certificate(authority.certificate);
  const { bits: usageBits, purposes } = usagesOf(usages);
  const extensions = [
    extension('2.5.29.19', sequence(), 'critical'),
    ...(usageBits === undefined ? [] : [extension('2.5.29.15', usageBits, 'critical')]),
    ...(purposes.length === 0 ? [] : [extension('2.5.29.37', sequence(...purposes.map(objectIdentifier)))]),
    extension('2.5.29.35', sequence(implicit(0, keyIdentifier(issuer.publicKey)))),
    ...(alternativeNames === undefined ? [] : [extension('2.5.29.17', Buffer.from(alternativeNames))]),
  ];
  const name = nameOf(issuer.subject.replace('CN=', ''), []);
  return certificate({ subject: Buffer.from(subject), issuer: name, publicKey: Buffer.from(publicKey), from, to: Math.min(to, Date.parse(issuer.validTo)), extensions }, createPrivateKey(authority.key));
}

/** Whether the certificate is good for each of the hosts for at least another 30 days. */
export function servesHosts(certificatePem: string, hosts: readonly string[], now: number): boolean {
  const served = new X509Certificate(certificatePem);
  if (Date.parse(served.validTo) - now < 30 * day) return false;
  return hosts.every((host) => (isIP(host) === 0 ? served.checkHost(host) : served.checkIP(host)) !== undefined);
}

/** A fresh private key (PKCS#8 PEM) for signing service account tokens. */
export function createSigningKey(): string {
  return pem(generateKeyPair().privateKey);
}

function generateKeyPair(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

interface Contents {
  readonly subject: Der;
  readonly issuer: Der;
  readonly publicKey: Der;
  readonly from: number;
  readonly to: number;
  readonly extensions: readonly Der[];
}

/** The certificate as PEM, signed with the issuer's key. */
function certificate({ subject, issuer, publicKey, from, to, extensions }: Contents, key: KeyObject): string {
  const version3 = numbered(0, integer(Buffer.of(2)));
  const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
  const validity = sequence(utcTime(from), utcTime(to));
  const content = sequence(version3, integer(serialNumber()), ecdsaWithSha256, issuer, validity, subject, publicKey, numbered(3, sequence(...extensions)));
  const der = sequence(content, ecdsaWithSha256, bits(sign('sha256', content, key)));
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

/** Positive, at most 20 octets. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function nameOf(commonName: string, organizations: readonly string[]): Der {
  const part = (identifier: string, text: string): Der => set(sequence(objectIdentifier(identifier), utf8(text)));
  return sequence(...organizations.map((group) => part('2.5.4.10', group)), part('2.5.4.3', commonName));
}

function extension(identifier: string, content: Der, critical?: 'critical'): Der {
  return sequence(objectIdentifier(identifier), ...(critical === undefined ? [] : [truth]), octets(content));
}

function alternativeName(host: string): Der {
  return isIP(host) === 0 ? implicit(2, Buffer.from(host)) : implicit(7, addressBytes(host));
}

function spki(key: KeyObject): Der {
  return key.export({ type: 'spki', format: 'der' });
}

/** SHA-1 of the key's bits, which are the last 65 bytes of its description. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash('sha1').update(spki(publicKey).subarray(-65)).digest();
}
