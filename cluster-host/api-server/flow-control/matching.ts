/** Which flow schema takes a request (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#flowschema). Pure. */
import type { FlowcontrolV1Subject, V1FlowSchema, V1NonResourcePolicyRule, V1PolicyRulesWithSubjects, V1ResourcePolicyRule } from '../../api/generated/types.ts';
import type { RequestInfo } from '../request-info.ts';
import type { UserInfo } from '../server.ts';

/** In the order in which they are asked. */
export function inOrder(schemas: readonly V1FlowSchema[]): readonly V1FlowSchema[] {
  const precedence = ({ spec }: V1FlowSchema): number => spec?.matchingPrecedence ?? 1000;
  return schemas.toSorted((a, b) => precedence(a) - precedence(b) || ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
}

export function takes({ spec }: V1FlowSchema, info: RequestInfo, user: UserInfo): boolean {
  return (spec?.rules ?? []).some((rule) => ruleTakes(rule, info, user));
}

/** Who or what the requests of one flow have in common. */
export function flowOf({ spec }: V1FlowSchema, info: RequestInfo, user: UserInfo): string {
  const method = spec?.distinguisherMethod?.type;
  return method === 'ByUser' ? user.name : method === 'ByNamespace' ? info.namespace : '';
}

function ruleTakes({ subjects, resourceRules = [], nonResourceRules = [] }: V1PolicyRulesWithSubjects, info: RequestInfo, user: UserInfo): boolean {
  if (!subjects.some((subject) => isSubject(subject, user))) return false;
  return info.isResource ? resourceRules.some((rule) => resourceTakes(rule, info)) : nonResourceRules.some((rule) => pathTakes(rule, info));
}

function isSubject({ kind, user: named, group, serviceAccount }: FlowcontrolV1Subject, user: UserInfo): boolean {
  switch (kind) {
    case 'User':
      return named?.name === '*' || named?.name === user.name;
    case 'Group':
      return group?.name === '*' || (group !== undefined && user.groups.includes(group.name));
    case 'ServiceAccount': {
      const prefix = `system:serviceaccount:${serviceAccount?.namespace}:`;
      return serviceAccount?.name === '*' ? user.name.startsWith(prefix) : user.name === `${prefix}${serviceAccount?.name}`;
    }
    default:
      return false;
  }
}

function resourceTakes({ verbs, apiGroups, resources, namespaces = [], clusterScope = false }: V1ResourcePolicyRule, { verb, group, resource, subresource, namespace }: RequestInfo): boolean {
  const wanted = subresource === '' ? resource : `${resource}/${subresource}`;
  return has(verbs, verb) && has(resources, wanted) && has(apiGroups, group) && (namespace === '' ? clusterScope : has(namespaces, namespace));
}

function pathTakes({ verbs, nonResourceURLs }: V1NonResourcePolicyRule, { verb, path }: RequestInfo): boolean {
  return has(verbs, verb) && nonResourceURLs.some((url) => url === '*' || url === path || path.startsWith(url.replace(/\*$/, '').replace(/\/?$/, '/')));
}

function has(values: readonly string[], wanted: string): boolean {
  return values.includes(wanted) || (values.length === 1 && values[0] === '*');
}
