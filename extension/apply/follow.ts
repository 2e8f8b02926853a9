/** Waits on a cluster's watches until objects are as they should be. Nothing polls. */
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import type { Connection } from '../clusters/connection.ts';
import { until } from '../clusters/until.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { readinessOf } from './ready.ts';

export interface Followed {
  readonly resource: Resource<any>;
  readonly namespace: string;
  readonly name: string;
}

export interface Ending<T extends Followed> {
  readonly followed: T;
  readonly state: 'ready' | 'failed' | 'late' | 'gone';
  /** Why it is not ready; empty where it is. */
  readonly why: string;
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly limit: number;
  /** What is waited for, whenever that changes. */
  waiting(objects: readonly { readonly followed: Followed; readonly says: string }[]): void;
}

/** Resolves when every object is ready or cannot be any more, or the time is over: then with what is known of each. */
export async function followUntilReady<T extends Followed>(connection: Connection, all: readonly T[], options: FollowOptions): Promise<readonly Ending<T>[]> {
  const endings = new Map<T, Ending<T>>();
  const seen = new Set<T>();
  const look = (): boolean => {
    const open = all.flatMap((followed) => {
      const ending = endings.get(followed);
      if (ending !== undefined && ending.state !== 'failed') return [];
      const object: KubeObject | undefined = connection.lister(followed.resource)?.get(followed.namespace, followed.name);
      if (object !== undefined) seen.add(followed);
      // The watch may not have told of a new one yet; one that was there is gone.
      const gone = { state: seen.has(followed) ? ('gone' as const) : ('waiting' as const), says: '' };
      const { state, says } = object === undefined ? gone : readinessOf(followed.resource.kind, object);
      if (state !== 'waiting') endings.set(followed, { followed, state, why: says });
      return state === 'waiting' ? [{ followed, says }] : [];
    });
    if (open.length > 0) options.waiting(open);
    return open.length === 0;
  };
  await Promise.all(all.map(({ resource }) => connection.synced(resource)));
  await until(connection, look, options);
  return all.map((followed) => withReason(connection, endings.get(followed) ?? late(connection, followed)));
}

function late<T extends Followed>(connection: Connection, followed: T): Ending<T> {
  const object: KubeObject | undefined = connection.lister(followed.resource)?.get(followed.namespace, followed.name);
  return object === undefined ? { followed, state: 'gone', why: '' } : { followed, state: 'late', why: readinessOf(followed.resource.kind, object).says };
}

/** The problem finder says more than a count. */
function withReason<T extends Followed>(connection: Connection, ending: Ending<T>): Ending<T> {
  if (ending.state === 'ready') return ending;
  const { resource, namespace, name } = ending.followed;
  const object: KubeObject | undefined = connection.lister(resource)?.get(namespace, name);
  const finding = object && diagnose(resource.kind, object, connection);
  return finding === undefined ? ending : { ...ending, why: `${finding.sentence} ${finding.remedy}` };
}
