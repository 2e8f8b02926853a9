/** Completion of names inside one pod: its volumes where they are mounted, its ports where probes call them. */
import { scalarOf, textOf } from '../../syntax/scalars.ts';
import { find, valueAt } from '../../workspace/patterns.ts';
import { below, podTemplates } from '../../workspace/pod-templates.ts';
import type { Completer, Completion } from './completer.ts';

export const completePodParts: Completer = ({ cursor: { path, on, value }, manifest }) => {
  const template = manifest === undefined ? undefined : podTemplates[manifest.facts.groupKind];
  const container = path.findIndex((step) => /containers$/i.test(String(step)));
  if (template === undefined || container === -1 || on === 'key') return [];
  const inContainer = path.slice(container + 2).filter((step) => typeof step === 'string').join('.');
  if (inContainer === 'volumeMounts.name') return names(volumes(value, template), 'volume');
  if (inContainer === 'volumeDevices.name') return names(volumes(value, template), 'volume');
  if (/\.(?:httpGet|tcpSocket)\.port$/.test(inContainer)) return names(find(valueAt(value, path.slice(0, container + 2)), 'ports[].name').map((port) => textOf(port.value)), 'container port');
  return [];
};

function volumes(value: unknown, template: string): readonly string[] {
  return [...find(value, below(template, 'spec.volumes[].name')), ...find(value, 'spec.volumeClaimTemplates[].metadata.name')].map((volume) => textOf(volume.value));
}

function names(all: readonly string[], detail: string): readonly Completion[] {
  return all.filter((name) => name !== '').map((label) => ({ label, kind: 'name', detail, text: scalarOf(label) }));
}
