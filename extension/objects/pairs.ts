/** Labels and taints as a person types them, and what is wrong with that. Pure. */
import type { V1Taint } from '../../cluster-host/api/generated/types.ts';
import { checkLabelValue, checkQualifiedName } from '../../cluster-host/api/names.ts';
import { t } from '../l10n.ts';

export type Labels = Readonly<Record<string, string>>;

/** `a=b, c=d`. */
export function labelsText(labels: Labels | undefined): string {
  return Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`).join(', ');
}

/** Rejects with a sentence for an input box. */
export function parseLabels(text: string): { readonly labels: Labels } | { readonly problem: string } {
  const labels: Record<string, string> = {};
  for (const part of partsOf(text)) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (key === '') return { problem: t('"{0}" is not key=value.', part) };
    const [problem] = [...checkQualifiedName(key), ...checkLabelValue(value)];
    if (problem !== undefined) return { problem: `${part}: ${problem}` };
    labels[key] = value;
  }
  return { labels };
}

/** A merge patch: what is not there any more becomes null. */
export function labelPatch(before: Labels | undefined, after: Labels): Readonly<Record<string, string | null>> {
  const gone = Object.keys(before ?? {}).filter((key) => !(key in after));
  return { ...Object.fromEntries(gone.map((key) => [key, null])), ...after };
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** `key=value:NoSchedule, other:NoExecute`, as kubectl writes taints. */
export function taintsText(taints: readonly V1Taint[] | undefined): string {
  return (taints ?? []).map(({ key, value, effect }) => `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`).join(', ');
}

export function parseTaints(text: string): { readonly taints: readonly V1Taint[] } | { readonly problem: string } {
  const taints: V1Taint[] = [];
  for (const part of partsOf(text)) {
    const [, key = '', value, effect = ''] = /^([^=:]*)(?:=([^:]*))?:(.*)$/.exec(part) ?? [];
    if (!effects.includes(effect)) return { problem: t('"{0}" is not key=value:effect; an effect is one of {1}.', part, effects.join(', ')) };
    const [problem] = [...checkQualifiedName(key), ...checkLabelValue(value ?? '')];
    if (problem !== undefined) return { problem: `${part}: ${problem}` };
    taints.push({ key, effect, ...(value === undefined || value === '' ? {} : { value }) });
  }
  return { taints };
}

function partsOf(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim()).filter((part) => part !== '');
}
