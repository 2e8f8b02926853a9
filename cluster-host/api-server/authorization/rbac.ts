/**
 * RBAC: what the roles bound to a user allow. Roles and bindings are read once and again after each change of one; a user's
 * rules are gathered once until then.
 */
import type { RbacV1Subject, V1ClusterRole, V1PolicyRule, V1RoleBinding } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Disposable } from '../../platform/platform.ts';
import type { Store } from '../../storage/store.ts';
import type { Registries } from '../registry/registries.ts';
import type { UserInfo } from '../server.ts';
import { noOpinion, type Attributes, type Authorizer, type Decision } from './authorizer.ts';
import { allows } from './rules.ts';

const group = 'rbac.authorization.k8s.io';

/** Rules of one user: everywhere, and by namespace. */
export interface UserRules {
  readonly cluster: readonly V1PolicyRule[];
  inNamespace(namespace: string): readonly V1PolicyRule[];
}

interface Snapshot {
  readonly clusterBindings: readonly V1RoleBinding[];
  readonly bindings: ReadonlyMap<string, readonly V1RoleBinding[]>;
  /** `name` of a ClusterRole, `namespace/name` of a Role. */
  readonly roles: ReadonlyMap<string, readonly V1PolicyRule[]>;
  readonly users: Map<string, UserRules>;
}

export class RbacAuthorizer implements Authorizer {
  readonly #registries: Registries;
  readonly #watch: Disposable;
  #snapshot: Promise<Snapshot> | undefined;

  private constructor(registries: Registries, store: Store, revision: number) {
    this.#registries = registries;
    this.#watch = store.watch(`/registry/${group}/`, revision, { changes: () => (this.#snapshot = undefined), ended: () => undefined });
  }

  static async create(registries: Registries, store: Store): Promise<RbacAuthorizer> {
    return new RbacAuthorizer(registries, store, await store.revision());
  }

  dispose(): void {
    this.#watch.dispose();
  }

  async authorize(attributes: Attributes): Promise<Decision> {
    const found = await this.rulesOf(attributes.user);
    const allowed = (rules: readonly V1PolicyRule[]): boolean => rules.some((rule) => allows(rule, attributes));
    if (allowed(found.cluster)) return { decision: 'allow', reason: '' };
    const namespace = attributes.type === 'resource' ? attributes.namespace : '';
    return namespace !== '' && allowed(found.inNamespace(namespace)) ? { decision: 'allow', reason: '' } : noOpinion;
  }

  async rulesOf(user: UserInfo): Promise<UserRules> {
    const snapshot = await (this.#snapshot ??= this.#read());
    const key = JSON.stringify([user.name, user.groups]);
    let rules = snapshot.users.get(key);
    if (rules === undefined) {
      rules = gatherRules(snapshot, user);
      snapshot.users.set(key, rules);
    }
    return rules;
  }

  /** The rules that a role reference stands for; undefined where there is no such role. */
  async rulesOfRole(kind: string, name: string, namespace: string): Promise<readonly V1PolicyRule[] | undefined> {
    const { roles } = await (this.#snapshot ??= this.#read());
    return roles.get(kind === 'ClusterRole' ? name : `${namespace}/${name}`);
  }

  async #read(): Promise<Snapshot> {
    const read = async (plural: string): Promise<readonly KubeObject[]> => (await this.#registries.need(group, 'v1', plural).all('')).map(({ object }) => object);
    const [clusterBindings, bindings, clusterRoles, roles] = await Promise.all([read('clusterrolebindings'), read('rolebindings'), read('clusterroles'), read('roles')]);
    const rulesByRole = [...clusterRoles, ...roles].map(({ metadata, rules }: V1ClusterRole): [string, readonly V1PolicyRule[]] => [
      metadata?.namespace === undefined ? (metadata?.name ?? '') : `${metadata.namespace}/${metadata.name}`,
      rules ?? [],
    ]);
    return {
      clusterBindings: clusterBindings as unknown as V1RoleBinding[],
      bindings: Map.groupBy(bindings as unknown as V1RoleBinding[], ({ metadata }) => metadata?.namespace ?? ''),
      roles: new Map(rulesByRole),
      users: new Map(),
    };
  }
}

function gatherRules({ clusterBindings, bindings, roles }: Snapshot, user: UserInfo): UserRules {
  const rulesOf = (bound: readonly V1RoleBinding[], namespace: string): readonly V1PolicyRule[] =>
    bound
      .filter(({ subjects = [] }) => subjects.some((subject) => isSubject(subject, user, namespace)))
      .flatMap(({ roleRef }) => roles.get(roleRef.kind === 'ClusterRole' ? roleRef.name : `${namespace}/${roleRef.name}`) ?? []);
  const byNamespace = new Map<string, readonly V1PolicyRule[]>();
  return {
    cluster: rulesOf(clusterBindings, ''),
    inNamespace(namespace) {
      let rules = byNamespace.get(namespace);
      if (rules === undefined) {
        rules = rulesOf(bindings.get(namespace) ?? [], namespace);
        byNamespace.set(namespace, rules);
      }
      return rules;
    },
  };
}

function isSubject({ kind, name, namespace }: RbacV1Subject, user: UserInfo, bindingNamespace: string): boolean {
  switch (kind) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${namespace ?? bindingNamespace}:${name}`;
    default:
      return false;
  }
}
