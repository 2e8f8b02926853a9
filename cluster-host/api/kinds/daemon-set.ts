import { fill, fillEmpty } from '../defaults/fill.ts';
import { setTemplateDefaults } from '../defaults/pod-spec.ts';
import { invalid, notSupported, required } from '../field-errors.ts';
import type { V1DaemonSet, V1DaemonSetSpec, V1DaemonSetUpdateStrategy } from '../generated/types.ts';
import { matchesLabels, selectorOf } from '../selectors/label-selector.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { nonNegative, unchanged } from '../validation/errors.ts';
import { isEmptySelector, validateLabelSelector } from '../validation/label-selector.ts';
import { validateRunningTemplate } from '../validation/pod-template.ts';
import * as workload from '../validation/workload.ts';
import { ageColumn, count, text } from './columns.ts';
import { defineKind, metaOf } from './define-kind.ts';
import { templateWarnings } from './pod-warnings.ts';
import { labelsText, templateColumns } from './workload-columns.ts';

/** Counts the templates of a DaemonSet, for clients of old versions of the API. */
const templateGeneration = 'deprecated.daemonset.template.generation';

const counters = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
];

export const daemonSet = defineKind<V1DaemonSet>({
  group: 'apps',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  setDefaults({ spec }) {
    if (spec === undefined) return;
    spec.updateStrategy ??= {};
    fillEmpty(spec.updateStrategy, { type: 'RollingUpdate' });
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate ??= {};
      fill(spec.updateStrategy.rollingUpdate, { maxUnavailable: 1, maxSurge: 0 });
    }
    fill(spec, { revisionHistoryLimit: 10 });
    setTemplateDefaults(spec.template);
  },
  prepareForCreate(object) {
    setTemplateGeneration(object, 1);
  },
  prepareForUpdate(object, old) {
    const generation = Number(old.metadata?.annotations?.[templateGeneration] ?? 0);
    setTemplateGeneration(object, equal(object.spec?.template, old.spec?.template) ? generation : generation + 1);
  },
  generationOf: ['spec'],
  *validate({ spec }) {
    if (spec) yield* validateSpec(spec);
  },
  *validateUpdate({ spec }, old) {
    if (spec) yield* validateSpec(spec);
    yield* unchanged('spec.selector', spec?.selector, old.spec?.selector);
  },
  status: {
    *validateUpdate({ status }, old) {
      if (status) yield* workload.validateCounters(status, counters);
      yield* workload.collisionsNotDecremented(status?.collisionCount, old.status?.collisionCount);
    },
  },
  warnings: ({ spec }) => templateWarnings(spec?.template),
  columns: [
    count('Desired', 'How many nodes should run it.', ({ status }) => status?.desiredNumberScheduled),
    count('Current', 'How many nodes run it.', ({ status }) => status?.currentNumberScheduled),
    count('Ready', 'On how many it is ready.', ({ status }) => status?.numberReady),
    count('Up-to-date', 'On how many it has the newest template.', ({ status }) => status?.updatedNumberScheduled),
    count('Available', 'On how many it has been ready long enough.', ({ status }) => status?.numberAvailable),
    text('Node Selector', 'Which nodes should run it.', ({ spec }) => labelsText(spec?.template?.spec?.nodeSelector)),
    ageColumn,
    ...templateColumns<V1DaemonSet>(),
  ],
});

function setTemplateGeneration(object: V1DaemonSet, generation: number): void {
  (metaOf(object).annotations ??= {})[templateGeneration] = String(generation);
}

function* validateSpec(spec: V1DaemonSetSpec): Errors {
  yield* validateLabelSelector(spec.selector, 'spec.selector');
  const selector = selectorOf(spec.selector ?? undefined);
  const labels = spec.template?.metadata?.labels ?? {};
  if (selector.ok && !matchesLabels(selector.value, labels)) yield invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  if (spec.selector && isEmptySelector(spec.selector)) yield invalid('spec.selector', spec.selector, 'empty selector is invalid for daemonset');
  yield* validateRunningTemplate(spec.template, undefined, 'DaemonSet', 'spec.template');
  yield* nonNegative('spec.minReadySeconds', spec.minReadySeconds);
  yield* validateStrategy(spec.updateStrategy ?? {}, 'spec.updateStrategy');
  yield* nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit);
}

function* validateStrategy({ type, rollingUpdate }: V1DaemonSetUpdateStrategy, field: string): Errors {
  if (type === 'OnDelete') return;
  const at = `${field}.rollingUpdate`;
  if (type !== 'RollingUpdate') {
    yield notSupported(`${field}.type`, type ?? '', ['RollingUpdate', 'OnDelete']);
  } else if (!rollingUpdate) {
    yield required(at);
  } else {
    const { maxUnavailable, maxSurge } = rollingUpdate;
    yield* workload.validateIntOrPercent(`${at}.maxUnavailable`, maxUnavailable);
    yield* workload.validateIntOrPercent(`${at}.maxSurge`, maxSurge);
    const unavailable = !workload.isZero(maxUnavailable);
    const surge = !workload.isZero(maxSurge);
    if (unavailable && surge) yield invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero');
    else if (!unavailable && !surge) yield required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0');
    yield* workload.atMost100Percent(`${at}.maxUnavailable`, maxUnavailable);
    yield* workload.atMost100Percent(`${at}.maxSurge`, maxSurge);
  }
}
