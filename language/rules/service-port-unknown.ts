/** An Ingress backend, a route or a webhook that names a port which its Service does not have. */
import { closest } from '../syntax/closest.ts';
import { scalarOf } from '../syntax/scalars.ts';
import type { WorkspaceRule } from './rule.ts';

export const servicePortUnknown: WorkspaceRule = {
  name: 'service-port-unknown',
  severity: 'warning',
  checkManifest(from, index) {
    return from.facts.references.flatMap((reference) => {
      const { port: asked, name } = reference;
      const services = asked === undefined ? [] : index.targetsOf({ from, reference });
      if (asked === undefined || services.length === 0) return [];
      const ports = services.flatMap(({ facts }) => facts.servicePorts ?? []);
      if (ports.some((port) => port.port === asked.port || port.name === asked.port)) return [];
      const { port, span } = asked;
      const likely = typeof port === 'number' ? ports.map((each) => String(each.port)) : closest(port, ports.flatMap((each) => each.name ?? []));
      const fixes = likely.slice(0, 3).map((near) => ({ title: `Use port ${near}`, edits: [{ span, newText: typeof port === 'number' ? near : scalarOf(near) }] }));
      return [{ span, message: `Service "${name}" has no port ${typeof port === 'number' ? port : `named "${port}"`}`, fixes }];
    });
  },
};
