/** What a component gets to work with: a client of its own identity, informers, an event recorder, a log. */
import { ApiClient } from '../client/api-client.ts';
import type { ControllerContext, Hands } from '../client/controller.ts';
import { ApiEventRecorder } from '../client/event-recorder.ts';
import { InProcessTransport, type InProcessServer, type InProcessUser } from '../client/in-process-transport.ts';
import { SharedInformers } from '../client/shared-informers.ts';
import type { Disposable, Platform } from '../platform/platform.ts';

export interface Component extends ControllerContext, Disposable {}

export interface ComponentIdentity {
  readonly user: InProcessUser;
  /** As events name their source: `kubelet`, `default-scheduler`. */
  readonly name: string;
  /** The node it runs on, for events. */
  readonly host?: string;
}

const everyone = 'system:authenticated';

function serviceAccount(name: string): InProcessUser {
  return { name: `system:serviceaccount:kube-system:${name}`, groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', everyone] };
}

/** The identities that Kubernetes gives to its components (kubernetes.io/docs/reference/access-authn-authz/rbac, /node). */
export const identities = {
  /** Who sets the cluster up: nodes come and go, and what the host itself provides is told, at the administrator's word. */
  host: { name: 'kubicle', user: { name: 'kubernetes-admin', groups: ['system:masters', everyone] } },
  controllerManager: { name: 'controllermanager', user: { name: 'system:kube-controller-manager', groups: [everyone] } },
  controller: (account: string): ComponentIdentity => ({ name: account, user: serviceAccount(account) }),
  scheduler: { name: 'default-scheduler', user: { name: 'system:kube-scheduler', groups: [everyone] } },
  proxy: { name: 'kube-proxy', user: { name: 'system:kube-proxy', groups: [everyone] } },
  dns: { name: 'coredns', user: serviceAccount('coredns') },
  node: (name: string): ComponentIdentity => ({ name: 'kubelet', host: name, user: { name: `system:node:${name}`, groups: ['system:nodes', everyone] } }),
} as const;

export function createComponent(server: InProcessServer, platform: Platform, { user, name, host }: ComponentIdentity): Component {
  const log = platform.log.with({ component: name, ...(host === undefined ? {} : { node: host }) });
  const { clock, random } = platform;
  const hands = createHands(server, { ...platform, log }, { user, name, ...(host === undefined ? {} : { host }) });
  const informers = new SharedInformers(hands.client, { clock, random, log });
  return { ...hands, clock, random, log, informers, dispose: () => informers.dispose() };
}

/** What writes, and tells of it, as somebody. */
export function createHands(server: InProcessServer, { clock, log }: Pick<Platform, 'clock' | 'log'>, { user, name, host }: ComponentIdentity): Hands {
  const client = new ApiClient(new InProcessTransport(server, user));
  return { client, events: new ApiEventRecorder({ client, clock, log }, { component: name, ...(host === undefined ? {} : { host }) }) };
}
