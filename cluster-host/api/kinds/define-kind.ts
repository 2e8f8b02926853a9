/**
 * Makes a `KindDefinition` row out of what is particular to a kind: everything that most kinds share is filled in here.
 */
import { kindType } from '../catalogue/catalogue.ts';
import { zeroValue } from '../decode/typed.ts';
import type { KindDefinition, ScalePaths, Subresource, ValidationContext } from '../kind.ts';
import type { NameRule } from '../names.ts';
import { nameIsDnsSubdomain } from '../names.ts';
import type { GroupVersionKind, KubeObject } from '../object.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { validateObjectMeta, validateObjectMetaUpdate, validateStandardFinalizers } from '../validation/object-meta.ts';
import { ageColumn, printerOf, type Column } from './columns.ts';

const standardVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;
const statusVerbs = ['get', 'patch', 'update'] as const;

export interface KindOptions<T extends KubeObject> {
  /** Left out for the core group. */
  readonly group?: string;
  /** `v1` where left out. */
  readonly version?: string;
  readonly kind: string;
  /** `V1` and the kind's name where left out. */
  readonly model?: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  readonly verbs?: readonly string[];
  readonly subresources?: Readonly<Record<string, Subresource>>;
  readonly scale?: ScalePaths;
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
  /** A DNS subdomain where left out. */
  readonly validateName?: NameRule;
  /** Whether objects are only asked about and never kept, and so need no name: reviews. */
  readonly transient?: true;
  /** Whether finalizers without a prefix need not be Kubernetes' own: so for the kinds of API extension. */
  readonly anyFinalizer?: true;
  setDefaults?(object: T): void;
  prepareForCreate?(object: T): void;
  prepareForUpdate?(object: T, old: T): void;
  /** Fields, as `spec` or `metadata.annotations`, whose change makes a new generation; the object then starts with generation 1. */
  readonly generationOf?: readonly string[];
  /** What is checked besides metadata. */
  validate?(object: T, context: ValidationContext): Errors;
  /** What is checked besides metadata; without it, an updated object is checked as a new one is. */
  validateUpdate?(object: T, old: T, context: ValidationContext): Errors;
  /** Present where the kind has a status subresource. */
  readonly status?: StatusOptions<T>;
  /** Whether a new object may come with its status: so a kubelet registers its node. */
  readonly keepsStatusOnCreate?: true;
  warnings?(object: T, old: T | undefined): readonly string[];
  /** Columns between or after `NAME` and `AGE`; just these two where left out. */
  readonly columns?: readonly Column<T>[];
}

/** What of `metadata` belongs to the object's author. */
export const authoredMetadata = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

export interface StatusOptions<T extends KubeObject> {
  /** Fields of `metadata` that a write of the status leaves as they are. */
  readonly keptMetadata?: readonly (typeof authoredMetadata)[number][];
  prepareForUpdate?(object: T, old: T): void;
  validateUpdate?(object: T, old: T, context: ValidationContext): Errors;
}

export function defineKind<T extends KubeObject>(options: KindOptions<T>): KindDefinition {
  const { kind, namespaced, status, validateName = nameIsDnsSubdomain } = options;
  const definition: KindDefinition<T> = {
    group: options.group ?? '',
    version: options.version ?? 'v1',
    kind,
    model: options.model ?? `V1${kind}`,
    plural: options.plural,
    singular: kind.toLowerCase(),
    shortNames: options.shortNames ?? [],
    categories: options.categories ?? [],
    namespaced,
    verbs: options.verbs ?? standardVerbs,
    subresources: subresourcesOf(options),
    ...(options.scale && { scale: options.scale }),
    selectableFields: options.selectableFields ?? {},
    validateName,
    setDefaults: (object) => options.setDefaults?.(object),
    prepareForCreate: (object) => {
      if (status && !options.keepsStatusOnCreate) resetStatus(object, definition);
      if (options.generationOf) metaOf(object).generation = 1;
      options.prepareForCreate?.(object);
    },
    prepareForUpdate: (object, old) => {
      if (status) keep(object, old, 'status');
      options.prepareForUpdate?.(object, old);
      if (options.generationOf) raiseGeneration(object, old, options.generationOf);
    },
    validate: (object, context) => [
      ...(options.transient ? [] : validateObjectMeta(metaOf(object), namespaced, validateName)),
      ...(options.transient || options.anyFinalizer ? [] : validateStandardFinalizers(metaOf(object))),
      ...(options.validate?.(object, context) ?? []),
    ],
    validateUpdate: (object, old, context) => [
      ...validateObjectMetaUpdate(metaOf(object), metaOf(old), namespaced),
      ...(options.anyFinalizer ? [] : validateStandardFinalizers(metaOf(object))),
      ...(options.validateUpdate ? options.validateUpdate(object, old, context) : (options.validate?.(object, context) ?? [])),
    ],
    ...(status && { status: statusOf(status, namespaced) }),
    warnings: (object, old) => options.warnings?.(object, old) ?? [],
    printer: printerOf(options.columns ?? [ageColumn]),
  };
  // A row is asked only about objects of its own kind.
  return definition as unknown as KindDefinition;
}

function subresourcesOf<T extends KubeObject>(options: KindOptions<T>): Readonly<Record<string, Subresource>> {
  return {
    ...(options.scale && { scale: { verbs: statusVerbs, group: 'autoscaling', version: 'v1', kind: 'Scale' } }),
    ...(options.status && { status: { verbs: statusVerbs } }),
    ...options.subresources,
  };
}

function statusOf<T extends KubeObject>(status: StatusOptions<T>, namespaced: boolean): NonNullable<KindDefinition<T>['status']> {
  return {
    prepareForUpdate: (object, old) => {
      if ('spec' in old) keep(object, old, 'spec');
      for (const field of status.keptMetadata ?? []) keep(metaOf(object), metaOf(old), field);
      status.prepareForUpdate?.(object, old);
    },
    validateUpdate: (object, old, context) => [
      ...validateObjectMetaUpdate(metaOf(object), metaOf(old), namespaced),
      ...(status.validateUpdate?.(object, old, context) ?? []),
    ],
  };
}

/** A new object's status has nothing but what is always written. */
function resetStatus(object: KubeObject, { group, version, kind }: GroupVersionKind): void {
  const field = kindType({ group, version, kind })?.fields.get('status');
  if (field === undefined || field.pointer) delete object['status'];
  else object['status'] = zeroValue(field.type);
}

/** The object's metadata, made where it is missing. */
export function metaOf(object: KubeObject): NonNullable<KubeObject['metadata']> {
  return (object.metadata ??= {});
}

/** Puts a top-level field back to what it was. */
export function keep(object: KubeObject, old: KubeObject, field: string): void {
  if (old[field] === undefined) delete object[field];
  else object[field] = structuredClone(old[field]);
}

/** Counts the generation up where one of the fields (`spec`, `spec.x`) changed. */
export function raiseGeneration(object: KubeObject, old: KubeObject, fields: readonly string[]): void {
  const generation = old.metadata?.generation ?? 0;
  const changed = fields.some((field) => !equal(fieldOf(object, field), fieldOf(old, field)));
  metaOf(object).generation = changed ? generation + 1 : generation;
}

function fieldOf(object: KubeObject, field: string): unknown {
  const [first = '', second] = field.split('.');
  return second === undefined ? object[first] : object[first]?.[second];
}
