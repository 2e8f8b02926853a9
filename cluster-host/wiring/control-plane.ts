/** The controllers and the scheduler, each with an identity of its own. */
import type { InProcessServer } from '../client/in-process-transport.ts';
import { serviceAccounts } from '../client/resources.ts';
import { serviceAccountOf, type ControllerDefinition, type Hands } from '../client/controller.ts';
import { runControllers } from '../client/run-controllers.ts';
import { controllers, type ControllersOptions } from '../controllers/controllers.ts';
import type { Disposable, Platform } from '../platform/platform.ts';
import { runScheduler } from '../scheduler/scheduler.ts';
import { createComponent, createHands, identities, type Component } from './component.ts';

export function startControllers(server: InProcessServer, platform: Platform, options: ControllersOptions): Disposable {
  return started(createComponent(server, platform, identities.controllerManager), (component) => {
    const definitions = controllers(options);
    void ensureServiceAccounts(component, definitions);
    return runControllers(definitions, component, (definition) => handsOf(server, platform, component, definition));
  });
}

export function startScheduler(server: InProcessServer, platform: Platform): Disposable {
  return started(createComponent(server, platform, identities.scheduler), runScheduler);
}

function handsOf(server: InProcessServer, platform: Platform, component: Component, definition: ControllerDefinition): Hands {
  const account = serviceAccountOf(definition);
  return account === undefined ? component : createHands(server, platform, { ...identities.controller(account), name: identities.controllerManager.name });
}

/** The accounts are there to be seen and bound; in this process nobody needs their tokens. */
async function ensureServiceAccounts({ client, log }: Component, definitions: readonly ControllerDefinition[]): Promise<void> {
  const accounts = client.resource(serviceAccounts, 'kube-system');
  try {
    const present = new Set((await accounts.list()).items.map(({ metadata }) => metadata?.name));
    const missing = new Set(definitions.flatMap((definition) => serviceAccountOf(definition) ?? []).filter((name) => !present.has(name)));
    await Promise.all([...missing].map((name) => accounts.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'kube-system' } })));
  } catch (error) {
    log.warn('the service accounts of the controllers could not be made', { error });
  }
}

/** What runs on a component ends before the component does. */
function started(component: Component, start: (component: Component) => Disposable): Disposable {
  const running = start(component);
  return {
    dispose() {
      running.dispose();
      component.dispose();
    },
  };
}
