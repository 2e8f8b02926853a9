/** A Service that sends traffic to a named port which no container of its pods has. */
import { closest } from '../syntax/closest.ts';
import { scalarOf } from '../syntax/scalars.ts';
import type { WorkspaceRule } from './rule.ts';

export const targetPortUnknown: WorkspaceRule = {
  name: 'target-port-unknown',
  severity: 'warning',
  checkManifest(from, index) {
    const named = from.facts.servicePorts?.filter(({ targetPort }) => typeof targetPort === 'string') ?? [];
    if (named.length === 0) return [];
    const selected = from.facts.selections.flatMap((selection) => index.selectedBy({ from, selection }));
    const ports = new Set(selected.flatMap(({ facts }) => facts.containerPorts ?? []));
    return selected.length === 0
      ? []
      : named
          .filter(({ targetPort }) => !ports.has(String(targetPort)))
          .map(({ targetPort, span }) => ({
            span,
            message: `no container of the selected pods has a port named "${targetPort}"`,
            fixes: closest(String(targetPort), ports).map((near) => ({ title: `Use port ${near}`, edits: [{ span, newText: scalarOf(near) }] })),
          }));
  },
};
