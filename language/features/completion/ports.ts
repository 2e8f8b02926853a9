/** Completion of a Service's target ports: the names of ports that containers of the selected pods have. */
import { scalarOf } from '../../syntax/scalars.ts';
import type { Completer } from './completer.ts';

export const completePorts: Completer = ({ cursor, manifest }, { index }) => {
  const { path } = cursor;
  if (manifest?.facts.groupKind !== 'Service' || path[1] !== 'ports' || path[3] !== 'targetPort') return [];
  const selected = manifest.facts.selections.flatMap((selection) => index.selectedBy({ from: manifest, selection }));
  const names = new Set(selected.flatMap(({ facts }) => facts.containerPorts ?? []).flatMap(({ name }) => name ?? []));
  return [...names].map((label) => ({ label, kind: 'name', detail: 'container port', text: scalarOf(label) }));
};
