/** What a component gets to work with: a client of its own identity, informers, an event recorder, a log. */
import { ApiClient } from '../client/api-client.ts';
import type { ControllerContext } from '../client/controller.ts';
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

/** The identities that Kubernetes gives to its components (kubernetes.io/docs/reference/access-authn-authz/rbac, /node). */
export const identities = {
  controllerManager: { name: 'controllermanager', user: { name: 'system:kube-controller-manager', groups: ['system:masters', 'system:authenticated'] } },
  scheduler: { name: 'default-scheduler', user: { name: 'system:kube-scheduler', groups: ['system:masters', 'system:authenticated'] } },
  proxy: { name: 'kube-proxy', user: { name: 'system:kube-proxy', groups: ['system:masters', 'system:authenticated'] } },
  dns: { name: 'coredns', user: { name: 'system:serviceaccount:kube-system:coredns', groups: ['system:masters', 'system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'] } },
  node: (name: string): ComponentIdentity => ({ name: 'kubelet', host: name, user: { name: `system:node:${name}`, groups: ['system:masters', 'system:nodes', 'system:authenticated'] } }),
} as const;

export function createComponent(server: InProcessServer, platform: Platform, { user, name, host }: ComponentIdentity): Component {
  const log = platform.log.with({ component: name, ...(host === undefined ? {} : { node: host }) });
  const client = new ApiClient(new InProcessTransport(server, user));
  const { clock, random } = platform;
  const surroundings = { client, clock, random, log };
  const informers = new SharedInformers(client, surroundings);
  const events = new ApiEventRecorder(surroundings, { component: name, ...(host === undefined ? {} : { host }) });
  return { ...surroundings, informers, events, dispose: () => informers.dispose() };
}
