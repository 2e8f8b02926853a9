/** What an apply would do, object by object: a server-side dry run against the live state. No `vscode` here, and nothing is changed. */
import { isDeepStrictEqual } from 'node:util';
import type { V1CustomResourceDefinition } from '../../cluster-host/api/generated/types.ts';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { applyErrorOf, conflictsOf, needsReplacement, type ApplyError, type FieldConflict } from './errors.ts';
import { objectOf, type Manifest } from './manifest.ts';
import { sameFor } from './owned.ts';
import { fieldManager, liveOf, tryManifest, type Target } from './requests.ts';

export interface Planned {
  readonly action: 'create' | 'change' | 'replace' | 'unchanged' | 'delete' | 'refuse';
  readonly live?: KubeObject;
  /** What the object becomes; left out where that was not tried or cannot be. */
  readonly next?: KubeObject;
  /** Pods that are made anew by it. */
  readonly restarts: number;
  /** Fields that others set to something else: without taking them over the apply is refused. */
  readonly conflicts: readonly FieldConflict[];
  /** Why it is refused; also why the live object has to be replaced. */
  readonly error?: ApplyError;
  /** What has to be applied before the server can even try: a Namespace, a definition. */
  readonly after?: string;
}

/** What the rest of a plan brings about: objects that the server does not know yet. */
export interface Coming {
  readonly namespaces: ReadonlySet<string>;
  /** `group/Kind`. */
  readonly kinds: ReadonlySet<string>;
}

export function comingOf(manifests: readonly Manifest[]): Coming {
  const definitions = manifests.filter(({ kind }) => kind === 'CustomResourceDefinition').map((manifest) => objectOf(manifest) as V1CustomResourceDefinition | undefined);
  return {
    namespaces: new Set(manifests.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name)),
    kinds: new Set(definitions.map((definition) => `${definition?.spec?.group ?? ''}/${definition?.spec?.names?.kind ?? ''}`)),
  };
}

/** Never rejects. */
export async function planManifest(target: Target, manifest: Manifest, coming: Coming): Promise<Planned> {
  try {
    const { live, next } = await tryManifest(target, manifest, false);
    return changeOf(manifest, live, next, []);
  } catch (error) {
    return failureOf(target, manifest, applyErrorOf(error), coming);
  }
}

/** Never rejects. */
export async function planDeletion(target: Target, manifest: Manifest): Promise<Planned> {
  try {
    const { live } = await liveOf(target, manifest);
    return live === undefined ? plain('unchanged') : { ...plain('delete'), live };
  } catch (error) {
    return { ...plain('refuse'), error: applyErrorOf(error) };
  }
}

async function failureOf(target: Target, manifest: Manifest, error: ApplyError, coming: Coming): Promise<Planned> {
  const namespace = manifest.namespace ?? target.namespace;
  if (error.reason === 'NotFound' && coming.namespaces.has(namespace)) return { ...plain('create'), after: `namespace/${namespace}` };
  const group = manifest.apiVersion.includes('/') ? manifest.apiVersion.split('/')[0] : '';
  if (error.reason === '' && coming.kinds.has(`${group ?? ''}/${manifest.kind}`)) return { ...plain('create'), after: `customresourcedefinition/${manifest.kind}` };
  const conflicts = conflictsOf(error);
  try {
    if (conflicts.length > 0) {
      const { live, next } = await tryManifest(target, manifest, true);
      return { ...changeOf(manifest, live, next, conflicts), error };
    }
    if (needsReplacement(error)) {
      const { live } = await liveOf(target, manifest);
      const next = objectOf(manifest);
      if (live !== undefined && next !== undefined) return { ...plain('replace'), live, next, restarts: podsOf(live), error };
    }
  } catch (second) {
    return { ...plain('refuse'), error: applyErrorOf(second) };
  }
  return { ...plain('refuse'), error };
}

function changeOf({ kind }: Manifest, live: KubeObject | undefined, next: KubeObject, conflicts: readonly FieldConflict[]): Planned {
  if (live === undefined) return { ...plain('create'), next };
  const action = sameFor(fieldManager, live, next) ? 'unchanged' : 'change';
  return { ...plain(action), live, next, conflicts, restarts: action === 'change' && restartsPods(kind, live, next) ? podsOf(live) : 0 };
}

function plain(action: Planned['action']): Planned {
  return { action, restarts: 0, conflicts: [] };
}

const rollsOut = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** A new pod template rolls out, unless it waits for its pods to be deleted by hand. */
function restartsPods(kind: string, live: KubeObject, next: KubeObject): boolean {
  if (!rollsOut.has(kind) || next['spec']?.updateStrategy?.type === 'OnDelete' || next['spec']?.paused === true) return false;
  return !isDeepStrictEqual(live['spec']?.template, next['spec']?.template);
}

function podsOf({ status, spec }: KubeObject): number {
  const count: unknown = status?.desiredNumberScheduled ?? status?.replicas ?? spec?.replicas;
  return typeof count === 'number' ? count : 0;
}
