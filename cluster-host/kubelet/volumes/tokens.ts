/** Tokens of service accounts for projected volumes, asked of the API server and asked again before they end (kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens). */
import type { AuthenticationV1TokenRequest, V1Pod } from '../../api/generated/types.ts';
import type { Client } from '../../client/client.ts';
import { serviceAccounts } from '../../client/resources.ts';
import type { Clock } from '../../platform/platform.ts';
import { nameOf, namespaceOf, uidOf } from '../pods/pod-facts.ts';

interface Token {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly renewAt: number;
}

/** A token is asked for again when this share of its life is over. */
const renewalShare = 0.8;

export class ServiceAccountTokens {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, Token>();

  constructor(client: Client, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Sees to it that `current` has a token that is good for a while. */
  async fetch(pod: V1Pod, audience: string | undefined, expirationSeconds: number): Promise<void> {
    const key = keyOf(pod, audience, expirationSeconds);
    const known = this.#tokens.get(key);
    if (known !== undefined && known.renewAt > this.#clock.now()) return;
    const body: AuthenticationV1TokenRequest = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: audience === undefined || audience === '' ? [] : [audience],
        expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: nameOf(pod), uid: uidOf(pod) },
      },
    };
    const accounts = this.#client.resource(serviceAccounts, namespaceOf(pod));
    const { status } = await accounts.createSubresource<AuthenticationV1TokenRequest>(pod.spec?.serviceAccountName ?? 'default', 'token', body);
    const now = this.#clock.now();
    const end = status === undefined ? now : Date.parse(status.expirationTimestamp ?? '');
    this.#tokens.set(key, { text: status?.token ?? '', renewAt: now + (Number.isNaN(end) ? expirationSeconds * 1000 : end - now) * renewalShare });
  }

  current(pod: V1Pod, audience: string | undefined, expirationSeconds: number): string | undefined {
    return this.#tokens.get(keyOf(pod, audience, expirationSeconds))?.text;
  }

  /** When the first of the pod's tokens has to be asked for again. */
  renewAt(pod: V1Pod): number | undefined {
    const times = [...this.#tokens].filter(([key]) => key.startsWith(`${uidOf(pod)}|`)).map(([, { renewAt }]) => renewAt);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  forget(pod: V1Pod): void {
    for (const key of this.#tokens.keys()) if (key.startsWith(`${uidOf(pod)}|`)) this.#tokens.delete(key);
  }
}

function keyOf(pod: V1Pod, audience: string | undefined, expirationSeconds: number): string {
  return `${uidOf(pod)}|${audience ?? ''}|${expirationSeconds}`;
}
