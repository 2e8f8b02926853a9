/**
 * The Pod Security Standards: which policy a namespace asks for, and what a pod has against it
 * (https://kubernetes.io/docs/concepts/security/pod-security-admission/). An older version leaves out the checks that came later.
 */
import type { FieldError } from '../field-error.ts';
import { invalid } from '../field-errors.ts';
import { baselineChecks, capabilitiesBaseline, seccompBaseline } from './baseline.ts';
import type { Check, PodLike } from './check.ts';
import { restrictedChecks } from './restricted.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';
export type Mode = 'enforce' | 'audit' | 'warn';

export interface Policy {
  readonly level: Level;
  /** `latest` or `v1.30`. */
  readonly version: string;
}

const levels = ['privileged', 'baseline', 'restricted'] as const satisfies readonly Level[];
const modes = ['enforce', 'audit', 'warn'] as const satisfies readonly Mode[];
const prefix = 'pod-security.kubernetes.io/';
const versionPattern = /^v1\.(0|[1-9][0-9]*)$/;

/** What the labels of a namespace ask for. A level that is none counts as `restricted`, a version that is none as `latest`. */
export function policyOf(labels: Readonly<Record<string, string>> | undefined, mode: Mode): Policy {
  const level = labels?.[prefix + mode];
  const version = labels?.[`${prefix}${mode}-version`] ?? 'latest';
  return { level: level === undefined ? 'privileged' : (levels.find((known) => known === level) ?? 'restricted'), version: versionPattern.test(version) ? version : 'latest' };
}

/** What is wrong with the labels themselves. */
export function policyLabelErrors(labels: Readonly<Record<string, string>> | undefined): readonly FieldError[] {
  return modes.flatMap((mode) => {
    const level = labels?.[prefix + mode];
    const version = labels?.[`${prefix}${mode}-version`];
    const field = (key: string): string => `metadata.labels[${prefix}${key}]`;
    return [
      ...(level === undefined || levels.some((known) => known === level) ? [] : [invalid(field(mode), level, `must be one of ${levels.join(', ')}`)]),
      ...(version === undefined || version === 'latest' || versionPattern.test(version) ? [] : [invalid(field(`${mode}-version`), version, 'must be "latest" or "v1.x"')]),
    ];
  });
}

/** `restricted:latest`, as messages name a policy. */
export function policyText({ level, version }: Policy): string {
  return `${level}:${version}`;
}

/** Whether everything that the first refuses the second refuses too. */
export function isStricterThan(a: Policy, b: Policy): boolean {
  return levels.indexOf(a.level) > levels.indexOf(b.level);
}

/** What the pod has against the policy, in Kubernetes' words; undefined when it complies. `reasons` alone leave out who does it. */
export function violations(pod: PodLike, { level, version }: Policy): { readonly reasons: string; readonly details: string } | undefined {
  const minor = version === 'latest' ? Infinity : Number(versionPattern.exec(version)?.[1]);
  const findings = checksOf(level, minor).flatMap((check) => check.find(pod) ?? []);
  if (findings.length === 0) return undefined;
  return { reasons: findings.map(({ reason }) => reason).join(', '), details: findings.map(({ reason, detail }) => `${reason} (${detail})`).join(', ') };
}

/** Where the restricted policy has a stricter form of a check, the baseline's is left out. */
const overridden: readonly (readonly [Check, number])[] = [[capabilitiesBaseline, 22], [seccompBaseline, 19]];

function checksOf(level: Level, minor: number): readonly Check[] {
  if (level === 'privileged') return [];
  const inForce = ({ since }: Check): boolean => since <= minor;
  if (level === 'baseline') return baselineChecks.filter(inForce);
  const replaced = overridden.filter(([, since]) => since <= minor).map(([check]) => check);
  return [...baselineChecks.filter((check) => !replaced.includes(check)), ...restrictedChecks].filter(inForce);
}
