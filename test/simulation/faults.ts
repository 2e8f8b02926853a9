/** What goes wrong between the control plane and the API server, drawn from a seed. */
import { ApiError, type ApiRequest, type ApiResponse, type Transport, type WatchHandler } from '../../cluster-host/client/client.ts';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import type { Clock, Disposable, Random } from '../../cluster-host/platform/platform.ts';

/** Shares of requests, from 0 to 1. */
export interface FaultRates {
  /** The request never arrives. */
  readonly lost?: number;
  /** It arrives, and its answer is lost: the client can not know. */
  readonly unanswered?: number;
  /** The answer is late by up to two seconds. */
  readonly slow?: number;
  /** Each event of a watch ends the watch so often. */
  readonly droppedWatch?: number;
  /** Each event of a watch is late by up to two seconds, with all that follow it. */
  readonly lateEvent?: number;
}

export class Faults {
  readonly #rates: FaultRates;
  readonly #random: Random;
  readonly #clock: Clock;
  active = true;

  constructor(rates: FaultRates, random: Random, clock: Clock) {
    this.#rates = rates;
    this.#random = random;
    this.#clock = clock;
  }

  around(transport: Transport): Transport {
    return {
      request: (request) => this.#request(transport, request),
      watch: (request, handler) => this.#watch(transport, request, handler),
    };
  }

  async #request(transport: Transport, request: ApiRequest): Promise<ApiResponse> {
    if (this.#strikes('lost')) throw new Error('connection lost');
    const unanswered = this.#strikes('unanswered');
    const response = await transport.request(request);
    if (this.#strikes('slow')) await this.#clock.sleep(this.#random.float() * 2000);
    if (unanswered) throw new Error('connection lost');
    return response;
  }

  #watch(transport: Transport, request: ApiRequest, handler: WatchHandler<KubeObject>): Disposable {
    let over = false;
    /** Events in their order: a late one holds up those behind it. */
    let line = Promise.resolve();
    const end = (error?: Error): void => {
      if (over) return;
      over = true;
      watch.dispose();
      handler.ended(error);
    };
    const watch = transport.watch(request, {
      event: (type, object) => {
        const late = this.#strikes('lateEvent') ? this.#random.float() * 2000 : 0;
        const dropped = this.#strikes('droppedWatch');
        line = after(line, async () => {
          if (late > 0) await this.#clock.sleep(late);
          if (over) return;
          if (dropped) end(this.#random.float() < 0.2 ? new ApiError({ code: 410, reason: 'Expired', message: 'too old resource version' }) : new Error('connection lost'));
          else handler.event(type, object);
        });
      },
      ended: (error) => {
        line = after(line, () => end(error));
      },
    });
    return {
      dispose: () => {
        over = true;
        watch.dispose();
      },
    };
  }

  #strikes(fault: keyof FaultRates): boolean {
    return this.active && this.#random.float() < (this.#rates[fault] ?? 0);
  }
}

async function after(earlier: Promise<void>, run: () => void | Promise<void>): Promise<void> {
  await earlier;
  await run();
}
