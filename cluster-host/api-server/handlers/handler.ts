/** What every handler of a verb gets. */
import type { KindDefinition } from '../../api/kind.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Store } from '../../storage/store.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import { check } from '../authorization/check.ts';
import { attributesOf } from '../authorization/request-attributes.ts';
import type { Registry, WriteContext } from '../registry/registry.ts';
import type { Answer, ApiRequest, RequestContext } from '../request.ts';
import { longestFieldManager } from './options.ts';
import type { WatchSessions } from './watch-session.ts';

export interface HandlerServices {
  readonly platform: Platform;
  readonly store: Store;
  readonly sessions: WatchSessions;
  readonly authorizer: Authorizer;
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
  return {
    user: context.user,
    dryRun,
    fieldManager: fieldManagerOf(context.request),
    warn: (text) => void context.warnings.push(text),
    annotate: (key, value) => void (context.annotations[key] ??= value),
  };
}

/** Who manages what the request sets: the client's name as it gives it, otherwise its program's. */
export function fieldManagerOf({ query, headers }: ApiRequest): string {
  const named = query.get('fieldManager') ?? '';
  return named === '' ? programOf(headers['user-agent'] ?? '') : named;
}

/** What stands before the version in a user agent, as far as it can be printed and is not too long. */
function programOf(userAgent: string): string {
  const printable = (userAgent.split('/')[0] ?? '').replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '');
  return printable.slice(0, longestFieldManager);
}

/** A write that finds nothing to change and creates it needs the right to create too. Throws 403. */
export function mayCreate(context: RequestContext, { authorizer }: HandlerServices): Promise<void> {
  return check(authorizer, { ...attributesOf(context), verb: 'create' });
}
