/** The controller runtime: informers feed keys into a queue, workers reconcile them, failures come back later. */
import { keyOf, type KubeObject } from '../api/object.ts';
import type { Disposable } from '../platform/platform.ts';
import { ApiError } from './client.ts';
import type { ControllerContext, ControllerDefinition, Reconciler, RunControllers, WatchSource } from './controller.ts';
import type { EventRecorder } from './events.ts';
import type { Informer } from './informer.ts';
import { WorkQueue } from './work-queue.ts';

const defaultWorkers = 4;

/** Throws when two definitions have one name. */
export const runControllers: RunControllers = (definitions, context, handsOf = () => context) => {
  const names = new Set(definitions.map(({ name }) => name));
  if (names.size !== definitions.length) throw new Error('two controllers have the same name');
  const running = definitions.map((definition) => new RunningController(definition, { ...context, ...handsOf(definition) }));
  for (const controller of running) void controller.run();
  return {
    dispose: () => {
      for (const controller of running) controller.dispose();
    },
  };
};

function eventsOf(events: EventRecorder, component: string | undefined): EventRecorder {
  if (component === undefined) return events;
  return { event: (about, type, reason, message, options) => events.event(about, type, reason, message, { component, ...options }) };
}

class RunningController implements Disposable {
  readonly #definition: ControllerDefinition;
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #subscriptions: Disposable[] = [];
  #disposed = false;

  constructor(definition: ControllerDefinition, context: ControllerContext) {
    this.#definition = definition;
    this.#context = { ...context, log: context.log.with({ controller: definition.name }), events: eventsOf(context.events, definition.eventSource) };
    this.#queue = new WorkQueue(context.clock);
  }

  /** Resolves when disposed and the last key under way is done; never rejects. */
  async run(): Promise<void> {
    const sources = this.#definition.watches.map((source) => ({ source, informer: this.#context.informers.informer(source.resource, source.scope) }));
    await Promise.all(sources.map(({ informer }) => informer.synced()));
    if (this.#disposed) return;
    let reconciler: Reconciler;
    try {
      reconciler = this.#definition.start(this.#context, (key, after) => (after === undefined ? this.#queue.add(key) : this.#queue.addAfter(key, after)));
    } catch (error) {
      this.#context.log.error('the controller could not start', { error });
      return;
    }
    for (const { source, informer } of sources) this.#subscriptions.push(this.#feed(source, informer));
    await Promise.all(Array.from({ length: this.#definition.workers ?? defaultWorkers }, () => this.#work(reconciler)));
    reconciler.dispose?.();
  }

  dispose(): void {
    this.#disposed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#queue.dispose();
  }

  #feed(source: WatchSource, informer: Informer<any>): Disposable {
    const keys = source.keys ?? ((object) => [keyOf(object)]);
    const add = (object: KubeObject, old?: KubeObject): void => keys(object, old, this.#context.informers).forEach((key) => this.#queue.add(key));
    return informer.onChange({ added: (object) => add(object), updated: add, deleted: (object) => add(object) });
  }

  async #work(reconciler: Reconciler): Promise<void> {
    for (let key = await this.#queue.take(); key !== undefined; key = await this.#queue.take()) {
      try {
        const result = await reconciler.reconcile(key);
        this.#queue.forget(key);
        if (result?.after !== undefined) this.#queue.addAfter(key, result.after);
      } catch (error) {
        this.#failed(key, error);
      }
      this.#queue.done(key);
    }
  }

  #failed(key: string, error: unknown): void {
    const attempts = this.#queue.failures(key) + 1;
    // Somebody else was faster, or what it is about is gone: nothing is wrong, the next attempt sees their change.
    const ordinary = error instanceof ApiError && (error.reason === 'Conflict' || error.reason === 'AlreadyExists' || (error.reason === 'NotFound' && attempts === 1));
    this.#context.log[ordinary ? 'debug' : 'warn']('reconcile failed', { key, attempts, error });
    this.#queue.addRateLimited(key);
  }
}
