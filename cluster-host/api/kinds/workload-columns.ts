/** Columns of the kinds that make pods. */
import type { V1LabelSelector, V1PodSpec } from '../generated/types.ts';
import type { KubeObject } from '../object.ts';
import { formatSelector, validSelectorOf } from '../selectors/label-selector.ts';
import { count, none, text, wide } from './columns.ts';
import type { Column } from './columns.ts';

export function containerNames(spec: V1PodSpec | undefined): string {
  return (spec?.containers ?? []).map(({ name }) => name).join(',');
}

export function containerImages(spec: V1PodSpec | undefined): string {
  return (spec?.containers ?? []).map(({ image = '' }) => image).join(',');
}

/** `a=b,c in (d,e)`; `<none>` for a selector that selects everything, or nothing. */
export function selectorText(selector: V1LabelSelector | undefined): string {
  return formatSelector(validSelectorOf(selector)) || none;
}

/** `a=b,c=d`, keys in order. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.keys(labels ?? {})
    .toSorted()
    .map((key) => `${key}=${labels?.[key]}`);
  return pairs.join(',') || none;
}

/** How far the kinds that keep a number of pods have come. */
export function replicaColumns<T extends KubeObject>(): readonly Column<T>[] {
  return [
    count('Desired', 'How many pods are wanted.', ({ spec }) => spec?.replicas),
    count('Current', 'How many pods there are.', ({ status }) => status?.replicas),
    count('Ready', 'How many pods are ready.', ({ status }) => status?.readyReplicas),
  ];
}

export function containerColumns<T extends KubeObject>(podSpec: (object: T) => V1PodSpec | undefined): readonly Column<T>[] {
  return [
    wide(text('Containers', 'Names of the containers in the template.', (object) => containerNames(podSpec(object)))),
    wide(text('Images', 'Images of the containers in the template.', (object) => containerImages(podSpec(object)))),
  ];
}

/** Containers, images and selector: the wide columns of most workloads. */
export function templateColumns<T extends KubeObject & { spec?: { template?: { spec?: V1PodSpec }; selector?: V1LabelSelector } }>(): readonly Column<T>[] {
  return [
    ...containerColumns<T>(({ spec }) => spec?.template?.spec),
    wide(text('Selector', 'Which pods belong to it.', ({ spec }) => selectorText(spec?.selector))),
  ];
}
