/** Secrets that hold bootstrap tokens (kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens). Pure. */
import type { V1Secret } from '../../api/generated/types.ts';
import { base64Text } from '../../api/validation/base64.ts';

export const tokenNamespace = 'kube-system';

export function isBootstrapToken({ metadata, type }: V1Secret): boolean {
  return type === 'bootstrap.kubernetes.io/token' && metadata?.namespace === tokenNamespace;
}

/** One of the texts in the secret; empty where it has none. */
export function tokenText({ data }: V1Secret, key: string): string {
  return base64Text(data?.[key] ?? '');
}

/** When the token ends, in milliseconds since the epoch; undefined for one that does not. What cannot be read has ended. */
export function tokenEnd(secret: V1Secret): number | undefined {
  const expiration = tokenText(secret, 'expiration');
  if (expiration === '') return undefined;
  const end = Date.parse(expiration);
  return Number.isNaN(end) ? 0 : end;
}
