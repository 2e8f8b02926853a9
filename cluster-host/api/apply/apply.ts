/**
 * Server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
 *
 * Works over a schema, not over the catalogue: kinds that are defined at run time bring their own.
 */
import { plainDocument } from '../decode/parsed.ts';
import { decode, decodeError } from '../decode/typed.ts';
import { wireForm } from '../decode/wire.ts';
import type { V1Status } from '../generated/types.ts';
import { apiVersionOf, type GroupVersionKind, type KubeObject } from '../object.ts';
import { badRequest, unclassified } from '../status.ts';
import { equal, isObject, type JsonObject } from '../values.ts';
import { conflictStatus } from './conflicts.ts';
import { difference, isEmpty } from './field-set.ts';
import { appliedByClient, renewLastApplied } from './last-applied.ts';
import { contextOf, emptyObject, timeText, withoutManagedFields, type FieldManagement } from './management.ts';
import { identityOf, readManagers, withManager, writeManagers, type Manager, type Managers } from './managers.ts';
import { settleApply, settleUpdate, type Applied, type OwnershipContext } from './updater.ts';
import { validateTyped } from './validate.ts';

export interface ApplyRequest extends FieldManagement {
  /** The live object in the version of the request; undefined when there is none. It is not changed. */
  readonly live: KubeObject | undefined;
  /** The configuration as it was sent; it is not changed. */
  readonly config: JsonObject;
  readonly manager: string;
  readonly force: boolean;
}

/** The object to store, without defaults; or why not. */
export type ApplyOutcome = { readonly ok: true; readonly object: KubeObject } | { readonly ok: false; readonly status: V1Status };

const beforeFirstApply = 'before-first-apply';
/** The manager of `kubectl apply`, which may take over what its client-side form applied before. */
const kubectl = 'kubectl';

export function applyConfiguration(request: ApplyRequest): ApplyOutcome {
  const { config, type, gvk } = request;
  if (config['apiVersion'] !== apiVersionOf(gvk) || config['kind'] !== gvk.kind) return refused(badRequest(`invalid object type: ${typeText(config)}`));
  if (isObject(config['metadata']) && Array.isArray(config['metadata']['managedFields'])) return refused(badRequest('metadata.managedFields must be nil'));
  const problems = validateTyped(config, type);
  if (problems.length > 0) return refused(unclassified(`failed to create typed patch object (${objectText(config, gvk)}): ${problemsText(problems)}`));
  return new Application(request).run();
}

class Application {
  private readonly request: ApplyRequest;
  private readonly context: OwnershipContext;
  /** As it goes over the wire: configurations are laid over what clients see. */
  private readonly live: unknown;
  private readonly managers: Managers;
  private readonly applier: Omit<Manager, 'fields' | 'time'>;

  constructor(request: ApplyRequest) {
    const { live, type, manager, subresource } = request;
    this.request = request;
    this.context = contextOf(request);
    this.live = live === undefined ? emptyObject(request) : wireForm(withoutManagedFields(live), type);
    this.managers = this.managersBefore();
    this.applier = { name: manager, operation: 'Apply', apiVersion: this.context.apiVersion, subresource };
  }

  run(): ApplyOutcome {
    const { type, config, gvk, now } = this.request;
    const applied = this.settle(this.request.force);
    if ('conflicts' in applied) return refused(conflictStatus(applied.conflicts));
    const isUnchanged = equal(applied.value, this.live);
    const own = applied.managers.get(identityOf(this.applier));
    const managers = own === undefined || isUnchanged ? applied.managers : withManager(applied.managers, { ...own, time: timeText(now) });
    const { value, problems } = decode(plainDocument(applied.value), type);
    // Bytes are decoded by themselves, which the message tells.
    const error = decodeError(problems)?.replace(/^illegal base64/, 'error decoding from json: $&');
    if (error !== undefined) return refused(unclassified(`failed to convert new object (${objectText(config, gvk)}) to proper version: unable to convert unstructured object to ${kindText(gvk)}: ${error}`));
    const object = value as KubeObject;
    if (this.applier.name === kubectl) renewLastApplied(object, config);
    const metadata = (object.metadata ??= {});
    const managedFields = writeManagers(managers);
    if (managedFields === undefined) delete metadata.managedFields;
    else metadata.managedFields = managedFields;
    return { ok: true, object };
  }

  /** The managers of the live object. Where nobody was tracked yet, all that is there belongs to one of the past. */
  private managersBefore(): Managers {
    const { live, subresource, now } = this.request;
    const managers = readManagers(live?.metadata?.managedFields) ?? new Map<string, Manager>();
    if (managers.size > 0 || live === undefined) return managers;
    const past = { name: beforeFirstApply, operation: 'Update', apiVersion: this.context.apiVersion, subresource } as const;
    return settleUpdate(emptyObject(this.request), withoutManagedFields(live), managers, past, timeText(now), this.context);
  }

  /** Conflicts about what kubectl's client-side apply set before do not stand against kubectl. */
  private settle(force: boolean): Applied {
    const { config } = this.request;
    const applied = settleApply(this.live, config, this.managers, this.applier, force, this.context);
    if (!('conflicts' in applied) || this.applier.name !== kubectl) return applied;
    const allowed = appliedByClient(this.live, this.context);
    if (allowed === undefined) return applied;
    const conflicts = applied.conflicts.map(({ manager, fields }) => ({ manager, fields: difference(fields, allowed) })).filter(({ fields }) => !isEmpty(fields));
    return conflicts.length > 0 ? { conflicts } : settleApply(this.live, config, this.managers, this.applier, true, this.context);
  }
}

/** `apps/v1, Kind=Deployment`, as Go prints a kind. */
function typeText(object: JsonObject): string {
  const apiVersion = textOf(object['apiVersion']);
  if (apiVersion.split('/').length > 2) return '/, Kind=';
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${textOf(object['kind'])}`;
}

function objectText(config: JsonObject, gvk: GroupVersionKind): string {
  const metadata = isObject(config['metadata']) ? config['metadata'] : {};
  return `${textOf(metadata['namespace'])}/${textOf(metadata['name'])}; ${kindText(gvk)}`;
}

function kindText({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}, Kind=${kind}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function problemsText(problems: readonly string[]): string {
  return problems.length === 1 ? (problems[0] ?? '') : ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n');
}

function refused(status: V1Status): ApplyOutcome {
  return { ok: false, status };
}
