/** Which webhooks are asked about a request, and in which version of the resource. Pure. */
import type { V1LabelSelector, V1MutatingWebhook, V1NamedRuleWithOperations, V1ValidatingWebhook } from '../../../api/generated/types.ts';
import type { KindDefinition } from '../../../api/kind.ts';
import { matchesLabels, validSelectorOf, type Labels } from '../../../api/selectors/label-selector.ts';
import type { AdmissionRequest } from '../admission.ts';
import { matchesRule } from './rules.ts';

export type Webhook = V1MutatingWebhook | V1ValidatingWebhook;

/** What webhooks and policies select requests by. */
export interface RequestSelector {
  readonly namespaceSelector?: V1LabelSelector;
  readonly objectSelector?: V1LabelSelector;
  readonly matchPolicy?: string;
  readonly rules?: readonly V1NamedRuleWithOperations[];
}

export interface SelectionFacts {
  /** The same objects in other groups and versions. */
  readonly equivalents: readonly KindDefinition[];
  /** Of the namespace that the request is in; undefined where it is in none. */
  readonly namespaceLabels: Labels | undefined;
}

/** What admits requests is itself not subject to it: nobody could mend it. */
const exempt: ReadonlySet<string> = new Set([
  'validatingwebhookconfigurations',
  'mutatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
]);

export function isExempt({ group, plural }: KindDefinition): boolean {
  return group === 'admissionregistration.k8s.io' && exempt.has(plural);
}

/** The kind in which the webhook or policy is shown the objects; undefined where it is not asked. Match conditions are apart. */
export function selectedKind(selector: RequestSelector, request: AdmissionRequest, { equivalents, namespaceLabels }: SelectionFacts): KindDefinition | undefined {
  const { namespaceSelector, objectSelector, matchPolicy, rules = [] } = selector;
  if (namespaceLabels !== undefined && !matchesLabels(validSelectorOf(namespaceSelector), namespaceLabels)) return undefined;
  if (Object.keys(objectSelector ?? {}).length > 0) {
    const wanted = validSelectorOf(objectSelector);
    if (![request.object, request.old].some((object) => object?.metadata !== undefined && matchesLabels(wanted, object.metadata.labels))) return undefined;
  }
  const candidates = matchPolicy === 'Exact' ? [request.definition] : [request.definition, ...equivalents];
  return candidates.find((definition) => rules.some((rule) => matchesRule(rule, ruled(request, definition)) && namesFit(rule, request)));
}

function ruled({ operation, subresource }: AdmissionRequest, { group, version, plural, namespaced }: KindDefinition): Parameters<typeof matchesRule>[1] {
  return { operation, group, version, resource: plural, subresource, namespaced };
}

/** Rules of policies may name objects. */
function namesFit({ resourceNames = [] }: V1NamedRuleWithOperations, { name }: AdmissionRequest): boolean {
  return resourceNames.length === 0 || resourceNames.includes(name);
}
