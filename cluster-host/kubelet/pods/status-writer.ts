/** Tells the API server a pod's status: only what changed, one write at a time, the newest wins. */
import { sameJson } from '../equal.ts';
import type { V1Pod, V1PodStatus } from '../../api/generated/types.ts';
import { type Client, hasReason } from '../../client/client.ts';
import { pods } from '../../client/resources.ts';
import type { Clock, Logger } from '../../platform/platform.ts';
import { fleetingConditions } from './conditions.ts';
import { nameOf, namespaceOf } from './pod-facts.ts';

const retryAfter = 1_000;

interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export class StatusWriter {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Undefined while the API server knows no such pod. */
  #target: Target | undefined;
  #sent: V1PodStatus | undefined;
  #wanted: V1PodStatus | undefined;
  #writing: Promise<void> | undefined;
  #disposed = false;

  /** `target`: the pod as the API server knows it; of a static pod its mirror, once there is one. */
  constructor(client: Client, clock: Clock, log: Logger, target: V1Pod | undefined) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    if (target !== undefined) this.retarget(target);
  }

  /** Another pod of the API server stands for ours now. */
  retarget(target: V1Pod): void {
    if (target.metadata?.uid === this.#target?.uid) return;
    this.#wanted ??= this.#sent;
    this.#sent = target.status;
    this.#target = { namespace: namespaceOf(target), name: nameOf(target), uid: target.metadata?.uid ?? '' };
    this.#begin();
  }

  /** What was written last, on its way perhaps, or what the API server knew before: each status is made from the one before it. */
  get latest(): V1PodStatus | undefined {
    return this.#wanted ?? this.#sent;
  }

  write(status: V1PodStatus): void {
    if (sameJson(status, this.#wanted ?? this.#reported(status))) return;
    this.#wanted = status;
    this.#begin();
  }

  /** Resolves when everything was told, or the pod is no more. */
  async flushed(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  dispose(): void {
    this.#disposed = true;
  }

  #begin(): void {
    if (this.#writing !== undefined || this.#wanted === undefined || this.#target === undefined || this.#disposed) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
      this.#begin();
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#wanted !== undefined && this.#target !== undefined && !this.#disposed) {
      const status = this.#wanted;
      const target = this.#target;
      try {
        await this.#client.resource(pods, target.namespace).patch(target.name, this.#patchOf(status, target.uid), { type: 'strategic', subresource: 'status' });
        if (this.#target !== target) continue;
        this.#sent = status;
        if (this.#wanted === status) this.#wanted = undefined;
      } catch (error) {
        if (hasReason(error, 'NotFound') || (hasReason(error, 'Conflict') && (await this.#isAnother(target)))) {
          // Deleted, perhaps made anew under the same name: not ours any more.
          if (this.#target === target) this.#target = undefined;
          continue;
        }
        this.#log.warn('the status of a pod could not be written', { pod: `${target.namespace}/${target.name}`, error });
        if (hasReason(error, 'Invalid')) {
          // Said again it would be refused again; the next status may fare better.
          if (this.#wanted === status) this.#wanted = undefined;
          continue;
        }
        await this.#clock.sleep(retryAfter);
      }
    }
  }

  /** Whether the name stands for another pod by now; a conflict may also be one of many writers at once. */
  async #isAnother({ namespace, name, uid }: Target): Promise<boolean> {
    try {
      return (await this.#client.resource(pods, namespace).get(name)).metadata?.uid !== uid;
    } catch (error) {
      return hasReason(error, 'NotFound');
    }
  }

  /** The part of what was sent that this status speaks of: conditions of others do not count as a difference. */
  #reported(status: V1PodStatus): V1PodStatus | undefined {
    if (this.#sent === undefined) return undefined;
    const told = pick(this.#sent, Object.keys(status));
    const own = new Set([...(status.conditions ?? []).map(({ type }) => type), ...fleetingConditions]);
    return status.conditions === undefined ? told : { ...told, conditions: (this.#sent.conditions ?? []).filter(({ type }) => own.has(type)) };
  }

  /** Conditions that were told and hold no more. */
  #ended({ conditions }: V1PodStatus): object[] {
    const told = (this.#sent?.conditions ?? []).filter(({ type }) => fleetingConditions.includes(type) && !conditions?.some((condition) => condition.type === type));
    return told.map(({ type }) => ({ type, $patch: 'delete' }));
  }

  #patchOf(status: V1PodStatus, uid: string): object {
    const { podIPs } = status;
    const addressChanged = this.#sent?.podIP !== undefined && this.#sent.podIP !== status.podIP;
    return {
      metadata: { uid },
      status: {
        ...status,
        // What is left out of a merged entry would stay as it was.
        conditions: status.conditions === undefined ? undefined : [...status.conditions.map((condition) => ({ ...condition, reason: condition.reason ?? null, message: condition.message ?? null })), ...this.#ended(status)],
        ...(podIPs === undefined || !addressChanged ? {} : { podIPs: [...podIPs, { $patch: 'replace' }] }),
      },
    };
  }
}

function pick(object: object, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(object).filter(([field]) => fields.includes(field)));
}
