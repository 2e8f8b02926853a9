/** Which policies and bindings a request concerns, with which parameters. What validating and mutating policies have in common. */
import type { V1MatchResources, V1MutatingAdmissionPolicy, V1MutatingAdmissionPolicyBinding, V1ParamKind, V1ParamRef, V1ValidatingAdmissionPolicy, V1ValidatingAdmissionPolicyBinding } from '../../../api/generated/types.ts';
import type { KindDefinition } from '../../../api/kind.ts';
import { parseApiVersion, type KubeObject } from '../../../api/object.ts';
import { failed, ok, type Result } from '../../../api/result.ts';
import { matchesLabels, validSelectorOf, type Labels } from '../../../api/selectors/label-selector.ts';
import type { Registries } from '../../registry/registries.ts';
import type { WatchedObjects } from '../../registry/watched-objects.ts';
import type { AdmissionRequest } from '../admission.ts';
import { outsideView } from '../outside-view.ts';
import { isExempt, selectedKind } from '../webhooks/selection.ts';

export type Policy = V1ValidatingAdmissionPolicy | V1MutatingAdmissionPolicy;
export type Binding = V1ValidatingAdmissionPolicyBinding | V1MutatingAdmissionPolicyBinding;

export interface BoundPolicy<P extends Policy, B extends Binding> {
  readonly policy: P;
  readonly binding: B;
  /** The kind in which expressions see the objects. */
  readonly shown: KindDefinition;
  /** One evaluation for each; undefined is none. The error is why there are none. */
  readonly params: Result<readonly (KubeObject | undefined)[]>;
}

export interface PolicySources {
  readonly registries: () => Registries;
  readonly watched: WatchedObjects;
}

const group = 'admissionregistration.k8s.io';

export class BoundPolicies<P extends Policy, B extends Binding> {
  readonly #sources: PolicySources;
  readonly #policies: string;

  constructor(sources: PolicySources, policies: 'validatingadmissionpolicies' | 'mutatingadmissionpolicies') {
    this.#sources = sources;
    this.#policies = policies;
  }

  /** Most clusters have none: then nothing else is looked at. */
  async exist(): Promise<boolean> {
    return (await this.#sources.watched.all(group, 'v1', this.#policies)).length > 0;
  }

  async concerning(asked: AdmissionRequest, namespaceLabels: Labels | undefined): Promise<readonly BoundPolicy<P, B>[]> {
    const request = outsideView(asked)?.request ?? asked;
    const policies = (await this.#sources.watched.all(group, 'v1', this.#policies)) as readonly P[];
    if (policies.length === 0 || isExempt(request.definition)) return [];
    const bindings = (await this.#sources.watched.all(group, 'v1', this.#policies.replace('policies', 'policybindings'))) as readonly B[];
    const facts = { equivalents: this.#sources.registries().equivalents(request.definition), namespaceLabels };
    const found: BoundPolicy<P, B>[] = [];
    for (const policy of policies) {
      const own = bindings.filter(({ spec }) => spec?.policyName === policy.metadata?.name);
      const shown = own.length === 0 ? undefined : selectedBy(policy.spec?.matchConstraints, request, facts);
      if (shown === undefined) continue;
      for (const binding of own) {
        const { matchResources, paramRef } = binding.spec ?? {};
        if (matchResources !== undefined && selectedBy(matchResources, request, facts) === undefined) continue;
        found.push({ policy, binding, shown, params: await this.#params(policy.spec?.paramKind, paramRef, request) });
      }
    }
    return found;
  }

  async #params(kind: V1ParamKind | undefined, reference: V1ParamRef | undefined, request: AdmissionRequest): Promise<Result<readonly (KubeObject | undefined)[]>> {
    if (kind === undefined || reference === undefined) return ok([undefined]);
    const definition = this.#definitionOf(kind);
    if (definition === undefined) return failed(`paramKind kind \`${kind.apiVersion ?? ''}, Kind=${kind.kind ?? ''}\` not known`);
    if (reference.namespace && !definition.namespaced) return failed('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
    const namespace = definition.namespaced ? reference.namespace || request.namespace : '';
    if (definition.namespaced && namespace === '') return failed('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
    const found = await this.#find(definition, namespace, reference);
    if (found.length === 0 && reference.parameterNotFoundAction === 'Deny') return failed('no params found for policy binding with `Deny` parameterNotFoundAction');
    return ok(found);
  }

  #definitionOf({ apiVersion = '', kind }: V1ParamKind): KindDefinition | undefined {
    const version = parseApiVersion(apiVersion);
    return this.#sources.registries().definitions.find((one) => one.kind === kind && one.group === version?.group && one.version === version.version);
  }

  async #find({ group: paramGroup, version, plural }: KindDefinition, namespace: string, { name, selector }: V1ParamRef): Promise<readonly KubeObject[]> {
    const registry = this.#sources.registries().need(paramGroup, version, plural);
    if (name) {
      const found = await registry.find(namespace, name);
      return found === undefined ? [] : [found.object];
    }
    const wanted = validSelectorOf(selector);
    return (await registry.all(namespace)).map(({ object }) => object).filter(({ metadata }) => matchesLabels(wanted, metadata?.labels));
  }
}

/** The kind by which the request is meant; undefined where it is not. Without rules, every one is meant. */
function selectedBy(match: V1MatchResources | undefined, request: AdmissionRequest, facts: Parameters<typeof selectedKind>[2]): KindDefinition | undefined {
  const { resourceRules = [], excludeResourceRules = [], ...selectors } = match ?? {};
  if (excludeResourceRules.length > 0 && selectedKind({ ...selectors, rules: excludeResourceRules }, request, facts) !== undefined) return undefined;
  if (resourceRules.length > 0) return selectedKind({ ...selectors, rules: resourceRules }, request, facts);
  return selectedKind({ ...selectors, rules: [everything] }, request, facts) === undefined ? undefined : request.definition;
}

const everything = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] };
