/**
 * What a kind needs of the server besides its `KindDefinition`: the few things that depend on more than the object itself.
 * A kind without a row in `strategies.ts` needs nothing.
 */
import type { V1DeleteOptions } from '../../api/generated/types.ts';
import type { FieldError } from '../../api/field-error.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Answer, RequestContext } from '../request.ts';
import type { Registry } from '../registry/registry.ts';
import type { UserInfo } from '../server.ts';

/** Gives back what was taken for a write that failed after all. */
export type Undo = () => void;

/** Who writes, and whether in earnest. */
export interface WriteFacts {
  readonly user: UserInfo;
  readonly dryRun: boolean;
}

export interface ResourceStrategy {
  /** Left out: the store. */
  readonly source?: ObjectSource;
  /** `false`: an update must name the resourceVersion that it replaces. */
  readonly unconditionalUpdate?: false;
  /** An update (PUT) of what does not exist creates it. */
  readonly createOnUpdate?: true;
  /** A deletion answers with the object instead of a Status. */
  readonly returnsDeleted?: true;
  readonly orphansByDefault?: true;
  /** Seconds of grace; `asked` is what the request says. Left out where the kind has no graceful deletion. */
  gracePeriod?(object: KubeObject, asked: number | undefined): number;
  /** Completes a new object after defaults and admission, before validation. Throws `ApiFailure`. */
  beforeCreate?(object: KubeObject, write: WriteFacts): Promise<Undo | undefined>;
  /** The same for an update of the main resource. */
  beforeUpdate?(object: KubeObject, old: KubeObject, write: WriteFacts): Promise<Undo | undefined>;
  /** Completes a new status, before validation. */
  prepareStatus?(object: KubeObject, old: KubeObject): void;
  /** Updates of subresources of the kind's own; of those without a row their handlers see to everything. */
  readonly subresourceUpdates?: Readonly<Record<string, SubresourceUpdate>>;
  /** The update is in the store. */
  updated?(object: KubeObject, old: KubeObject): void;
  /** The object is gone from the store. */
  deleted?(object: KubeObject): void;
  /** Throws `ApiFailure` where the object may not be deleted (now). */
  beforeDelete?(object: KubeObject, options: V1DeleteOptions): void;
  /** Whether something besides `metadata.finalizers` keeps an object that is being deleted. */
  isHeld?(object: KubeObject): boolean;
  /** Changes an object that begins to be deleted, besides its metadata. */
  markDeleted?(object: KubeObject): void;
  /** Answers a create by itself; nothing is stored. */
  readonly answerCreate?: (request: SubresourceRequest) => Promise<Answer>;
  /** Subresources other than `status`, `scale` and streams. */
  readonly subresources?: Readonly<Record<string, SubresourceHandlers>>;
}

/** Objects that are not in the store: another component of the host knows them, and is asked each time. They are read, not written or watched. */
export interface ObjectSource {
  find(namespace: string, name: string): Promise<KubeObject | undefined>;
  /** Those of a namespace, or all. */
  list(namespace: string): Promise<readonly KubeObject[]>;
}

/** The same of a subresource as of a `KindDefinition`. */
export interface SubresourceUpdate {
  prepareForUpdate(object: KubeObject, old: KubeObject): void;
  validateUpdate(object: KubeObject, old: KubeObject): readonly FieldError[];
}

export interface SubresourceRequest {
  readonly context: RequestContext;
  /** Of the parent. */
  readonly registry: Registry;
  readonly namespace: string;
  readonly name: string;
}

/** By verb: `get`, `create`, `update`, `patch`. */
export type SubresourceHandlers = Readonly<Partial<Record<string, (request: SubresourceRequest) => Promise<Answer>>>>;
