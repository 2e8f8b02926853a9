/**
 * A Service that sends traffic to a port which no container of its pods declares. A name that nobody has leads nowhere; a number
 * may still be listened on, so that it is only remarked where the containers declare others.
 */
import { closest } from '../syntax/closest.ts';
import { scalarOf } from '../syntax/scalars.ts';
import type { RuleFinding, WorkspaceRule } from './rule.ts';

export const targetPortUnknown: WorkspaceRule = {
  name: 'target-port-unknown',
  severity: 'warning',
  checkManifest(from, index) {
    const targets = from.facts.servicePorts?.flatMap(({ targetPort }) => targetPort ?? []) ?? [];
    if (targets.length === 0) return [];
    const selected = from.facts.selections.flatMap((selection) => index.selectedBy({ from, selection }));
    if (selected.length === 0) return [];
    const ports = selected.flatMap(({ facts }) => facts.containerPorts ?? []);
    const names = new Set(ports.flatMap(({ name }) => name ?? []));
    const numbers = new Set(ports.map(({ port }) => port));
    return targets.flatMap(({ port, span }): readonly RuleFinding[] => {
      if (typeof port === 'number') {
        return numbers.size === 0 || numbers.has(port) ? [] : [{ span, severity: 'information', message: `no container of the selected pods declares port ${port}; they declare ${[...numbers].join(', ')}` }];
      }
      if (names.has(port) || /^\d+$/.test(port)) return [];
      return [{ span, message: `no container of the selected pods has a port named "${port}"`, fixes: closest(port, names).map((near) => ({ title: `Use port ${near}`, edits: [{ span, newText: scalarOf(near) }] })) }];
    });
  },
};
