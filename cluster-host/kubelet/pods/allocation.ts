/**
 * The resources that the node has set aside for a pod: those of its specification, until a resize asks for more than there is
 * (kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources). Everything else looks at the pod as it was accepted.
 */
import type { V1Container, V1Pod, V1ResourceRequirements } from '../../api/generated/types.ts';
import { sameJson } from '../equal.ts';
import { containersOf, statusOf } from './pod-facts.ts';

export interface ResizeRefusal {
  readonly reason: 'Deferred' | 'Infeasible';
  readonly message: string;
}

type Resources = ReadonlyMap<string, V1ResourceRequirements | undefined>;

export class Allocation {
  #wanted: V1Pod;
  #accepted: Resources;
  #refusal: ResizeRefusal | undefined;
  #pod: V1Pod;

  /** What the API server was told before the host started holds on. */
  constructor(pod: V1Pod) {
    this.#wanted = pod;
    this.#accepted = new Map(containersOf(pod).map(({ spec }) => [spec.name, toldBefore(pod, spec)]));
    this.#pod = this.#merged();
  }

  /** The pod with the resources that it was given. */
  get pod(): V1Pod {
    return this.#pod;
  }

  /** Whether the specification asks for something else. */
  get pending(): boolean {
    return containersOf(this.#wanted).some(({ spec }) => this.#accepted.has(spec.name) && !sameJson(spec.resources ?? {}, this.#accepted.get(spec.name) ?? {}));
  }

  get refusal(): ResizeRefusal | undefined {
    return this.#refusal;
  }

  /** Yields what was decided where a resize was asked for; undefined where nothing changed. */
  offer(wanted: V1Pod, judge: (pod: V1Pod) => ResizeRefusal | undefined): 'accepted' | ResizeRefusal | undefined {
    this.#wanted = wanted;
    const verdict = this.#judge(judge);
    this.#pod = this.#merged();
    return verdict;
  }

  #judge(judge: (pod: V1Pod) => ResizeRefusal | undefined): 'accepted' | ResizeRefusal | undefined {
    const known = this.#refusal;
    this.#refusal = this.pending ? judge(this.#wanted) : undefined;
    if (!this.pending) return undefined;
    if (this.#refusal !== undefined) return sameJson(this.#refusal, known) ? undefined : this.#refusal;
    this.#accepted = new Map(containersOf(this.#wanted).map(({ spec }) => [spec.name, spec.resources]));
    return 'accepted';
  }

  #merged(): V1Pod {
    return this.pending ? withResources(this.#wanted, this.#accepted) : this.#wanted;
  }
}

function toldBefore(pod: V1Pod, { name, resources }: V1Container): V1ResourceRequirements | undefined {
  const status = statusOf(pod, name);
  const requests = status?.allocatedResources;
  if (requests === undefined || sameJson(requests, resources?.requests)) return resources;
  return { ...resources, requests, ...(status?.resources?.limits === undefined ? {} : { limits: status.resources.limits }) };
}

function withResources(pod: V1Pod, accepted: Resources): V1Pod {
  if (pod.spec === undefined) return pod;
  const given = (container: V1Container): V1Container => {
    const resources = accepted.get(container.name);
    return !accepted.has(container.name) ? container : { ...container, ...(resources === undefined ? { resources: {} } : { resources }) };
  };
  const { initContainers, containers } = pod.spec;
  return { ...pod, spec: { ...pod.spec, containers: containers.map(given), ...(initContainers === undefined ? {} : { initContainers: initContainers.map(given) }) } };
}

/** What an event says of a resize: the resources asked for, the pod's generation, and what is in the way. */
export function resizeText(step: string, { metadata, spec }: V1Pod, error?: string): string {
  const listed = (containers: readonly V1Container[] = []): object[] => containers.map(({ name, resources }) => ({ name, resources: { ...(resources?.limits === undefined ? {} : { limits: resources.limits }), ...(resources?.requests === undefined ? {} : { requests: resources.requests }) } }));
  const sidecars = listed(spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always'));
  const fields = { ...(sidecars.length === 0 ? {} : { initContainers: sidecars }), containers: listed(spec?.containers), generation: metadata?.generation ?? 0, ...(error === undefined ? {} : { error }) };
  return `Pod resize ${step}: ${JSON.stringify(fields)}`;
}
