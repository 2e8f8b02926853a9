/**
 * Tells users, through Event objects, what a component did or could not do (kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1).
 *
 * Three things keep a failing pod from flooding the cluster, as in client-go's event correlator: repeats raise a count, many
 * events that differ in the message only become one, and each object has a budget of events.
 */
import type { CoreV1Event, V1ObjectReference } from '../api/generated/types.ts';
import type { KubeObject } from '../api/object.ts';
import { timestamp } from '../api/time.ts';
import type { Clock, Logger } from '../platform/platform.ts';
import { hasReason, type Client } from './client.ts';
import { EventCorrelator, type EventDecision } from './event-correlator.ts';
import type { EventOptions, EventRecorder } from './events.ts';
import { events } from './resources.ts';

/** Who reports: `deployment-controller`, or `kubelet` on a node. */
export interface EventSource {
  readonly component: string;
  readonly host?: string;
}

export interface EventRecorderSurroundings {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
}

/** More than this many events wait for the API server: the rest is dropped. */
const longestQueue = 1000;

export class ApiEventRecorder implements EventRecorder {
  readonly #surroundings: EventRecorderSurroundings;
  readonly #source: EventSource;
  readonly #correlator: EventCorrelator;
  /** Events are written one after the other, so that a repeat finds the first one there. */
  #writes: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(surroundings: EventRecorderSurroundings, source: EventSource) {
    this.#surroundings = surroundings;
    this.#source = source;
    this.#correlator = new EventCorrelator(surroundings.clock);
  }

  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, options: EventOptions = {}): void {
    const involvedObject = referenceTo(about, options.fieldPath);
    const source = options.component === undefined ? this.#source : { ...this.#source, component: options.component };
    const decision = this.#correlator.decide({ source, involvedObject, type, reason, message });
    if (decision === undefined || this.#waiting >= longestQueue) return;
    this.#waiting += 1;
    this.#writes = this.#writes.then(async () => {
      try {
        await this.#write(decision, this.#eventOf(source, involvedObject, type, reason, decision));
      } catch (error) {
        // An event about something in a namespace that is going away is of no use to anybody.
        if (!hasReason(error, 'NotFound') && !hasReason(error, 'Forbidden')) this.#surroundings.log.warn('an event could not be recorded', { reason, error });
      }
      this.#waiting -= 1;
    });
  }

  async #write(decision: EventDecision, event: CoreV1Event): Promise<void> {
    const resource = this.#surroundings.client.resource(events, event.metadata.namespace);
    if (decision.name !== undefined) {
      const { count, lastTimestamp, message } = event;
      try {
        await resource.patch(decision.name, { count, lastTimestamp, message }, { type: 'strategic' });
        return;
      } catch (error) {
        if (!hasReason(error, 'NotFound')) throw error;
      }
    }
    const created = await resource.create(event);
    decision.written(created.metadata.name ?? '');
  }

  #eventOf(source: EventSource, involvedObject: V1ObjectReference, type: string, reason: string, decision: EventDecision): CoreV1Event {
    const now = this.#surroundings.clock.now();
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${involvedObject.name ?? ''}.${decision.suffix}`, namespace: involvedObject.namespace ?? 'default' },
      involvedObject,
      reason,
      message: decision.message,
      type,
      source: { ...source },
      reportingComponent: source.component,
      reportingInstance: source.host ?? '',
      firstTimestamp: timestamp(decision.firstSeen),
      lastTimestamp: timestamp(now),
      count: decision.count,
    };
  }
}

function referenceTo(about: KubeObject, fieldPath: string | undefined): V1ObjectReference {
  const { name, namespace, uid, resourceVersion } = about.metadata ?? {};
  return { kind: about.kind, apiVersion: about.apiVersion, name, namespace, uid, resourceVersion, ...(fieldPath === undefined ? {} : { fieldPath }) };
}
