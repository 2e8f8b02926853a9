/** The controllers and the scheduler, each with an identity of its own. */
import type { InProcessServer } from '../client/in-process-transport.ts';
import { runControllers } from '../client/run-controllers.ts';
import { controllers } from '../controllers/controllers.ts';
import type { Disposable, Platform } from '../platform/platform.ts';
import { createComponent, identities } from './component.ts';

export function startControllers(server: InProcessServer, platform: Platform): Disposable {
  const component = createComponent(server, platform, identities.controllerManager);
  const running = runControllers(controllers(), component);
  return {
    dispose() {
      running.dispose();
      component.dispose();
    },
  };
}
