/** The status of one container of a pod. Pure. */
import type { V1ContainerState, V1ContainerStatus, V1ResourceRequirements } from '../../api/generated/types.ts';
import type { Container, Image } from '../runtime/runtime.ts';
import { newer, wantsStart } from './plan.ts';
import { type PodContainer, statusOf, timeText } from './pod-facts.ts';
import type { StatusView } from './status.ts';

export function containerStatus(member: PodContainer, view: StatusView): V1ContainerStatus {
  const { name, image } = member.spec;
  const runs = view.containers.filter((container) => container.name === name).sort((a, b) => (newer(a, b) ? -1 : 1));
  const [latest, previous] = runs;
  const reported = statusOf(view.pod, name);
  if (latest === undefined && reported?.state?.terminated !== undefined) return reported;
  const waiting = view.waiting(name);
  const shown = latest === undefined || latest.state === 'created' ? undefined : latest;
  const waits = waiting !== undefined && (shown === undefined || wantsStart(view.pod, shown));
  const state = waits ? { waiting } : shown === undefined ? { waiting: initialReason(member, view) } : stateOf(shown, view);
  // A container that waits to run again shows its end as the last state.
  const last = state.waiting === undefined ? previous : (shown ?? previous);
  const running = shown?.state === 'running';
  const lastState = last === undefined ? reported?.lastState : { terminated: terminatedOf(last, view) };
  const done = member.role === 'init' && shown?.state === 'exited' && shown.exitCode === 0;
  const ready = running ? view.isReady(shown) && member.role !== 'init' : done;
  return {
    name,
    state,
    lastState: last === undefined || last.state === 'exited' ? (lastState ?? {}) : {},
    ready,
    restartCount: latest?.attempt ?? reported?.restartCount ?? 0,
    image: shown === undefined ? (image ?? '') : imageName(image ?? '', shown, view),
    imageID: shown === undefined ? '' : imageId(view.image(shown.imageId), shown, view),
    ...(shown === undefined ? {} : { containerID: idText(shown, view) }),
    started: running ? view.isStarted(shown) : false,
    ...resourcesOf(member, running ? view.given(shown) : undefined),
    ...mountsOf(member),
  };
}

function initialReason({ role }: PodContainer, { pod }: StatusView): { reason: string } {
  const hasInit = (pod.spec?.initContainers ?? []).length > 0;
  return { reason: hasInit && role !== 'ephemeral' ? 'PodInitializing' : 'ContainerCreating' };
}

function stateOf(container: Container, view: StatusView): V1ContainerState {
  if (container.state === 'running') return { running: { startedAt: timeText(container.startedAt ?? container.createdAt) } };
  return { terminated: terminatedOf(container, view) };
}

function terminatedOf(container: Container, view: StatusView): NonNullable<V1ContainerState['terminated']> {
  const message = view.terminationMessage(container.id) ?? container.message;
  return {
    exitCode: container.exitCode ?? 0,
    reason: container.reason ?? 'Error',
    ...(message === undefined || message === '' ? {} : { message }),
    ...(container.startedAt === undefined ? {} : { startedAt: timeText(container.startedAt) }),
    ...(container.finishedAt === undefined ? {} : { finishedAt: timeText(container.finishedAt) }),
    containerID: idText(container, view),
  };
}

function idText({ id }: Container, { runtimeName }: StatusView): string {
  return `${runtimeName}://${id}`;
}

function imageName(wanted: string, container: Container, view: StatusView): string {
  const tags = view.image(container.imageId)?.tags ?? [];
  return tags.includes(wanted) ? wanted : (tags[0] ?? wanted);
}

function imageId(image: Image | undefined, container: Container, { runtimeName }: StatusView): string {
  const digest = image?.digests[0];
  return digest === undefined ? `${runtimeName}://${container.imageId}` : `${runtimeName}-pullable://${digest}`;
}

/** What is set aside for the container, and what it was given: a resize is done when they are the same. */
function resourcesOf({ spec }: PodContainer, given: V1ResourceRequirements | undefined): Partial<V1ContainerStatus> {
  const allocated = spec.resources?.requests;
  const { requests, limits } = given ?? spec.resources ?? {};
  return {
    ...(allocated === undefined ? {} : { allocatedResources: allocated }),
    resources: { ...(requests === undefined ? {} : { requests }), ...(limits === undefined ? {} : { limits }) },
  };
}

function mountsOf({ spec }: PodContainer): Partial<V1ContainerStatus> {
  const mounts = (spec.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({ name, mountPath, ...(readOnly === true ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}) }));
  return mounts.length === 0 ? {} : { volumeMounts: mounts };
}
