/** Templates of pods in workloads. */
import { forbidden, invalid, required } from '../field-errors.ts';
import type { V1PodTemplateSpec } from '../generated/types.ts';
import type { Selector } from '../selectors/label-selector.ts';
import { matchesLabels } from '../selectors/label-selector.ts';
import type { Errors } from './errors.ts';
import { validateAnnotations, validateLabels } from './object-meta.ts';
import { validatePodAnnotations, validateProfilesMatch } from './pod-annotations.ts';
import { onlyAlways, validatePodSpec } from './pod-spec.ts';

export function* validatePodTemplate({ metadata, spec }: V1PodTemplateSpec, field: string): Errors {
  const podSpec = spec ?? { containers: [] };
  yield* validateLabels(metadata?.labels, `${field}.labels`);
  yield* validateAnnotations(metadata?.annotations, `${field}.annotations`);
  yield* validatePodAnnotations(metadata?.annotations, podSpec, `${field}.annotations`);
  yield* validatePodSpec(podSpec, undefined, `${field}.spec`);
  yield* validateProfilesMatch(metadata, podSpec, `${field}.spec`);
  if ((podSpec.ephemeralContainers ?? []).length > 0) yield forbidden(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template');
}

function isEverything({ requirements, matchesNothing }: Selector): boolean {
  return requirements.length === 0 && matchesNothing !== true;
}

/** The template of a workload that keeps pods running: they must match its selector and be restarted always. */
export function* validateRunningTemplate(template: V1PodTemplateSpec | undefined, selector: Selector | undefined, kind: string, field: string): Errors {
  if (template === undefined) {
    yield required(field);
    return;
  }
  const labels = template.metadata?.labels ?? {};
  if (selector !== undefined && !isEverything(selector) && !matchesLabels(selector, labels)) {
    yield invalid(`${field}.metadata.labels`, labels, '`selector` does not match template `labels`');
  }
  yield* validatePodTemplate(template, field);
  yield* onlyAlways(template.spec?.restartPolicy, `${field}.spec.restartPolicy`);
  if (template.spec?.activeDeadlineSeconds !== undefined) {
    yield forbidden(`${field}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`);
  }
}
