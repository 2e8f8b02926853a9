/** What of which requests is written down: a Policy of audit.k8s.io/v1 (https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#audit-policy). Pure. */
import { parseYaml } from '../../api/decode/yaml.ts';
import { fieldErrorText, invalid, notSupported, required } from '../../api/field-errors.ts';
import type { FieldError } from '../../api/field-error.ts';
import { checkDnsSubdomain } from '../../api/names.ts';
import { failed, ok, type Result } from '../../api/result.ts';
import { aggregate } from '../../api/text.ts';
import { isObject } from '../../api/values.ts';
import type { Attributes, ResourceAttributes } from '../authorization/authorizer.ts';

export const levels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
export type Level = (typeof levels)[number];
export const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;
export type Stage = (typeof stages)[number];

interface Rule {
  readonly level: Level;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly { readonly group?: string; readonly resources?: readonly string[]; readonly resourceNames?: readonly string[] }[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly omitStages?: readonly Stage[];
  readonly omitManagedFields?: boolean;
}

export interface AuditPolicy {
  readonly rules: readonly Rule[];
  readonly omitStages?: readonly Stage[];
  readonly omitManagedFields?: boolean;
}

/** What is written down of one request. */
export interface Verdict {
  readonly level: Level;
  readonly omitStages: readonly Stage[];
  readonly omitManagedFields: boolean;
}

/** Who asks for a log and brings no policy gets who did what to which object, and no content of any. */
export const metadataOfAll: AuditPolicy = { rules: [{ level: 'Metadata' }], omitStages: ['RequestReceived'] };

/** Reads a policy in YAML or JSON. */
export function readPolicy(text: string): Result<AuditPolicy> {
  const parsed = parseYaml(text);
  if (!parsed.ok) return failed(parsed.error);
  const value: unknown = parsed.value.value;
  if (!isObject(value) || value['apiVersion'] !== 'audit.k8s.io/v1' || value['kind'] !== 'Policy') return failed('it is no Policy of audit.k8s.io/v1');
  const policy = { ...value, rules: Array.isArray(value['rules']) ? value['rules'] : [] } as unknown as AuditPolicy;
  if (policy.rules.length === 0) return failed('loaded illegal policy with 0 rules');
  const problems = [...stageProblems(policy.omitStages ?? [], 'omitStages'), ...policy.rules.flatMap((rule, index) => ruleProblems(rule, `rules[${index}]`))];
  return problems.length === 0 ? ok(policy) : failed(aggregate(problems.map(fieldErrorText)));
}

function ruleProblems({ level, nonResourceURLs = [], resources = [], namespaces = [], omitStages = [] }: Rule, at: string): readonly FieldError[] {
  const problems: FieldError[] = [];
  if (level === undefined) problems.push(required(`${at}.level`));
  else if (!levels.includes(level)) problems.push(notSupported(`${at}.level`, level, levels));
  for (const [index, url] of nonResourceURLs.entries()) {
    if (url !== '*' && !url.startsWith('/')) problems.push(invalid(`${at}.nonResourceURLs[${index}]`, url, "non-resource URL rules must begin with a '/' character"));
    if (url.slice(0, -1).includes('*')) problems.push(invalid(`${at}.nonResourceURLs[${index}]`, url, "non-resource URL wildcards '*' must be the final character of the rule"));
  }
  for (const { group = '', resources: names = [], resourceNames = [] } of resources) {
    const [problem] = group === '' || group === '*' ? [] : checkDnsSubdomain(group);
    if (problem !== undefined) problems.push(invalid(`${at}.resources.group`, group, problem));
    if (resourceNames.length > 0 && names.length === 0) problems.push(invalid(`${at}.resources.resourceNames`, resourceNames, 'using resourceNames requires at least one resource'));
  }
  problems.push(...stageProblems(omitStages, `${at}.omitStages`));
  if (nonResourceURLs.length > 0 && resources.length + namespaces.length > 0) problems.push(invalid(`${at}.nonResourceURLs`, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'));
  return problems;
}

function stageProblems(given: readonly Stage[], at: string): readonly FieldError[] {
  return given.flatMap((stage, index) => (stages.includes(stage) ? [] : [invalid(`${at}[${index}]`, stage, `allowed stages are ${stages.join(',')}`)]));
}

/** The first rule that matches decides; without one nothing is written. */
export function verdictOf(policy: AuditPolicy, attributes: Attributes): Verdict {
  const rule = policy.rules.find((candidate) => matches(candidate, attributes));
  const omitManagedFields = rule?.omitManagedFields ?? policy.omitManagedFields ?? false;
  return { level: rule?.level ?? 'None', omitStages: [...(policy.omitStages ?? []), ...(rule?.omitStages ?? [])], omitManagedFields };
}

function matches({ users = [], userGroups = [], verbs = [], namespaces = [], resources = [], nonResourceURLs = [] }: Rule, attributes: Attributes): boolean {
  const { user, verb } = attributes;
  if (users.length > 0 && !users.includes(user.name)) return false;
  if (userGroups.length > 0 && !user.groups.some((group) => userGroups.includes(group))) return false;
  if (verbs.length > 0 && !verbs.includes(verb)) return false;
  if (namespaces.length > 0 || resources.length > 0) {
    if (attributes.type !== 'resource' || (namespaces.length > 0 && !namespaces.includes(attributes.namespace))) return false;
    return resources.length === 0 || resources.some((named) => isNamed(named, attributes));
  }
  if (nonResourceURLs.length === 0) return true;
  return attributes.type === 'path' && nonResourceURLs.some((url) => url === '*' || url === attributes.path || (url.endsWith('*') && attributes.path.startsWith(url.slice(0, -1))));
}

function isNamed({ group = '', resources = [], resourceNames = [] }: NonNullable<Rule['resources']>[number], attributes: ResourceAttributes): boolean {
  const { resource, subresource, name } = attributes;
  if (group !== '*' && group !== attributes.group) return false;
  if (resources.length === 0) return true;
  if (resourceNames.length > 0 && !resourceNames.includes(name)) return false;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  return resources.some((one) => one === '*' || one === whole || one === `${resource}/*` || (subresource !== '' && one === `*/${subresource}`));
}
