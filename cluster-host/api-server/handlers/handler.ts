/** What every handler of a verb gets. */
import type { KindDefinition } from '../../api/kind.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Store } from '../../storage/store.ts';
import type { Registry, WriteContext } from '../registry/registry.ts';
import type { Answer, RequestContext } from '../request.ts';
import type { WatchSessions } from './watch-session.ts';

export interface HandlerServices {
  readonly platform: Platform;
  readonly store: Store;
  readonly sessions: WatchSessions;
}

/** The resource that the path names. */
export interface ResourceTarget {
  readonly registry: Registry;
  readonly definition: KindDefinition;
  /** Empty for cluster-scoped resources and over all namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

export type Handler = (context: RequestContext, target: ResourceTarget, services: HandlerServices) => Promise<Answer>;

export function writeContextOf(context: RequestContext, dryRun: boolean): WriteContext {
  const { query, headers } = context.request;
  // The client's name as it gives it, otherwise its program's.
  const fieldManager = query.get('fieldManager') ?? (headers['user-agent'] ?? '').split('/')[0] ?? '';
  return { user: context.user, dryRun, fieldManager, warn: (text) => void context.warnings.push(text) };
}
