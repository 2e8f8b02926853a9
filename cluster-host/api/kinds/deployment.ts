import { fill, fillEmpty } from '../defaults/fill.ts';
import { setTemplateDefaults } from '../defaults/pod-spec.ts';
import { forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type { V1Deployment, V1DeploymentSpec, V1DeploymentStrategy } from '../generated/types.ts';
import type { Errors } from '../validation/errors.ts';
import { nonNegative, unchanged } from '../validation/errors.ts';
import { validateRunningTemplate } from '../validation/pod-template.ts';
import * as workload from '../validation/workload.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { templateWarnings } from './pod-warnings.ts';
import { templateColumns } from './workload-columns.ts';

const counters = ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas', 'terminatingReplicas', 'collisionCount'];

export const deployment = defineKind<V1Deployment>({
  group: 'apps',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  scale: { specReplicas: '.spec.replicas', statusReplicas: '.status.replicas', labelSelector: '.spec.selector' },
  setDefaults({ spec }) {
    if (spec === undefined) return;
    spec.strategy ??= {};
    fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
    fillEmpty(spec.strategy, { type: 'RollingUpdate' });
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate ??= {};
      fill(spec.strategy.rollingUpdate, { maxUnavailable: '25%', maxSurge: '25%' });
    }
    setTemplateDefaults(spec.template);
  },
  // Annotations count too: the revision of a rollout is one.
  generationOf: ['spec', 'metadata.annotations'],
  *validate({ spec }) {
    if (spec) yield* validateSpec(spec);
  },
  *validateUpdate({ spec }, old) {
    if (spec) yield* validateSpec(spec);
    yield* unchanged('spec.selector', spec?.selector, old.spec?.selector);
  },
  status: {
    keptMetadata: ['labels'],
    *validateUpdate({ status = {} }, old) {
      yield* workload.validateCounters(status, counters, ['updatedReplicas', 'readyReplicas', 'availableReplicas']);
      yield* workload.availableWithinReady(status);
      yield* workload.collisionsNotDecremented(status.collisionCount, old.status?.collisionCount);
    },
  },
  warnings: ({ spec }) => templateWarnings(spec?.template),
  columns: [
    text('Ready', 'Pods that are ready, of those wanted.', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`),
    text('Up-to-date', 'Pods of the newest template.', ({ status }) => status?.updatedReplicas ?? 0),
    text('Available', 'Pods that have been ready long enough.', ({ status }) => status?.availableReplicas ?? 0),
    ageColumn,
    ...templateColumns<V1Deployment>(),
  ],
});

function* validateSpec(spec: V1DeploymentSpec): Errors {
  yield* nonNegative('spec.replicas', spec.replicas);
  yield* workload.validateWorkloadSelector(spec.selector, 'deployment', 'spec.selector');
  const selector = yield* workload.parsedSelector(spec.selector, 'invalid label selector', 'spec.selector');
  if (selector) yield* validateRunningTemplate(spec.template, selector, 'ReplicaSet', 'spec.template');
  yield* validateStrategy(spec.strategy ?? {}, 'spec.strategy');
  yield* nonNegative('spec.minReadySeconds', spec.minReadySeconds);
  yield* nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit);
  yield* nonNegative('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds);
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  if (deadline !== undefined && deadline <= minReadySeconds) yield invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
}

function* validateStrategy(strategy: V1DeploymentStrategy, field: string): Errors {
  const at = `${field}.rollingUpdate`;
  if (strategy.type === 'Recreate') {
    if (strategy.rollingUpdate) yield forbidden(at, "may not be specified when strategy `type` is 'Recreate'");
  } else if (strategy.type !== 'RollingUpdate') {
    yield notSupported(field, strategy, ['Recreate', 'RollingUpdate']);
  } else if (!strategy.rollingUpdate) {
    yield required(at, 'this should be defaulted and never be nil');
  } else {
    const { maxUnavailable, maxSurge } = strategy.rollingUpdate;
    yield* workload.validateIntOrPercent(`${at}.maxUnavailable`, maxUnavailable);
    yield* workload.validateIntOrPercent(`${at}.maxSurge`, maxSurge);
    if (workload.isZero(maxUnavailable) && workload.isZero(maxSurge)) yield invalid(`${at}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0');
    yield* workload.atMost100Percent(`${at}.maxUnavailable`, maxUnavailable);
  }
}
