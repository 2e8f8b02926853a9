/**
 * Contract of control loops (kubernetes.io/docs/concepts/architecture/controller).
 *
 * A controller is level-based: it is told a key, reads what is now, and moves the world towards what is wanted. Retry,
 * back-off and resync belong to the runtime: a `reconcile` that throws is called again later, with the same key, never twice
 * at once. An unknown exception ends one key's attempt, is logged with it, and never stops the host.
 */
import type { KubeObject, Resource } from '../api/object.ts';
import type { Clock, Disposable, Logger, Random } from '../platform/platform.ts';
import type { Client } from './client.ts';
import type { EventRecorder } from './events.ts';
import type { Informers, InformerScope } from './informer.ts';

/** Which keys a change of an object concerns. The listers of other watched resources help to find them. */
export type KeysOf<T> = (object: T, old: T | undefined, informers: Informers) => readonly string[];

/** Asks for a key to be reconciled besides what `watches` yield: at once, or after so many milliseconds. */
export type Enqueue = (key: string, after?: number) => void;

export interface WatchSource<T extends KubeObject = any> {
  readonly resource: Resource<T>;
  readonly scope?: InformerScope;
  /** Default: the object's own key. */
  readonly keys?: KeysOf<T>;
}

export interface ControllerContext {
  readonly client: Client;
  readonly informers: Informers;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** What a `reconcile` may ask for besides being done. */
export interface ReconcileResult {
  /** Call again after so many milliseconds, even if nothing changes. */
  readonly after?: number;
}

export interface ControllerDefinition {
  /** Kubernetes' own name: `deployment`, `replicaset`, `endpointslice`. */
  readonly name: string;
  readonly watches: readonly WatchSource[];
  /** Component under which its events are reported: `deployment-controller`; default: the recorder's own. */
  readonly eventSource?: string;
  /** Service account of kube-system that it acts as; default `NAME-controller`, which must have a role in `api-server/bootstrap`. `null`: the controller manager itself. */
  readonly serviceAccount?: string | null;
  /** How many keys are worked on at once; default 4. */
  readonly workers?: number;
  /** Called once, before any key, with the informers of `watches` synced. */
  start(context: ControllerContext, enqueue: Enqueue): Reconciler;
}

export interface Reconciler extends Partial<Disposable> {
  reconcile(key: string): Promise<ReconcileResult | void>;
}

/** Undefined for the controller manager itself. */
export function serviceAccountOf({ name, serviceAccount }: ControllerDefinition): string | undefined {
  return serviceAccount === null ? undefined : (serviceAccount ?? `${name}-controller`);
}

/** What a controller writes with: its own, while what all read comes from the same informers. */
export type Hands = Pick<ControllerContext, 'client' | 'events'>;

/** A running set of controllers; disposing lets keys under way finish. `handsOf`: default the context's own for all. */
export type RunControllers = (definitions: readonly ControllerDefinition[], context: ControllerContext, handsOf?: (definition: ControllerDefinition) => Hands) => Disposable;
