/** Programs outside the API server that are asked about requests (kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers). */
import type {
  AdmissionregistrationV1WebhookClientConfig,
  V1MatchCondition,
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
  V1RuleWithOperations,
  V1ValidatingWebhook,
  V1ValidatingWebhookConfiguration,
} from '../generated/types.ts';
import { duplicate, invalid, notSupported, required, tooMany } from '../field-errors.ts';
import { checkDns1035Label, checkDnsSubdomain, checkQualifiedName } from '../names.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, oneOf } from '../validation/errors.ts';
import { validateLabelSelector } from '../validation/label-selector.ts';
import { validateClientConfig } from '../validation/webhook-client.ts';
import { ageColumn, count } from './columns.ts';
import { defineKind } from './define-kind.ts';

const group = 'admissionregistration.k8s.io';
const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];
const reviewVersions = ['v1', 'v1beta1'];
const maxMatchConditions = 64;
const defaultTimeout = 10;
const defaultPort = 443;

type Webhook = V1MutatingWebhook | V1ValidatingWebhook;

export const validatingWebhookConfiguration = defineKind<V1ValidatingWebhookConfiguration>({
  group,
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  categories: ['api-extensions'],
  namespaced: false,
  generationOf: ['webhooks'],
  setDefaults: ({ webhooks }) => webhooks?.forEach(setWebhookDefaults),
  validate: ({ webhooks }) => validateWebhooks(webhooks ?? []),
  columns: [count('Webhooks', 'How many webhooks it has.', ({ webhooks }) => webhooks?.length), ageColumn],
});

export const mutatingWebhookConfiguration = defineKind<V1MutatingWebhookConfiguration>({
  group,
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  categories: ['api-extensions'],
  namespaced: false,
  generationOf: ['webhooks'],
  setDefaults({ webhooks }) {
    for (const webhook of webhooks ?? []) {
      setWebhookDefaults(webhook);
      webhook.reinvocationPolicy ??= 'Never';
    }
  },
  *validate({ webhooks = [] }) {
    yield* validateWebhooks(webhooks);
    for (const [index, { reinvocationPolicy }] of webhooks.entries()) {
      if (reinvocationPolicy !== undefined) yield* oneOf(`webhooks[${index}].reinvocationPolicy`, reinvocationPolicy, ['IfNeeded', 'Never']);
    }
  },
  columns: [count('Webhooks', 'How many webhooks it has.', ({ webhooks }) => webhooks?.length), ageColumn],
});

function setWebhookDefaults(webhook: Webhook): void {
  webhook.failurePolicy ??= 'Fail';
  webhook.matchPolicy ??= 'Equivalent';
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= defaultTimeout;
  const { service } = webhook.clientConfig;
  if (service !== undefined) service.port ??= defaultPort;
  for (const rule of webhook.rules ?? []) rule.scope ??= '*';
}

function* validateWebhooks(webhooks: readonly Webhook[]): Errors {
  const names = new Set<string>();
  for (const [index, webhook] of webhooks.entries()) {
    const field = `webhooks[${index}]`;
    yield* validateWebhook(webhook, field);
    yield* validateReviewVersions(webhook.admissionReviewVersions ?? [], `${field}.admissionReviewVersions`);
    if (names.has(webhook.name)) yield duplicate(`${field}.name`, webhook.name);
    names.add(webhook.name);
  }
}

function* validateWebhook(webhook: Webhook, field: string): Errors {
  yield* fullyQualifiedName(`${field}.name`, webhook.name);
  for (const [index, rule] of (webhook.rules ?? []).entries()) yield* validateRule(rule, `${field}.rules[${index}]`);
  if (webhook.failurePolicy !== undefined) yield* oneOf(`${field}.failurePolicy`, webhook.failurePolicy, ['Fail', 'Ignore']);
  if (webhook.matchPolicy !== undefined) yield* oneOf(`${field}.matchPolicy`, webhook.matchPolicy, ['Equivalent', 'Exact']);
  if (webhook.sideEffects === undefined) yield required(`${field}.sideEffects`, 'must specify one of None, NoneOnDryRun');
  else yield* oneOf(`${field}.sideEffects`, webhook.sideEffects, ['None', 'NoneOnDryRun']);
  const { timeoutSeconds } = webhook;
  if (timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1)) yield invalid(`${field}.timeoutSeconds`, timeoutSeconds, 'the timeout value must be between 1 and 30 seconds');
  yield* validateLabelSelector(webhook.namespaceSelector, `${field}.namespaceSelector`);
  yield* validateLabelSelector(webhook.objectSelector, `${field}.objectSelector`);
  yield* validateClientConfig(webhook.clientConfig as AdmissionregistrationV1WebhookClientConfig, `${field}.clientConfig`);
  yield* validateMatchConditions(webhook.matchConditions ?? [], `${field}.matchConditions`);
}

/** At least three segments, so that names of different owners do not meet. */
function* fullyQualifiedName(field: string, name: string): Errors {
  if (name === '') {
    yield required(field);
    return;
  }
  const messages = checkDnsSubdomain(name);
  if (messages.length > 0) yield* invalidFor(field, name, messages);
  else if (name.split('.').length < 3) yield invalid(field, name, 'should be a domain with at least three segments separated by dots');
}

function* validateReviewVersions(versions: readonly string[], field: string): Errors {
  if (versions.length === 0) {
    yield required(field, `must specify one of ${reviewVersions.join(', ')}`);
    return;
  }
  const seen = new Set<string>();
  for (const [index, version] of versions.entries()) {
    if (seen.has(version)) yield invalid(`${field}[${index}]`, version, 'duplicate version');
    else yield* invalidFor(`${field}[${index}]`, version, checkDns1035Label(version));
    seen.add(version);
  }
  if (!versions.some((version) => reviewVersions.includes(version))) yield invalid(field, versions, `must include at least one of ${reviewVersions.join(', ')}`);
}

export function* validateRule({ operations: wanted = [], apiGroups = [], apiVersions = [], resources = [], scope }: V1RuleWithOperations, field: string): Errors {
  if (wanted.length === 0) yield required(`${field}.operations`);
  if (wanted.length > 1 && wanted.includes('*')) yield invalid(`${field}.operations`, wanted, "if '*' is present, must not specify other operations");
  for (const [index, operation] of wanted.entries()) {
    if (!operations.includes(operation)) yield notSupported(`${field}.operations[${index}]`, operation, operations);
  }
  yield* wildcardAlone(apiGroups, `${field}.apiGroups`, 'groups');
  if (apiVersions.length === 0) yield required(`${field}.apiVersions`);
  yield* wildcardAlone(apiVersions, `${field}.apiVersions`, 'versions', true);
  if (resources.length === 0) yield required(`${field}.resources`);
  yield* validateResources(resources, `${field}.resources`);
  if (scope !== undefined && !scopes.includes(scope)) yield notSupported(`${field}.scope`, scope, scopes);
}

function* wildcardAlone(values: readonly string[], field: string, what: 'groups' | 'versions', nonEmpty = false): Errors {
  if (what === 'groups' && values.length === 0) yield required(field);
  if (values.length > 1 && values.includes('*')) yield invalid(field, values, `if '*' is present, must not specify other API ${what}`);
  if (nonEmpty) for (const [index, value] of values.entries()) if (value === '') yield required(`${field}[${index}]`);
}

/** `pods`, `pods/log`, `*`, `pods/*`, `*\/scale`, `*\/*`. */
function* validateResources(resources: readonly string[], field: string): Errors {
  if (resources.length > 1 && resources.includes('*/*')) yield invalid(field, resources, "if '*/*' is present, must not specify other resources");
  for (const [index, resource] of resources.entries()) {
    const [name, subresource] = resource.split('/');
    if (name === '') yield required(`${field}[${index}]`);
    else if (subresource !== undefined && subresource !== '*' && name !== '*' && resources.includes(`${name}/*`)) yield invalid(`${field}[${index}]`, resource, `if '${name}/*' is present, must not specify ${resource}`);
    else if (subresource !== undefined && name !== '*' && resources.includes(`*/${subresource}`)) yield invalid(`${field}[${index}]`, resource, `if '*/${subresource}' is present, must not specify ${resource}`);
  }
}

export function* validateMatchConditions(conditions: readonly V1MatchCondition[], field: string): Errors {
  if (conditions.length > maxMatchConditions) yield tooMany(field, conditions.length, maxMatchConditions);
  const names = new Set<string>();
  for (const [index, { name, expression }] of conditions.entries()) {
    const at = `${field}[${index}]`;
    if (expression.trim() === '') yield required(`${at}.expression`);
    if (name === '') yield required(`${at}.name`);
    else yield* invalidFor(`${at}.name`, name, checkQualifiedName(name));
    if (names.has(name)) yield duplicate(`${at}.name`, name);
    names.add(name);
  }
}
