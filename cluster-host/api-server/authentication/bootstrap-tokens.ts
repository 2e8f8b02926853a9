/** Tokens with which nodes join: `ID.SECRET`, kept as secrets of kube-system (https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/). */
import { timingSafeEqual } from 'node:crypto';
import type { V1Secret } from '../../api/generated/types.ts';
import { base64Text } from '../../api/validation/base64.ts';
import type { Clock } from '../../platform/platform.ts';
import type { Registries } from '../registry/registries.ts';
import type { UserInfo } from '../server.ts';
import type { TokenSource } from './token-authenticator.ts';

const group = 'system:bootstrappers';

export function bootstrapTokens(registries: Registries, clock: Clock): TokenSource {
  return async (token, audiences) => {
    const [, id, secret] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? [];
    if (id === undefined || secret === undefined) return undefined;
    const kept = (await registries.find('', 'v1', 'secrets')?.find('kube-system', `bootstrap-token-${id}`))?.object as V1Secret | undefined;
    const user = kept === undefined ? undefined : userOf(kept, id, secret, clock.now());
    return user === undefined ? undefined : { user, audiences };
  };
}

function userOf({ metadata, type, data = {} }: V1Secret, id: string, secret: string, now: number): UserInfo | undefined {
  const text = (key: string): string => base64Text(data[key] ?? '');
  if (metadata?.deletionTimestamp !== undefined || type !== 'bootstrap.kubernetes.io/token' || text('token-id') !== id || !same(text('token-secret'), secret)) return undefined;
  const expiration = text('expiration');
  if (expiration !== '' && !(Date.parse(expiration) > now)) return undefined;
  const groups = text('auth-extra-groups').split(',').filter((name) => name !== '');
  const allowed = groups.every((name) => /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/.test(name));
  if (text('usage-bootstrap-authentication') !== 'true' || !allowed) return undefined;
  return { name: `system:bootstrap:${id}`, groups: [...new Set([group, ...groups])].toSorted() };
}

/** Takes as long for a good guess as for a bad one. */
function same(kept: string, given: string): boolean {
  return kept.length === given.length && timingSafeEqual(Buffer.from(kept), Buffer.from(given));
}
