import { fill, fillEmpty } from '../defaults/fill.ts';
import { setTemplateDefaults } from '../defaults/pod-spec.ts';
import { setClaimSpecDefaults } from '../defaults/volumes.ts';
import { forbidden, invalid, required } from '../field-errors.ts';
import type { V1StatefulSet, V1StatefulSetSpec } from '../generated/types.ts';
import { checkDnsLabel, nameIsDnsLabel, nameIsDnsSubdomain } from '../names.ts';
import { selectorOf } from '../selectors/label-selector.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { dnsLabel, nonNegative, oneOf } from '../validation/errors.ts';
import { validateClaimSpec } from '../validation/persistent-volume-claim.ts';
import { validateRunningTemplate } from '../validation/pod-template.ts';
import * as workload from '../validation/workload.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { templateWarnings } from './pod-warnings.ts';
import { containerColumns } from './workload-columns.ts';

const counters = ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas', 'observedGeneration', 'collisionCount'];
const within = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'];
const mutable = ['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy', 'minReadySeconds'] as const;

export const statefulSet = defineKind<V1StatefulSet>({
  group: 'apps',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  scale: { specReplicas: '.spec.replicas', statusReplicas: '.status.replicas', labelSelector: '.spec.selector' },
  setDefaults({ spec }) {
    if (spec === undefined) return;
    fillEmpty(spec, { podManagementPolicy: 'OrderedReady' });
    spec.updateStrategy ??= {};
    const strategy = spec.updateStrategy;
    if (!strategy.type) {
      strategy.type = 'RollingUpdate';
      strategy.rollingUpdate ??= {};
    }
    if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) fill(strategy.rollingUpdate, { partition: 0 });
    fill(spec, { replicas: 1, revisionHistoryLimit: 10 });
    spec.persistentVolumeClaimRetentionPolicy ??= {};
    fillEmpty(spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: 'Retain', whenScaled: 'Retain' });
    setTemplateDefaults(spec.template);
    for (const claim of spec.volumeClaimTemplates ?? []) {
      Object.assign(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
      if (claim.spec) setClaimSpecDefaults(claim.spec);
      claim.status ??= {};
      fillEmpty(claim.status, { phase: 'Pending' });
    }
  },
  generationOf: ['spec'],
  *validate({ metadata, spec }) {
    // The name becomes a label value on each pod, with the pod's number after it.
    const name = metadata?.name ?? '';
    if (nameIsDnsSubdomain(name, false).length === 0) for (const problem of nameIsDnsLabel(name, false)) yield invalid('metadata.name', name, problem);
    if (!spec) return;
    yield* validateSpec(spec);
    yield* validateWork(spec);
    if (spec.serviceName) yield* dnsLabel('spec.serviceName', spec.serviceName);
  },
  *validateUpdate({ spec }, { spec: old }) {
    if (!spec || !old) return;
    yield* validateSpec(spec);
    // What was invalid before may stay so, that other fields can change.
    if (isEmpty(validateWork(old))) yield* validateWork(spec);
    const rest = { ...spec };
    for (const field of mutable) Object.assign(rest, { [field]: old[field] });
    if (!equal(rest, old)) {
      const list = `${mutable.slice(0, -1).map((field) => `'${field}'`).join(', ')} and '${mutable.at(-1)}'`;
      yield forbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`);
    }
  },
  status: {
    *validateUpdate({ status }, old) {
      if (status) {
        yield* workload.validateCounters(status, counters, within);
        yield* workload.availableWithinReady(status);
      }
      yield* workload.collisionsNotDecremented(status?.collisionCount, old.status?.collisionCount);
    },
  },
  warnings: ({ spec }) => [
    ...templateWarnings(spec?.template),
    ...(spec?.revisionHistoryLimit !== undefined && spec.revisionHistoryLimit < 0
      ? ["spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"]
      : []),
  ],
  columns: [
    text('Ready', 'Pods that are ready, of those wanted.', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`),
    ageColumn,
    ...containerColumns<V1StatefulSet>(({ spec }) => spec?.template?.spec),
  ],
});

function* validateSpec(spec: V1StatefulSetSpec): Errors {
  if (!spec.podManagementPolicy) yield required('spec.podManagementPolicy');
  else if (!['OrderedReady', 'Parallel'].includes(spec.podManagementPolicy)) {
    yield invalid('spec.podManagementPolicy', spec.podManagementPolicy, "must be 'OrderedReady' or 'Parallel'");
  }
  yield* validateStrategy(spec.updateStrategy ?? {}, 'spec.updateStrategy');
  const retention = spec.persistentVolumeClaimRetentionPolicy;
  if (retention) {
    yield* oneOf('spec.persistentVolumeClaimRetentionPolicy.whenDeleted', retention.whenDeleted, ['Retain', 'Delete']);
    yield* oneOf('spec.persistentVolumeClaimRetentionPolicy.whenScaled', retention.whenScaled, ['Retain', 'Delete']);
  }
  yield* nonNegative('spec.replicas', spec.replicas);
  yield* nonNegative('spec.minReadySeconds', spec.minReadySeconds);
  yield* nonNegative('spec.ordinals.start', spec.ordinals?.start);
  yield* workload.validateWorkloadSelector(spec.selector, 'statefulset', 'spec.selector');
  yield* workload.parsedSelector(spec.selector, '', 'spec.selector');
}

/** What its pods are made of. */
function* validateWork(spec: V1StatefulSetSpec): Errors {
  const selector = selectorOf(spec.selector ?? undefined);
  if (selector.ok) yield* validateRunningTemplate(withClaims(spec), selector.value, 'StatefulSet', 'spec.template');
  for (const [index, claim] of (spec.volumeClaimTemplates ?? []).entries()) yield* validateClaimSpec(claim.spec ?? {}, `spec.volumeClaimTemplates[${index}].spec`);
}

function isEmpty(errors: Errors): boolean {
  return errors.next().done === true;
}

function* validateStrategy({ type, rollingUpdate }: NonNullable<V1StatefulSetSpec['updateStrategy']>, field: string): Errors {
  const at = `${field}.rollingUpdate`;
  if (!type) yield required(field);
  else if (type === 'OnDelete') {
    if (rollingUpdate) yield invalid(at, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'");
  } else if (type !== 'RollingUpdate') {
    yield invalid(field, { type, rollingUpdate }, "must be 'RollingUpdate' or 'OnDelete'");
  } else if (rollingUpdate) {
    yield* nonNegative(`${at}.partition`, rollingUpdate.partition);
    const { maxUnavailable } = rollingUpdate;
    if (maxUnavailable === undefined) return;
    yield* workload.validateIntOrPercent(`${at}.maxUnavailable`, maxUnavailable);
    if (workload.isZero(maxUnavailable)) yield invalid(`${at}.maxUnavailable`, maxUnavailable, 'cannot be 0');
    yield* workload.atMost100Percent(`${at}.maxUnavailable`, maxUnavailable);
  }
}

/** Containers may mount the claims that each pod gets, so these count as volumes of the template. */
function withClaims(spec: V1StatefulSetSpec): V1StatefulSetSpec['template'] {
  const { template, volumeClaimTemplates } = spec;
  if (!template?.spec || !volumeClaimTemplates) return template;
  const names = new Set(volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? '').filter((name) => checkDnsLabel(name).length === 0));
  const volumes = (template.spec.volumes ?? []).filter(({ name }) => !names.has(name));
  const claimed = [...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return { ...template, spec: { ...template.spec, volumes: [...volumes, ...claimed] } };
}
