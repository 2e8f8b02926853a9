/** The controllers and the scheduler, each with an identity of its own. */
import type { InProcessServer } from '../client/in-process-transport.ts';
import { runControllers } from '../client/run-controllers.ts';
import { controllers, type ControllersOptions } from '../controllers/controllers.ts';
import type { Disposable, Platform } from '../platform/platform.ts';
import { runScheduler } from '../scheduler/scheduler.ts';
import { createComponent, identities, type Component } from './component.ts';

export function startControllers(server: InProcessServer, platform: Platform, options: ControllersOptions): Disposable {
  return started(createComponent(server, platform, identities.controllerManager), (component) => runControllers(controllers(options), component));
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
