/** Completion of ports: of a Service's targets those that the containers of its pods have, elsewhere those of the Service that is named. */
import { scalarOf } from '../../syntax/scalars.ts';
import { equal } from '../../../cluster-host/api/values.ts';
import type { Completer, Completion, CompletionPlace } from './completer.ts';
import type { FeatureContext } from '../feature.ts';

export const completePorts: Completer = (place, context) => {
  if (place.cursor.on === 'key') return [];
  return [...targetPorts(place, context), ...servicePorts(place, context)];
};

function targetPorts({ cursor: { path }, manifest }: CompletionPlace, { index }: FeatureContext): readonly Completion[] {
  if (manifest?.facts.groupKind !== 'Service' || path[1] !== 'ports' || path[3] !== 'targetPort') return [];
  const selected = manifest.facts.selections.flatMap((selection) => index.selectedBy({ from: manifest, selection }));
  return completions(selected.flatMap(({ facts }) => facts.containerPorts ?? []).flatMap(({ name }) => name ?? []), 'container port');
}

/** Beside the name of a Service: `port`, or `port.number` and `port.name`. */
function servicePorts({ cursor: { path }, manifest }: CompletionPlace, { index }: FeatureContext): readonly Completion[] {
  const at = path.lastIndexOf('port');
  const reference = at === -1 ? undefined : manifest?.facts.references.find((one) => one.groupKind === 'Service' && equal(one.path.slice(0, -1), path.slice(0, at)));
  if (manifest === undefined || reference === undefined) return [];
  const ports = index.targetsOf({ from: manifest, reference }).flatMap(({ facts }) => facts.servicePorts ?? []);
  const byName = path[at + 1] === 'name';
  return completions(byName ? ports.flatMap(({ name }) => name ?? []) : ports.map(({ port }) => String(port)), `port of ${reference.name}`);
}

function completions(ports: readonly string[], detail: string): readonly Completion[] {
  return [...new Set(ports)].map((label) => ({ label, kind: 'name', detail, text: /^\d+$/.test(label) ? label : scalarOf(label) }));
}
