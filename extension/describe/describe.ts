/** An object as a page to read (Markdown): what is wrong, what it is, and what happened to it. Pure. */
import { stringify } from 'yaml';
import type { CoreV1Event } from '../../cluster-host/api/generated/types.ts';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { timeOf, type Finding } from '../diagnosis/finding.ts';
import { t } from '../l10n.ts';

export interface Description {
  readonly kind: string;
  readonly object: KubeObject;
  readonly finding: Finding | undefined;
  readonly events: readonly CoreV1Event[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export function describeObject({ kind, object, finding, events, now }: Description): string {
  const { name = '', namespace, labels, annotations, ownerReferences, creationTimestamp } = object.metadata ?? {};
  const facts: readonly (readonly [string, string])[] = [
    [t('Namespace'), namespace ?? ''],
    [t('Age'), ageOf(Date.parse(creationTimestamp ?? ''), now)],
    [t('Owner'), (ownerReferences ?? []).map((owner) => `${owner.kind} ${owner.name}`).join(', ')],
    [t('Labels'), pairs(labels)],
    [t('Annotations'), pairs(annotations)],
  ];
  const { apiVersion: _version, kind: _kind, metadata: _metadata, status, ...rest } = object;
  return [
    `# ${kind} ${name}`,
    ...(finding === undefined ? [] : [`> **${finding.sentence}** ${finding.remedy}`]),
    facts.filter(([, value]) => value !== '').map(([label, value]) => `- **${label}:** ${value}`).join('\n'),
    ...section(t('Conditions'), conditionTable(status?.conditions, now)),
    ...section(t('Events'), eventTable(events, now)),
    ...section(t('Status'), yaml(status)),
    ...section(t('Specification'), yaml(kind === 'Secret' ? { type: rest['type'], keys: Object.keys(rest['data'] ?? {}) } : rest)),
  ].join('\n\n');
}

function section(title: string, text: string): readonly string[] {
  return text === '' ? [] : [`## ${title}`, text];
}

function yaml(value: object | undefined): string {
  return value === undefined || Object.keys(value).length === 0 ? '' : `\`\`\`yaml\n${stringify(value, { lineWidth: 0 })}\`\`\``;
}

function pairs(values: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(values ?? {}).map(([key, value]) => `\`${key}=${value.length > 80 ? `${value.slice(0, 80)}…` : value}\``).join(' ');
}

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

function conditionTable(conditions: readonly Condition[] | undefined, now: number): string {
  const rows = (conditions ?? []).map(({ type = '', status = '', reason = '', message = '', lastTransitionTime = '' }) => [type, status, ageOf(Date.parse(lastTransitionTime), now), reason, message]);
  return table([t('Condition'), t('Status'), t('Since'), t('Reason'), t('Message')], rows);
}

function eventTable(events: readonly CoreV1Event[], now: number): string {
  const newestFirst = events.toSorted((a, b) => timeOf(b) - timeOf(a));
  const rows = newestFirst.map((event) => [ageOf(timeOf(event), now), event.type ?? '', event.reason ?? '', (event.count ?? 1) > 1 ? `×${event.count}` : '', event.message ?? '']);
  return table([t('Age'), t('Type'), t('Reason'), '', t('Message')], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return rows.length === 0 ? '' : [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** As kubectl says it, in one unit: `5s`, `3m`, `7h`, `2d`. */
export function ageOf(time: number, now: number): string {
  if (!(time > 0)) return '';
  const seconds = Math.max(0, Math.floor((now - time) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
