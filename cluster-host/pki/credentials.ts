/**
 * The secrets of one cluster, made once and kept (0600) in `pki/` of the state directory.
 *
 * Invariant: what clients were given stays valid: only the serving certificate is issued anew, when the addresses change or
 * its time runs out.
 */
import { join } from 'node:path';
import type { Platform } from '../platform/platform.ts';
import { createAuthority, createSigningKey, issueCertificate, servesHosts, type KeyPair } from './certificates.ts';

export interface ClusterCredentials {
  readonly authority: KeyPair;
  readonly serving: KeyPair;
  /** PKCS#8 PEM. */
  readonly serviceAccountKey: string;
  /** `kubernetes-admin` of group `system:masters`. */
  readonly administrator: KeyPair;
  /** The administrator's bearer token. */
  readonly token: string;
  /** An authority of its own: what it signs speaks for others before servers that extend the API. */
  readonly frontProxy: { readonly authority: KeyPair; readonly client: KeyPair };
}

export async function loadCredentials(platform: Platform, folder: string, hosts: readonly string[]): Promise<ClusterCredentials> {
  const { clock, disk, random } = platform;
  const now = clock.now();
  const read = async (name: string): Promise<string | undefined> => {
    const content = await disk.read(join(folder, name));
    return content === undefined ? undefined : new TextDecoder().decode(content);
  };
  const write = (name: string, content: string): Promise<void> => disk.write(join(folder, name), content);

  const keep = async (name: string, make: () => string): Promise<string> => {
    const kept = await read(name);
    if (kept !== undefined) return kept;
    const made = make();
    await write(name, made);
    return made;
  };
  const pair = async (name: string, make: () => KeyPair, usable: (certificate: string) => boolean = () => true): Promise<KeyPair> => {
    const [certificate, key] = await Promise.all([read(`${name}.crt`), read(`${name}.key`)]);
    if (certificate !== undefined && key !== undefined && usable(certificate)) return { certificate, key };
    const made = make();
    await Promise.all([write(`${name}.key`, made.key), write(`${name}.crt`, made.certificate)]);
    return made;
  };

  await disk.makeFolder(folder);
  const [authority, frontProxyAuthority] = await Promise.all([pair('ca', () => createAuthority('kubernetes', now)), pair('front-proxy-ca', () => createAuthority('front-proxy-ca', now))]);
  const [serving, administrator, frontProxyClient, serviceAccountKey, token] = await Promise.all([
    pair(
      'apiserver',
      () => issueCertificate(authority, { commonName: 'kube-apiserver', usage: 'server', hosts }, now),
      (certificate) => servesHosts(certificate, hosts, now),
    ),
    pair('admin', () => issueCertificate(authority, { commonName: 'kubernetes-admin', organizations: ['system:masters'], usage: 'client' }, now)),
    pair('front-proxy-client', () => issueCertificate(frontProxyAuthority, { commonName: 'front-proxy-client', usage: 'client' }, now)),
    keep('sa.key', createSigningKey),
    keep('admin.token', () => Buffer.from(random.bytes(32)).toString('base64url')),
  ]);
  return { authority, serving, administrator, serviceAccountKey, token, frontProxy: { authority: frontProxyAuthority, client: frontProxyClient } };
}
