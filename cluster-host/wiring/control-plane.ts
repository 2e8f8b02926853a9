/** The controllers and the scheduler, each with an identity of its own. */
import type { InProcessServer } from '../client/in-process-transport.ts';
import { serviceAccountOf, type ControllerDefinition, type Hands } from '../client/controller.ts';
import { runControllers } from '../client/run-controllers.ts';
import { controllers, type ControllersOptions } from '../controllers/controllers.ts';
import type { Disposable, Platform } from '../platform/platform.ts';
import { runScheduler } from '../scheduler/scheduler.ts';
import { createComponent, createHands, identities, type Component } from './component.ts';

export function startControllers(server: InProcessServer, platform: Platform, options: ControllersOptions): Disposable {
  const { name, user } = identities.controllerManager;
  const handsOf = (definition: ControllerDefinition): Hands => createHands(server, platform, { ...identities.controller(serviceAccountOf(definition)), name });
  return started(createComponent(server, platform, { name, user }), (component) => runControllers(controllers(options), component, handsOf));
}

export function startScheduler(server: InProcessServer, platform: Platform): Disposable {
  return started(createComponent(server, platform, identities.scheduler), runScheduler);
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
