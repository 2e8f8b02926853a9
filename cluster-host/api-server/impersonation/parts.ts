/** Leave for the groups and the extra values of somebody to act as. */
import { checkDnsSubdomain } from '../../api/names.ts';
import { quote } from '../../api/text.ts';
import type { Attributes, Authorizer } from '../authorization/authorizer.ts';
import { check, refused } from '../authorization/check.ts';
import type { UserInfo } from '../server.ts';

/** Who asks, and how. */
export interface Asking {
  readonly authorizer: Authorizer;
  readonly requester: UserInfo;
  /** `impersonate`, or `impersonate:MODE`. */
  readonly verb: string;
  readonly constrained: boolean;
}

type ResourceAttributes = Attributes & { readonly type: 'resource' };

/** So many at once are first asked about as one. */
const many = 4;

export async function authorizeGroups(asking: Asking, groups: readonly string[]): Promise<void> {
  if (groups.length === 0) return;
  const attributes = attributesOf(asking, asking.constrained ? 'authentication.k8s.io' : '', 'groups');
  if (asking.constrained) {
    if (groups.includes('')) throw refused(attributes, 'impersonating the empty string group is not allowed');
    if (groups.includes('system:masters')) throw refused({ ...attributes, name: 'system:masters' }, 'impersonating the system:masters group is not allowed');
    if (groups.length >= many && (await mayAll(asking, attributes))) return;
  }
  for (const name of groups) await check(asking.authorizer, { ...attributes, name });
}

export async function authorizeExtra(asking: Asking, extra: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const entries = Object.entries(extra);
  if (entries.length === 0) return;
  const attributes = attributesOf(asking, 'authentication.k8s.io', 'userextras');
  if (asking.constrained) {
    const problem = entries.map(([key, values]) => extraProblem(key, values)).find((text) => text !== undefined);
    if (problem !== undefined) throw refused(attributes, problem);
    const isLarge = entries.length >= many || entries.flatMap(([, values]) => values).length >= many;
    if (isLarge && (await mayAll(asking, { ...attributes, subresource: '*' }))) return;
  }
  for (const [subresource, values] of entries) for (const name of values) await check(asking.authorizer, { ...attributes, subresource, name });
}

async function mayAll({ authorizer }: Asking, attributes: ResourceAttributes): Promise<boolean> {
  return (await authorizer.authorize({ ...attributes, name: '*' })).decision === 'allow';
}

function attributesOf({ requester, verb }: Asking, group: string, resource: string): ResourceAttributes {
  return { type: 'resource', user: requester, verb, group, version: 'v1', resource, subresource: '', namespace: '', name: '' };
}

function extraProblem(key: string, values: readonly string[]): string | undefined {
  if (key === '') return 'impersonating the empty string key in extra is not allowed';
  const invalid = keyProblem(key);
  if (invalid !== undefined) return `impersonating an invalid key in extra is not allowed: extra.key: Invalid value: ${quote(key)}: ${invalid}`;
  if (key !== key.toLowerCase()) return `impersonating a non-lowercase key in extra is not allowed: ${quote(key)}`;
  if (values.length === 0) return 'impersonating empty values in extra is not allowed';
  return values.includes('') ? 'impersonating the empty string value in extra is not allowed' : undefined;
}

/** What is no path below a domain: `example.com/team`. */
function keyProblem(key: string): string | undefined {
  const at = key.indexOf('/');
  const [host, path] = at < 0 ? [key, ''] : [key.slice(0, at), key.slice(at + 1)];
  if (at < 0 || host === '' || path === '') return 'must be a domain-prefixed path (such as "acme.io/foo")';
  const [problem] = checkDnsSubdomain(host);
  if (problem !== undefined) return problem;
  return /^(?:[A-Za-z0-9/\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})+$/.test(path) ? undefined : 'Invalid path';
}
