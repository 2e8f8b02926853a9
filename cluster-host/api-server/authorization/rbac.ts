/**
 * RBAC: what the roles bound to a user allow. Roles and bindings are read once and again after each change of one; a user's
 * rules are gathered once until then.
 */
import type { RbacV1Subject, V1ClusterRole, V1PolicyRule, V1RoleBinding } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { aggregate } from '../../api/text.ts';
import type { Store } from '../../storage/store.ts';
import type { Registries } from '../registry/registries.ts';
import { StoreSnapshot } from '../registry/snapshot.ts';
import type { UserInfo } from '../server.ts';
import { noOpinion, type Attributes, type Authorizer, type Decision } from './authorizer.ts';
import { allows } from './rules.ts';

const group = 'rbac.authorization.k8s.io';

/** What a user holds: rules with the binding that each comes by, and what is wrong with other bindings. */
export interface Grants {
  readonly rules: readonly Grant[];
  /** `clusterrole.rbac.authorization.k8s.io "x" not found`. */
  readonly problems: readonly string[];
}

export interface Grant {
  readonly rule: V1PolicyRule;
  /** `ClusterRoleBinding "b" of ClusterRole "r" to User "u"`. */
  readonly source: string;
}

interface Snapshot {
  readonly clusterBindings: readonly V1RoleBinding[];
  readonly bindings: ReadonlyMap<string, readonly V1RoleBinding[]>;
  /** `name` of a ClusterRole, `namespace/name` of a Role. */
  readonly roles: ReadonlyMap<string, readonly V1PolicyRule[]>;
  /** By user and namespace; the empty one stands for the whole cluster. */
  readonly grants: Map<string, Grants>;
}

export class RbacAuthorizer implements Authorizer {
  readonly #snapshot: StoreSnapshot<Snapshot>;

  private constructor(snapshot: StoreSnapshot<Snapshot>) {
    this.#snapshot = snapshot;
  }

  static async create(registries: Registries, store: Store): Promise<RbacAuthorizer> {
    return new RbacAuthorizer(new StoreSnapshot(store, `/registry/${group}/`, await store.revision(), () => readSnapshot(registries)));
  }

  dispose(): void {
    this.#snapshot.dispose();
  }

  async authorize(attributes: Attributes): Promise<Decision> {
    const snapshot = await this.#snapshot.current();
    const namespace = attributes.type === 'resource' ? attributes.namespace : '';
    const held = [grantsOf(snapshot, attributes.user, ''), ...(namespace === '' ? [] : [grantsOf(snapshot, attributes.user, namespace)])];
    for (const { rules } of held) {
      const grant = rules.find(({ rule }) => allows(rule, attributes));
      if (grant !== undefined) return { decision: 'allow', reason: `RBAC: allowed by ${grant.source}` };
    }
    const problems = held.flatMap((grants) => grants.problems);
    return problems.length === 0 ? noOpinion : { decision: 'noOpinion', reason: `RBAC: ${aggregate(problems)}` };
  }

  /** What the user holds in the namespace, and everywhere. */
  async grantsOf(user: UserInfo, namespace: string): Promise<Grants> {
    const snapshot = await this.#snapshot.current();
    const everywhere = grantsOf(snapshot, user, '');
    if (namespace === '') return everywhere;
    const here = grantsOf(snapshot, user, namespace);
    return { rules: [...everywhere.rules, ...here.rules], problems: [...everywhere.problems, ...here.problems] };
  }

  /** The rules that a role reference stands for; undefined where there is no such role. */
  async rulesOfRole(kind: string, name: string, namespace: string): Promise<readonly V1PolicyRule[] | undefined> {
    const { roles } = await this.#snapshot.current();
    return roles.get(kind === 'ClusterRole' ? name : `${namespace}/${name}`);
  }
}

async function readSnapshot(registries: Registries): Promise<Snapshot> {
  const read = async (plural: string): Promise<readonly KubeObject[]> => (await registries.need(group, 'v1', plural).all('')).map(({ object }) => object);
  const [clusterBindings, bindings, clusterRoles, roles] = await Promise.all([read('clusterrolebindings'), read('rolebindings'), read('clusterroles'), read('roles')]);
  const rulesByRole = [...clusterRoles, ...roles].map(({ metadata, rules }: V1ClusterRole): [string, readonly V1PolicyRule[]] => [
    metadata?.namespace === undefined ? (metadata?.name ?? '') : `${metadata.namespace}/${metadata.name}`,
    rules ?? [],
  ]);
  return {
    clusterBindings: clusterBindings as unknown as V1RoleBinding[],
    bindings: Map.groupBy(bindings as unknown as V1RoleBinding[], ({ metadata }) => metadata?.namespace ?? ''),
    roles: new Map(rulesByRole),
    grants: new Map(),
  };
}

function grantsOf(snapshot: Snapshot, user: UserInfo, namespace: string): Grants {
  const key = JSON.stringify([namespace, user.name, user.groups]);
  let grants = snapshot.grants.get(key);
  if (grants === undefined) {
    grants = gather(snapshot, user, namespace);
    snapshot.grants.set(key, grants);
  }
  return grants;
}

function gather({ clusterBindings, bindings, roles }: Snapshot, user: UserInfo, namespace: string): Grants {
  const rules: Grant[] = [];
  const problems: string[] = [];
  for (const binding of namespace === '' ? clusterBindings : (bindings.get(namespace) ?? [])) {
    const subject = binding.subjects?.find((candidate) => isSubject(candidate, user, namespace));
    if (subject === undefined) continue;
    const { kind, name } = binding.roleRef;
    const granted = roles.get(kind === 'ClusterRole' ? name : `${namespace}/${name}`);
    if (granted === undefined) problems.push(`${kind.toLowerCase()}.${group} ${JSON.stringify(name)} not found`);
    else for (const rule of granted) rules.push({ rule, source: sourceOf(binding, subject, namespace) });
  }
  return { rules, problems };
}

function sourceOf({ metadata, roleRef }: V1RoleBinding, { kind, name, namespace: own }: RbacV1Subject, namespace: string): string {
  const bound = namespace === '' ? `ClusterRoleBinding ${JSON.stringify(metadata?.name)}` : `RoleBinding ${JSON.stringify(`${metadata?.name}/${namespace}`)}`;
  const subject = kind === 'ServiceAccount' ? `${name}/${(own ?? '') === '' ? namespace : own}` : name;
  return `${bound} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${kind} ${JSON.stringify(subject)}`;
}

function isSubject({ kind, name, namespace }: RbacV1Subject, user: UserInfo, bindingNamespace: string): boolean {
  switch (kind) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${(namespace ?? '') === '' ? bindingNamespace : namespace}:${name}`;
    default:
      return false;
  }
}
