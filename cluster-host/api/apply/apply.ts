/**
 * Server-side apply and the upkeep of `metadata.managedFields` (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
 *
 * Works over a schema, not over the catalogue: kinds that are defined at run time bring their own.
 */
import type { StructType } from '../catalogue/schema.ts';
import { parseJson } from '../decode/json.ts';
import { plainDocument } from '../decode/parsed.ts';
import { decode, decodeError } from '../decode/typed.ts';
import { wireForm } from '../decode/wire.ts';
import type { V1ManagedFieldsEntry, V1Status } from '../generated/types.ts';
import { apiVersionOf, type GroupVersionKind, type KubeObject } from '../object.ts';
import { applyConflict, badRequest, unclassified } from '../status.ts';
import { canonicalJson, copy, equal, getKey, isObject, type JsonObject } from '../values.ts';
import { difference, isEmpty, paths, pathText, setOf, union, type FieldSet } from './field-set.ts';
import { capUpdaters, managerText, readManagers, withManager, writeManagers, identityOf, type Manager, type Managers } from './managers.ts';
import { compare, fieldsOf } from './typed-walks.ts';
import { settleApply, settleUpdate, type Conflict, type OwnershipContext } from './updater.ts';
import { validateTyped } from './validate.ts';

export interface FieldManagement {
  readonly type: StructType;
  readonly gvk: GroupVersionKind;
  /** `status`, `scale`, …; empty for the object itself. */
  readonly subresource: string;
  /** Fields that this request cannot set, as paths of field names: `['status']` for the object itself. */
  readonly resetFields: readonly (readonly string[])[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Brings an object of this version into another one that is served. Without it there is only this version. */
  readonly convert?: OwnershipContext['convert'];
}

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
const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** The manager of `kubectl apply`, which may take over what its client-side form applied before. */
const kubectl = 'kubectl';

export function applyConfiguration(request: ApplyRequest): ApplyOutcome {
  const { config, type, gvk } = request;
  if (config['apiVersion'] !== apiVersionOf(gvk) || config['kind'] !== gvk.kind) return refused(badRequest(`invalid object type: ${typeText(config)}`));
  if (isObject(config['metadata']) && (config['metadata']['managedFields'] ?? null) !== null) return refused(badRequest('metadata.managedFields must be nil'));
  const problems = validateTyped(config, type);
  if (problems.length > 0) return refused(unclassified(`failed to create typed patch object (${objectText(config, gvk)}): ${problemsText(problems)}`));
  return new Application(request).run();
}

class Application {
  private readonly request: ApplyRequest;
  private readonly context: OwnershipContext;
  private readonly live: unknown;
  private readonly managers: Managers;
  private readonly applier: Omit<Manager, 'fields' | 'time'>;

  constructor(request: ApplyRequest) {
    this.request = request;
    this.context = contextOf(request);
    this.live = wireFormOf(request.live, request);
    this.managers = this.managersBefore();
    this.applier = { name: request.manager, operation: 'Apply', apiVersion: this.context.apiVersion, subresource: request.subresource };
  }

  run(): ApplyOutcome {
    const applied = this.settle(this.request.force);
    if ('conflicts' in applied) return refused(conflictStatus(applied.conflicts));
    const isUnchanged = equal(applied.value, this.live);
    const own = applied.managers.get(identityOf(this.applier));
    const managers = own === undefined || isUnchanged ? applied.managers : withManager(applied.managers, { ...own, time: timeText(this.request.now) });
    const { value, problems } = decode(plainDocument(applied.value), this.request.type);
    const error = decodeError(problems);
    if (error !== undefined) return refused(unclassified(`failed to convert new typed object (${objectText(this.request.config, this.request.gvk)}) to object: ${error}`));
    const object = value as KubeObject;
    this.renewLastApplied(object);
    setManagedFields(object, writeManagers(managers));
    return { ok: true, object };
  }

  /** The managers of the live object. Where nobody was tracked yet, all that is there belongs to one of the past. */
  private managersBefore(): Managers {
    const { live, subresource, now } = this.request;
    const managers = readManagers(live?.metadata?.managedFields) ?? new Map<string, Manager>();
    if (managers.size > 0 || live === undefined) return managers;
    const past = { name: beforeFirstApply, operation: 'Update', apiVersion: this.context.apiVersion, subresource } as const;
    return settleUpdate(emptyObject(this.request), this.live, managers, past, timeText(now), this.context);
  }

  private settle(force: boolean): ReturnType<typeof settleApply> {
    const { config } = this.request;
    const applied = settleApply(this.live, config, this.managers, this.applier, force, this.context);
    if (!('conflicts' in applied) || this.applier.name !== kubectl) return applied;
    const allowed = this.appliedByClient();
    if (allowed === undefined) return applied;
    const conflicts = applied.conflicts.map(({ manager, fields }) => ({ manager, fields: difference(fields, allowed) })).filter(({ fields }) => !isEmpty(fields));
    return conflicts.length > 0 ? { conflicts } : settleApply(this.live, config, this.managers, this.applier, true, this.context);
  }

  /** The fields that client-side apply set and nobody changed since. */
  private appliedByClient(): FieldSet | undefined {
    const text = lastAppliedOf(this.live);
    const parsed = text === undefined ? undefined : parseJson(text);
    if (parsed === undefined || !parsed.ok || !isObject(parsed.value.value)) return undefined;
    const last = parsed.value.value;
    if (last['apiVersion'] !== this.context.apiVersion || validateTyped(last, this.context.type).length > 0) return undefined;
    const { added, modified, removed } = compare(last, this.live, this.context.type);
    return difference(fieldsOf(last, this.context.type), union(union(added, modified), removed));
  }

  /** Keeps the annotation of client-side apply true, so that going back to it works. */
  private renewLastApplied(object: KubeObject): void {
    const annotations = object.metadata?.annotations;
    if (this.applier.name !== kubectl || annotations === undefined || (annotations[lastAppliedAnnotation] ?? '') === '') return;
    const config = copy(this.request.config);
    const sent = isObject(config['metadata']) ? config['metadata']['annotations'] : undefined;
    if (isObject(sent)) delete sent[lastAppliedAnnotation];
    annotations[lastAppliedAnnotation] = `${canonicalJson(config)}\n`;
  }
}

export interface UpdateRequest extends FieldManagement {
  /** The live object; undefined for a creation. It is not changed. */
  readonly live: KubeObject | undefined;
  /** The object to store, with the `managedFields` that the client sent, if any. It is not changed. */
  readonly object: KubeObject;
  readonly manager: string;
}

/** The `managedFields` that an object gets from any write but apply. */
export function managedFieldsAfterUpdate(request: UpdateRequest): V1ManagedFieldsEntry[] | undefined {
  const { live, object, manager, subresource, now } = request;
  const managers = managersOfUpdate(request);
  // An object whose tracking was switched off stays without until somebody applies.
  if (managers.size === 0 && live !== undefined) return undefined;
  const context = contextOf(request);
  const updater = { name: manager === '' ? 'unknown' : manager, operation: 'Update', apiVersion: context.apiVersion, subresource } as const;
  return writeManagers(capUpdaters(settleUpdate(wireFormOf(live, request), wireFormOf(object, request), managers, updater, timeText(now), context)));
}

/** A client may hand in managers of its own, or none to switch tracking off; what makes no sense is ignored. */
function managersOfUpdate({ live, object, subresource }: UpdateRequest): Managers {
  const current = () => readManagers(live?.metadata?.managedFields) ?? new Map<string, Manager>();
  const sent = object.metadata?.managedFields;
  if (subresource !== '' || sent === undefined) return current();
  if (sent.length === 0 || (sent.length === 1 && Object.keys(sent[0] ?? {}).length === 0)) return new Map();
  const managers = readManagers(sent);
  return managers === undefined || managers.size === 0 ? current() : managers;
}

/** The live object where a write changed nothing but the times of its managers, otherwise the new one: such a write is none. */
export function unlessOnlyTimesChanged(object: KubeObject, live: KubeObject): KubeObject {
  const timeless = (one: KubeObject) => ({ ...one, metadata: { ...one.metadata, managedFields: one.metadata?.managedFields?.map((entry) => ({ ...entry, time: undefined })) } });
  return equal(timeless(object), timeless(live)) ? live : object;
}

function contextOf({ type, gvk, resetFields, convert }: FieldManagement): OwnershipContext {
  const ignored = setOf(resetFields.map((path) => path.map((name) => `f:${name}`)));
  return { type, apiVersion: apiVersionOf(gvk), ignored, convert: convert ?? (() => undefined) };
}

const emptyObjects = new WeakMap<StructType, KubeObject>();

/** What an object of the kind is before anybody sets anything, in wire form. It is shared. */
function emptyObject({ type, gvk }: FieldManagement): KubeObject {
  let object = emptyObjects.get(type);
  if (object === undefined) {
    object = wireForm(decode(plainDocument({ apiVersion: apiVersionOf(gvk), kind: gvk.kind }), type).value, type) as KubeObject;
    emptyObjects.set(type, object);
  }
  return object;
}

function wireFormOf(object: KubeObject | undefined, request: FieldManagement): unknown {
  return object === undefined ? emptyObject(request) : wireForm(withoutManagedFields(object), request.type);
}

function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function setManagedFields(object: KubeObject, managedFields: V1ManagedFieldsEntry[] | undefined): void {
  const metadata = (object.metadata ??= {});
  if (managedFields === undefined) delete metadata.managedFields;
  else metadata.managedFields = managedFields;
}

function lastAppliedOf(object: unknown): string | undefined {
  const metadata = isObject(object) ? getKey(object, 'metadata') : undefined;
  const annotations = isObject(metadata) ? getKey(metadata, 'annotations') : undefined;
  const text = isObject(annotations) ? getKey(annotations, lastAppliedAnnotation) : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function conflictStatus(conflicts: readonly Conflict[]): V1Status {
  const all = conflicts.flatMap(({ manager, fields }) => paths(fields).map((path) => ({ manager: managerText(manager), field: pathText(path) })));
  const causes = all.map(({ manager, field }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field }));
  const [first] = all;
  if (all.length === 1 && first !== undefined) return applyConflict(causes, `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.field}`);
  const byManager = Map.groupBy(all, ({ manager }) => manager);
  const lines = [...byManager].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([manager, fields]) => [`conflicts with ${manager}:`, ...fields.map(({ field }) => `- ${field}`)]);
  return applyConflict(causes, `Apply failed with ${all.length} conflicts: ${lines.join('\n')}`);
}

function timeText(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/** `apps/v1, Kind=Deployment`, as Go prints a kind. */
function typeText(object: JsonObject): string {
  const apiVersion = textOf(object['apiVersion']);
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${textOf(object['kind'])}`;
}

function objectText(config: JsonObject, { group, version, kind }: GroupVersionKind): string {
  const metadata = isObject(config['metadata']) ? config['metadata'] : {};
  return `${textOf(metadata['namespace'])}/${textOf(metadata['name'])}; ${group}/${version}, Kind=${kind}`;
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
