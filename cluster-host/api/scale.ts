/** Replicas of any kind that has them, seen as one `autoscaling/v1` Scale. */
import type { V1LabelSelector } from './generated/types.ts';
import type { ScalePaths } from './kind.ts';
import type { KubeObject } from './object.ts';
import { formatSelector, selectorOf, selectorOfLabels } from './selectors/label-selector.ts';

/** The Scale of an object that keeps its replicas at these paths. */
export function scaleOf(object: KubeObject, paths: ScalePaths): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata ?? {};
  const selector = paths.labelSelector === undefined ? undefined : selectorText(getPath(object, paths.labelSelector));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }), ...(creationTimestamp === undefined ? {} : { creationTimestamp }) },
    spec: { replicas: getPath(object, paths.specReplicas) ?? 0 },
    status: { replicas: getPath(object, paths.statusReplicas) ?? 0, ...(selector === undefined ? {} : { selector }) },
  };
}

/** A selector stands as text, as plain labels (ReplicationController), or as a LabelSelector. */
function selectorText(selector: unknown): string | undefined {
  if (typeof selector === 'string') return selector;
  if (typeof selector !== 'object' || selector === null) return undefined;
  if (!('matchLabels' in selector) && !('matchExpressions' in selector)) return formatSelector(selectorOfLabels(selector as Record<string, string>));
  const read = selectorOf(selector as V1LabelSelector);
  return read.ok ? formatSelector(read.value) : undefined;
}

function stepsOf(path: string): readonly string[] {
  return path.split('.').filter((step) => step !== '');
}

/** What stands at a path of names (`.spec.replicas`). */
export function getPath(object: KubeObject, path: string): unknown {
  return stepsOf(path).reduce<unknown>((value, step) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined), object);
}

export function setPath(object: KubeObject, path: string, value: unknown): void {
  const steps = stepsOf(path);
  let parent: Record<string, any> = object;
  for (const step of steps.slice(0, -1)) parent = parent[step] ??= {};
  parent[steps.at(-1) ?? ''] = value;
}
