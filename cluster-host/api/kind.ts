/**
 * What a kind of object is, as one row of data and pure functions: the editor and the API server ask the same row.
 *
 * Invariants: functions never throw on a decoded object, do no I/O, and read no clock; `setDefaults` and `prepare…` change
 * only the object handed to them; `validate…` change nothing and return every error at once, in Kubernetes' order.
 */
import type { StructType } from './catalogue/schema.ts';
import type { PublishedSchemas } from './custom/open-api.ts';
import type { ParsedDocument } from './decode/parsed.ts';
import type { Decoded } from './decode/typed.ts';
import type { FieldError } from './field-error.ts';
import type { KubeObject } from './object.ts';

export interface PrinterColumn {
  /** As in `kubectl get`: `READY`'s definition is `Ready`. */
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description: string;
  /** 0 is always shown, 1 with `-o wide`. */
  readonly priority: number;
}

/** What a cell may depend on besides the object. */
export interface PrintContext {
  /** Milliseconds since the epoch, for ages. */
  readonly now: number;
}

export interface Printer<T extends KubeObject = KubeObject> {
  readonly columns: readonly PrinterColumn[];
  /** One cell a column, in their order. */
  cells(object: T, context: PrintContext): readonly (string | number | boolean | null)[];
}

/** Where the scale subresource reads and writes, as dot paths: `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicas: string;
  readonly statusReplicas: string;
  /** A selector in string or object form; left out where the kind has none. */
  readonly labelSelector?: string;
}

/** Facts about the request that validation of a kind may need. */
export interface ValidationContext {
  /** Milliseconds since the epoch (for example for certificate expiry and schedules). */
  readonly now: number;
}

export interface KindDefinition<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Name of the kind's schema in the catalogue, for example `V1Pod`; empty for a custom resource. */
  readonly model: string;
  /** The schema of a custom resource, which the catalogue does not have. */
  readonly custom?: CustomSchema;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** The verbs that Kubernetes' discovery lists for the resource. */
  readonly verbs: readonly string[];
  /** Subresources by name with what discovery says of each; `status` and `scale` are handled by the generic registry. */
  readonly subresources: Readonly<Record<string, Subresource>>;
  readonly scale?: ScalePaths;
  /** Field selectors that the kind supports besides `metadata.name` and `metadata.namespace`; each yields the text compared with. */
  readonly selectableFields: Readonly<Record<string, (object: T) => string>>;
  /** How names are checked: `dns-subdomain`, `dns-label`, `path-segment`, … ; returns the messages of what is wrong. */
  validateName(name: string, prefix: boolean): readonly string[];
  /** Fills in what the API server defaults for this version of the kind. Idempotent. */
  setDefaults(object: T): void;
  /** Brings a new object into its first form: status emptied, generation 1, … */
  prepareForCreate(object: T): void;
  /** Carries over what an update of the main resource may not change (status), bumps the generation when the spec changed. */
  prepareForUpdate(object: T, old: T): void;
  validate(object: T, context: ValidationContext): readonly FieldError[];
  validateUpdate(object: T, old: T, context: ValidationContext): readonly FieldError[];
  /** Present where the kind has a status subresource. */
  readonly status?: {
    prepareForUpdate(object: T, old: T): void;
    validateUpdate(object: T, old: T, context: ValidationContext): readonly FieldError[];
  };
  /** Texts for `Warning:` headers about a valid object (deprecations, risky values). */
  warnings(object: T, old: T | undefined): readonly string[];
  readonly printer: Printer<T>;
}

export interface Subresource {
  readonly verbs: readonly string[];
  /** Kind of the subresource's body where it is not the parent's, for example `Scale` of `autoscaling/v1`. */
  readonly kind?: string;
  readonly group?: string;
  readonly version?: string;
}

/** What a kind brings with it that is none of Kubernetes' own. */
export interface CustomSchema {
  /** For server-side apply. */
  readonly type: StructType;
  /** A document as an object of the kind, without what the schema does not know. Values are for validation to check. */
  readonly decode: (document: ParsedDocument) => Decoded;
  /** For the OpenAPI documents. */
  readonly published: PublishedSchemas;
}
