/** What a rule of a role allows (https://kubernetes.io/docs/reference/access-authn-authz/rbac/). Pure. */
import type { V1PolicyRule } from '../../api/generated/types.ts';
import type { Attributes } from './authorizer.ts';

export function allows(rule: V1PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (attributes.type === 'path') return (rule.nonResourceURLs ?? []).some((pattern) => pathMatches(pattern, attributes.path));
  const { group, resource, subresource, name } = attributes;
  if (!has(rule.apiGroups, group) || !resourceMatches(rule.resources ?? [], resource, subresource)) return false;
  const names = rule.resourceNames ?? [];
  return names.length === 0 || names.includes(name);
}

function has(values: readonly string[] | undefined, wanted: string): boolean {
  return values !== undefined && (values.includes('*') || values.includes(wanted));
}

function resourceMatches(resources: readonly string[], resource: string, subresource: string): boolean {
  const wanted = subresource === '' ? resource : `${resource}/${subresource}`;
  return resources.some((one) => one === '*' || one === wanted || (subresource !== '' && one === `*/${subresource}`));
}

function pathMatches(pattern: string, path: string): boolean {
  return pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)));
}

/** Whether `owner` holds everything that `wanted` would give: nobody may hand out more than he has. */
export function covers(owner: readonly V1PolicyRule[], wanted: V1PolicyRule): boolean {
  return uncovered(owner, [wanted]).length === 0;
}

/** What the rules would give and `owner` does not hold: one verb on one resource (of one name) or one path each. */
export function uncovered(owner: readonly V1PolicyRule[], wanted: readonly V1PolicyRule[]): readonly V1PolicyRule[] {
  return wanted.flatMap(singles).filter((one) => !owner.some((rule) => coversSingle(rule, one)));
}

function singles({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: V1PolicyRule): readonly V1PolicyRule[] {
  const names: readonly { resourceNames?: string[] }[] = resourceNames.length === 0 ? [{}] : resourceNames.map((name) => ({ resourceNames: [name] }));
  const ofResources = apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.flatMap((verb) => names.map((name) => ({ verbs: [verb], apiGroups: [group], resources: [resource], ...name })))));
  const ofPaths = nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })));
  return [...ofResources, ...ofPaths];
}

function coversSingle(owner: V1PolicyRule, one: V1PolicyRule): boolean {
  if (!has(owner.verbs, one.verbs[0] ?? '')) return false;
  const url = one.nonResourceURLs?.[0];
  if (url !== undefined) return (owner.nonResourceURLs ?? []).some((pattern) => pathMatches(pattern, url));
  const [resource = '', subresource = ''] = (one.resources?.[0] ?? '').split('/');
  if (!has(owner.apiGroups, one.apiGroups?.[0] ?? '') || !resourceMatches(owner.resources ?? [], resource, subresource)) return false;
  const names = owner.resourceNames ?? [];
  const name = one.resourceNames?.[0];
  return names.length === 0 || (name !== undefined && names.includes(name));
}
