/** Which requests a rule means (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-rules). Pure. */
import type { V1RuleWithOperations } from '../../../api/generated/types.ts';

/** What of a request rules look at. */
export interface RuledRequest {
  readonly operation: string;
  readonly group: string;
  readonly version: string;
  /** The plural. */
  readonly resource: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** A namespace itself is not in one. */
  readonly namespaced: boolean;
}

export function matchesRule({ operations = [], apiGroups = [], apiVersions = [], resources = [], scope = '*' }: V1RuleWithOperations, request: RuledRequest): boolean {
  return (
    (scope === '*' || (scope === 'Namespaced') === request.namespaced) &&
    includes(operations, request.operation) &&
    includes(apiGroups, request.group) &&
    includes(apiVersions, request.version) &&
    resources.some((resource) => matchesResource(resource, request))
  );
}

function includes(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value);
}

/** `*` alone means no subresources. */
function matchesResource(text: string, { resource, subresource }: RuledRequest): boolean {
  const [wanted = '', wantedPart = ''] = text.split('/');
  return (wanted === '*' || wanted === resource) && (wantedPart === '*' || wantedPart === subresource);
}
