/** Whether who asks for a certificate holds the key that it is for (RFC 2986, section 4.2). */
import { verify } from 'node:crypto';
import type { CertificateRequest } from '../../api/certificates/request.ts';

/** Digests by the algorithm's object identifier; with `null` the key itself knows. */
const digests: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};

/** What is wrong with the signature; undefined for a good one. */
export function signatureProblem({ publicKey, signed, signature, signatureAlgorithm }: CertificateRequest): string | undefined {
  const digest = digests[signatureAlgorithm];
  if (digest === undefined) return 'x509: cannot verify signature: algorithm unimplemented';
  try {
    const good = verify(digest, signed, { key: Buffer.from(publicKey), format: 'der', type: 'spki' }, signature);
    return good ? undefined : 'x509: signature verification failure';
  } catch {
    return 'x509: unsupported public key';
  }
}
