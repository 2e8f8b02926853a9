/**
 * The one path by which objects of every kind are read and written.
 *
 * Invariants: what is stored is complete, defaulted, admitted and valid; a write either took effect as a whole or not at
 * all; an update never overwrites a state that its author has not seen, unless it named none.
 */
import type { FieldManagement } from '../../api/apply/management.ts';
import { unlessOnlyTimesChanged } from '../../api/apply/update.ts';
import type { V1DeleteOptions, V1Preconditions } from '../../api/generated/types.ts';
import type { FieldError } from '../../api/field-error.ts';
import type { KindDefinition } from '../../api/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import { objectModified } from '../../api/status.ts';
import type { Platform } from '../../platform/platform.ts';
import type { CommitResult, Operation, Revision, Store } from '../../storage/store.ts';
import type { Admission, AdmissionOperation, AdmissionRequest } from '../admission/admission.ts';
import { alreadyExists, conflict, generateNameConflict, hasReason, invalid, notFound, type ApiFailure } from '../failure.ts';
import type { ResourceStrategy, Undo, WriteFacts } from '../resources/strategy.ts';
import { copy } from '../../api/values.ts';
import { FieldOwners, type Faces } from './field-management.ts';
import { dedupeOwnerReferences } from './owner-references.ts';
import { isReleased, markForDeletion } from './deletion.ts';
import type { Conversion } from './conversions.ts';
import { storeKeyOf, type StoredResource } from './keys.ts';
import { carryOverMetadata, fillNewMetadata, generatedName, metadataOf } from './metadata.ts';
import { ObjectVersion, type ObjectDecoder } from './object-version.ts';
import { ConvertedView, type ObjectView } from './object-view.ts';
import { ResourceReader, type ObjectReader } from './reader.ts';
import { SourceReader } from './source-reader.ts';

/** Who writes, and how. */
export interface WriteContext extends WriteFacts {
  /** Who the fields that change will belong to; empty where the client did not say. */
  readonly fieldManager: string;
  /** A text for a `Warning:` header. */
  warn(text: string): void;
  /** An annotation of the request in the audit log. */
  annotate?(key: string, value: string): void;
}

export interface UpdatePlan {
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Makes the new state out of a copy of the live one; may be called again when another write came between. */
  next(current: KubeObject): KubeObject | Promise<KubeObject>;
  /** Makes a new object where there is none yet; left out: 404. */
  create?(): Promise<KubeObject>;
  /** `next` and `create` keep `managedFields` themselves. */
  readonly tracked?: true;
}

export interface RegistryServices {
  readonly store: Store;
  readonly decoder: ObjectDecoder;
  readonly platform: Platform;
  readonly admission: Admission;
}

export interface DeleteResult {
  /** The last state of what was deleted, or the state it waits in. */
  readonly version: ObjectVersion;
  readonly deleted: boolean;
}

/** Kubernetes' own number of tries for a generated name. */
const generateAttempts = 8;
/** A write that named no revision is tried again against the newest state so many times. */
const updateAttempts = 32;

export class Registry {
  readonly definition: KindDefinition;
  readonly strategy: ResourceStrategy;
  readonly reader: ObjectReader;
  /** Left out where objects are stored as this row has them. */
  readonly conversion: Conversion | undefined;
  readonly #services: RegistryServices;
  readonly #owners: FieldOwners;
  readonly #view: ObjectView;
  readonly #stored: StoredResource;

  constructor(definition: KindDefinition, strategy: ResourceStrategy, services: RegistryServices, conversion: Conversion | undefined, faces: Faces) {
    this.definition = definition;
    this.strategy = strategy;
    this.conversion = conversion;
    this.#owners = new FieldOwners(definition, faces);
    this.#services = services;
    this.#view = conversion === undefined ? services.decoder : new ConvertedView(services.decoder, definition, conversion);
    this.#stored = conversion?.stored ?? definition;
    this.reader = strategy.source === undefined ? new ResourceReader(services.store, this.#view, this.#stored) : new SourceReader(strategy.source);
  }

  find(namespace: string, name: string): Promise<ObjectVersion | undefined> {
    return this.reader.find(namespace, name);
  }

  /** What a write of these objects now means for the owners of their fields; `subresource` is empty for the object itself. */
  managementOf(subresource: string): FieldManagement {
    return this.#owners.managementOf(subresource, this.#services.platform.clock.now());
  }

  /** Where each version of these objects keeps its replicas, by apiVersion. */
  replicasPaths(): ReadonlyMap<string, string | undefined> {
    return this.#owners.replicasPaths();
  }

  /** Every object, or those of a namespace. */
  all(namespace: string): Promise<readonly ObjectVersion[]> {
    return this.reader.all(namespace);
  }

  async get(namespace: string, name: string): Promise<ObjectVersion> {
    const version = await this.find(namespace, name);
    if (version === undefined) throw notFound(this.definition, name);
    return version;
  }

  /** `object` becomes the registry's: decoded and defaulted, not shared. */
  async create(namespace: string, object: KubeObject, context: WriteContext): Promise<ObjectVersion> {
    const base = metadataOf(object).generateName;
    const generated = (metadataOf(object).name ?? '') === '' && base !== undefined && base !== '';
    if (!generated) return this.#createOnce(namespace, object, context, false);
    for (let attempt = 1; ; attempt++) {
      const candidate = copy(object);
      metadataOf(candidate).name = generatedName(base, this.#services.platform.random);
      try {
        return await this.#createOnce(namespace, candidate, context, false);
      } catch (error) {
        if (!hasReason(error, 'AlreadyExists')) throw error;
        if (attempt === generateAttempts) throw generateNameConflict(this.definition, metadataOf(candidate).name ?? '', 1);
      }
    }
  }

  async #createOnce(namespace: string, object: KubeObject, context: WriteContext, tracked: boolean): Promise<ObjectVersion> {
    const { clock, random } = this.#services.platform;
    fillNewMetadata(object, this.definition.namespaced ? namespace : '', clock.now(), random);
    if (!tracked) this.#owners.track(object, undefined, context.fieldManager, '', clock.now());
    await this.#admit('mutate', 'CREATE', '', object, undefined, context);
    dedupeOwnerReferences(object, 'after mutating admission happens', (text) => context.warn(text));
    this.definition.prepareForCreate(object);
    const undo = await this.strategy.beforeCreate?.(object, context);
    try {
      this.#refuse(object, this.definition.validate(object, { now: clock.now() }));
      await this.#admit('validate', 'CREATE', '', object, undefined, context);
      for (const text of this.definition.warnings(object, undefined)) context.warn(text);
      return await this.#insert(namespace, object, context);
    } catch (error) {
      undo?.();
      throw error;
    } finally {
      if (context.dryRun) undo?.();
    }
  }

  async #insert(namespace: string, object: KubeObject, { dryRun }: WriteContext): Promise<ObjectVersion> {
    const name = metadataOf(object).name ?? '';
    const key = storeKeyOf(this.#stored, namespace, name);
    if (dryRun) {
      if ((await this.#services.store.get(key)) !== undefined) throw alreadyExists(this.definition, name);
      return new ObjectVersion(object, 0);
    }
    const version = await this.#put(key, object, 0);
    if (version === undefined) throw alreadyExists(this.definition, name);
    return version;
  }

  /** Brings an object from its live state to the next, in one step that no other write can come between. */
  async update(namespace: string, name: string, plan: UpdatePlan, context: WriteContext): Promise<{ readonly version: ObjectVersion; readonly created: boolean }> {
    for (let attempt = 1; ; attempt++) {
      const current = await this.find(namespace, name);
      if (current === undefined) {
        const created = await plan.create?.();
        if (created === undefined) throw notFound(this.definition, name);
        return { version: await this.#createOnce(namespace, created, context, plan.tracked === true), created: true };
      }
      const next = await plan.next(copy(current.object));
      const named = metadataOf(next).resourceVersion ?? '';
      this.#checkSameObject(next, current);
      const version = await this.#updateOnce(namespace, name, current, next, plan, context);
      if (version !== undefined) return { version, created: false };
      // Somebody else was first: an author who named a state has to look again, for others the server does.
      if ((named !== '' && named !== String(current.revision)) || attempt === updateAttempts) throw this.#modified(name);
    }
  }

  #modified(name: string): ApiFailure {
    return conflict(this.definition, name, objectModified);
  }

  #checkSameObject(next: KubeObject, current: ObjectVersion): void {
    const { uid = '', resourceVersion = '' } = metadataOf(next);
    const { uid: liveUid = '', name = '' } = metadataOf(current.object);
    if (uid !== '' && uid !== liveUid) {
      throw conflict(this.definition, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${liveUid}`);
    }
    if (resourceVersion !== '' && resourceVersion !== '0' && resourceVersion !== String(current.revision)) throw this.#modified(name);
    if ((resourceVersion === '' || resourceVersion === '0') && this.strategy.unconditionalUpdate === false) {
      this.#refuse(next, [{ type: 'FieldValueInvalid', field: 'metadata.resourceVersion', message: 'Invalid value: 0: must be specified for an update' }]);
    }
  }

  /** Undefined when another write came between. */
  async #updateOnce(namespace: string, name: string, current: ObjectVersion, object: KubeObject, { subresource, tracked }: UpdatePlan, context: WriteContext): Promise<ObjectVersion | undefined> {
    const old = current.object;
    carryOverMetadata(object, old);
    // Whoever named no state means the live one.
    metadataOf(object).resourceVersion = String(current.revision);
    if (tracked !== true) this.#owners.track(object, old, context.fieldManager, subresource, this.#services.platform.clock.now());
    await this.#admit('mutate', 'UPDATE', subresource, object, old, context);
    dedupeOwnerReferences(object, 'after mutating admission happens', (text) => context.warn(text));
    const undo = await this.#prepareUpdate(object, old, subresource, context);
    try {
      this.#refuse(object, this.#updateErrors(object, old, subresource));
      await this.#admit('validate', 'UPDATE', subresource, object, old, context);
      for (const text of this.definition.warnings(object, old)) context.warn(text);
      const version = await this.#replace(storeKeyOf(this.#stored, namespace, name), object, current, context);
      if (version === undefined || context.dryRun) undo?.();
      else if (subresource === '') this.strategy.updated?.(version.object, old);
      return version;
    } catch (error) {
      undo?.();
      throw error;
    }
  }

  async #prepareUpdate(object: KubeObject, old: KubeObject, subresource: string, context: WriteContext): Promise<Undo | undefined> {
    if (subresource === 'status') {
      this.definition.status?.prepareForUpdate(object, old);
      this.strategy.prepareStatus?.(object, old);
      return undefined;
    }
    this.strategy.subresourceUpdates?.[subresource]?.prepareForUpdate(object, old);
    if (subresource !== '' && subresource !== 'scale') return undefined;
    this.definition.prepareForUpdate(object, old);
    return this.strategy.beforeUpdate?.(object, old, context);
  }

  #updateErrors(object: KubeObject, old: KubeObject, subresource: string): readonly FieldError[] {
    const now = this.#services.platform.clock.now();
    if (subresource === 'status') return this.definition.status?.validateUpdate(object, old, { now }) ?? [];
    if (subresource === '' || subresource === 'scale') return this.definition.validateUpdate(object, old, { now });
    return this.strategy.subresourceUpdates?.[subresource]?.validateUpdate(object, old) ?? [];
  }

  async #replace(key: string, object: KubeObject, current: ObjectVersion, { dryRun }: WriteContext): Promise<ObjectVersion | undefined> {
    if (isReleased(object) && !this.#isHeld(object)) return dryRun ? new ObjectVersion(object, current.revision) : this.#remove(key, object, current.revision);
    // What is stored in an older version is written in the one of now, though nothing changed.
    if (unlessOnlyTimesChanged(object, current.object) === current.object && this.#view.isOutdated?.(current) !== true) return current;
    return dryRun ? new ObjectVersion(object, current.revision) : this.#put(key, object, current.revision);
  }

  async delete(namespace: string, name: string, options: V1DeleteOptions, context: WriteContext): Promise<DeleteResult> {
    for (let attempt = 1; attempt <= updateAttempts; attempt++) {
      const current = await this.get(namespace, name);
      this.#checkPreconditions(current, options.preconditions);
      const result = await this.#deleteOnce(namespace, name, current, options, context);
      if (result !== undefined) return result;
    }
    throw this.#modified(name);
  }

  #checkPreconditions(current: ObjectVersion, { uid, resourceVersion }: V1Preconditions = {}): void {
    const { name = '', uid: liveUid = '' } = current.object.metadata ?? {};
    const failed = (what: string, asked: string, live: string): ApiFailure =>
      conflict(this.definition, name, `Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${live}`);
    if (uid !== undefined && uid !== liveUid) throw failed('UID', uid, liveUid);
    if (resourceVersion !== undefined && resourceVersion !== String(current.revision)) throw failed('ResourceVersion', resourceVersion, String(current.revision));
  }

  /** Undefined when another write came between. */
  async #deleteOnce(namespace: string, name: string, current: ObjectVersion, options: V1DeleteOptions, context: WriteContext): Promise<DeleteResult | undefined> {
    await this.#admit('mutate', 'DELETE', '', undefined, current.object, context);
    await this.#admit('validate', 'DELETE', '', undefined, current.object, context);
    this.strategy.beforeDelete?.(current.object, options);
    const marked = copy(current.object);
    const rules = {
      grace: this.strategy.gracePeriod?.(current.object, options.gracePeriodSeconds),
      orphanByDefault: this.strategy.orphansByDefault === true,
      held: this.#isHeld(current.object),
    };
    const step = markForDeletion(marked, options, rules, this.#services.platform.clock.now());
    this.strategy.markDeleted?.(marked);
    if (step === 'alreadyDeleting') return { version: current, deleted: false };
    if (context.dryRun) return { version: new ObjectVersion(marked, current.revision), deleted: step !== 'wait' };
    const key = storeKeyOf(this.#stored, namespace, name);
    let latest: ObjectVersion | undefined = current;
    if (step !== 'delete') latest = await this.#replace(key, marked, current, context);
    if (latest === undefined) return undefined;
    if (step === 'wait') return { version: latest, deleted: false };
    const removed = await this.#remove(key, latest.object, latest.revision);
    if (removed !== undefined) return { version: removed, deleted: true };
    // Whoever was told of the mark (a pod's kubelet) may have completed the deletion before us.
    const completed = latest !== current && (await this.#services.store.get(key)) === undefined;
    return completed ? { version: latest, deleted: true } : undefined;
  }

  #isHeld(object: KubeObject): boolean {
    return this.strategy.isHeld?.(object) === true;
  }

  async #put(key: string, object: KubeObject, expect: Revision): Promise<ObjectVersion | undefined> {
    const { kind, apiVersion } = this.#typeMeta();
    const { kind: _kind, apiVersion: _apiVersion, metadata: { resourceVersion: _, ...metadata } = {}, ...rest } = object;
    const value = await this.#view.encode({ kind, apiVersion, metadata, ...rest });
    const revision = await this.#commit({ type: 'put', key, value, expect });
    if (revision === undefined) return undefined;
    await this.#view.prepare?.([{ value, modRevision: revision }]);
    return this.#view.version({ value, modRevision: revision });
  }

  async #remove(key: string, object: KubeObject, expect: Revision): Promise<ObjectVersion | undefined> {
    const revision = await this.#commit({ type: 'delete', key, expect });
    if (revision === undefined) return undefined;
    this.strategy.deleted?.(object);
    return new ObjectVersion({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }, revision);
  }

  async #commit(operation: Operation): Promise<Revision | undefined> {
    const result: CommitResult = await this.#services.store.commit([operation]);
    return result.committed ? result.revision : undefined;
  }

  #typeMeta(): { readonly kind: string; readonly apiVersion: string } {
    const { group, version, kind } = this.definition;
    return { kind, apiVersion: group === '' ? version : `${group}/${version}` };
  }

  #refuse(object: KubeObject, errors: readonly FieldError[]): void {
    if (errors.length > 0) throw invalid(this.definition, metadataOf(object).name ?? '', errors);
  }

  #admit(phase: 'mutate' | 'validate', operation: AdmissionOperation, subresource: string, object: KubeObject | undefined, old: KubeObject | undefined, context: WriteContext): Promise<void> {
    const { namespace = '', name = '' } = (object ?? old)?.metadata ?? {};
    return this.#services.admission[phase](this.#admissionRequest(operation, { namespace, name, subresource, object, old }, context));
  }

  /** Asks admission about a connection to a subresource that is a stream; `options` say what is asked of it. Throws `ApiFailure`. */
  admitConnection(namespace: string, name: string, subresource: string, options: KubeObject, context: WriteContext): Promise<void> {
    return this.#admitBoth('CONNECT', { namespace, name, subresource, object: options, old: undefined }, context);
  }

  /** The same about what is sent to a subresource that stores nothing of its own: a token request, an eviction. Admission may change it. */
  admitCreation(namespace: string, name: string, subresource: string, object: KubeObject, context: WriteContext): Promise<void> {
    return this.#admitBoth('CREATE', { namespace, name, subresource, object, old: undefined }, context);
  }

  async #admitBoth(operation: AdmissionOperation, about: Pick<AdmissionRequest, 'namespace' | 'name' | 'subresource' | 'object' | 'old'>, context: WriteContext): Promise<void> {
    const request = this.#admissionRequest(operation, about, context);
    await this.#services.admission.mutate(request);
    await this.#services.admission.validate(request);
  }

  #admissionRequest(operation: AdmissionOperation, about: Pick<AdmissionRequest, 'namespace' | 'name' | 'subresource' | 'object' | 'old'>, context: WriteContext): AdmissionRequest {
    return { operation, definition: this.definition, ...about, user: context.user, dryRun: context.dryRun, warn: (text) => context.warn(text), annotate: (key, value) => context.annotate?.(key, value) };
  }
}
