/** Which resources a patch or a replacement means: by kind, by name and namespace as expressions, by labels and annotations. */
import { matchesLabels } from '../../cluster-host/api/selectors/label-selector.ts';
import { parseSelector } from '../../cluster-host/api/selectors/label-selector-parser.ts';
import { isObject, type JsonObject } from '../../cluster-host/api/values.ts';
import { textOf } from '../syntax/scalars.ts';
import { valueAt } from '../workspace/patterns.ts';
import { gvkOf, type Resource } from './resource.ts';

/** `exact`: names are texts rather than expressions, as in replacements. */
export function isMeant({ object, names, namespaces }: Resource, target: JsonObject, exact: boolean): boolean {
  const gvk = gvkOf(object);
  const fits = (wanted: unknown, candidates: readonly string[]): boolean => wanted === undefined || wanted === '' || candidates.some((candidate) => matches(textOf(wanted), candidate, exact));
  return (
    (['group', 'version', 'kind'] as const).every((part) => fits(target[part], [gvk[part]])) &&
    fits(target['name'], names) &&
    fits(target['namespace'], namespaces) &&
    selects(target['labelSelector'], valueAt(object, ['metadata', 'labels'])) &&
    selects(target['annotationSelector'], valueAt(object, ['metadata', 'annotations']))
  );
}

function matches(wanted: string, candidate: string, exact: boolean): boolean {
  if (exact || wanted === candidate) return wanted === candidate;
  try {
    return new RegExp(`^(?:${wanted})$`).test(candidate);
  } catch {
    // No expression: then it is a name that nobody has.
    return false;
  }
}

function selects(selector: unknown, labels: unknown): boolean {
  if (selector === undefined || selector === '') return true;
  const parsed = parseSelector(textOf(selector));
  return parsed.ok && matchesLabels(parsed.value, isObject(labels) ? (labels as Record<string, string>) : {});
}
