/** Webhooks: how they are reached, which requests they are asked about (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/). */
import { admissionEnvironment, compileExpression } from '../admission/environment.ts';
import type { Environment } from '../cel/environment.ts';
import { boolType, type CelType } from '../cel/types.ts';
import { duplicate, invalid, notSupported, required, tooMany } from '../field-errors.ts';
import type {
  AdmissionregistrationV1ServiceReference,
  AdmissionregistrationV1WebhookClientConfig,
  V1MatchCondition,
  V1MutatingWebhook,
  V1RuleWithOperations,
  V1ValidatingWebhook,
} from '../generated/types.ts';
import { checkDns1035Label, checkDnsSubdomain, checkPortNumber, checkQualifiedName } from '../names.ts';
import type { Errors } from './errors.ts';
import { invalidFor, optionalOneOf } from './errors.ts';
import { validateLabelSelector } from './label-selector.ts';

const reviewVersions = ['v1', 'v1beta1'];
const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const sideEffects = ['None', 'NoneOnDryRun'];
const maxMatchConditions = 64;

export function* validateWebhooks(webhooks: readonly (V1ValidatingWebhook | V1MutatingWebhook)[]): Errors {
  const names = new Set<string>();
  for (const [index, webhook] of webhooks.entries()) {
    const at = `webhooks[${index}]`;
    yield* validateWebhook(webhook, at);
    yield* validateReviewVersions(webhook.admissionReviewVersions ?? [], `${at}.admissionReviewVersions`, `must specify one of ${reviewVersions.join(', ')}`);
    if (!webhook.name) continue;
    if (names.has(webhook.name)) yield duplicate(`${at}.name`, webhook.name);
    names.add(webhook.name);
  }
}

function* validateWebhook(webhook: V1ValidatingWebhook | V1MutatingWebhook, field: string): Errors {
  yield* fullyQualifiedName(`${field}.name`, webhook.name ?? '');
  for (const [index, rule] of (webhook.rules ?? []).entries()) yield* validateRule(rule, `${field}.rules[${index}]`);
  yield* optionalOneOf(`${field}.failurePolicy`, webhook.failurePolicy, ['Fail', 'Ignore']);
  yield* optionalOneOf(`${field}.matchPolicy`, webhook.matchPolicy, ['Equivalent', 'Exact']);
  // The field is required, yet may be missing: decoding tells so with null.
  if (webhook.sideEffects === undefined || webhook.sideEffects === null) yield required(`${field}.sideEffects`, `must specify one of ${sideEffects.join(', ')}`);
  else yield* optionalOneOf(`${field}.sideEffects`, webhook.sideEffects, sideEffects);
  const { timeoutSeconds } = webhook;
  if (timeoutSeconds !== undefined && (timeoutSeconds < 1 || timeoutSeconds > 30)) {
    yield invalid(`${field}.timeoutSeconds`, timeoutSeconds, 'the timeout value must be between 1 and 30 seconds');
  }
  yield* validateLabelSelector(webhook.namespaceSelector, `${field}.namespaceSelector`);
  yield* validateLabelSelector(webhook.objectSelector, `${field}.objectSelector`);
  if ('reinvocationPolicy' in webhook) yield* optionalOneOf(`${field}.reinvocationPolicy`, webhook.reinvocationPolicy, ['IfNeeded', 'Never']);
  yield* validateClientConfig(webhook.clientConfig ?? {}, `${field}.clientConfig`);
  yield* validateMatchConditions(webhook.matchConditions ?? [], `${field}.matchConditions`);
}

/** A name with a domain of at least two segments more: `hook.example.com`. */
export function* fullyQualifiedName(field: string, name: string): Errors {
  if (name === '') {
    yield required(field);
    return;
  }
  const problems = checkDnsSubdomain(name);
  if (problems.length > 0) yield invalid(field, name, problems.join(','));
  else if (name.split('.').length < 3) yield invalid(field, name, 'should be a domain with at least three segments separated by dots');
}

export function* validateReviewVersions(versions: readonly string[], field: string, missing = ''): Errors {
  if (versions.length === 0) {
    yield required(field, missing);
    return;
  }
  for (const [index, version] of versions.entries()) {
    if (versions.indexOf(version) < index) yield invalid(`${field}[${index}]`, version, 'duplicate version');
    else yield* invalidFor(`${field}[${index}]`, version, checkDns1035Label(version));
  }
  if (!versions.some((version) => reviewVersions.includes(version))) yield invalid(field, versions, `must include at least one of ${reviewVersions.join(', ')}`);
}

/** A rule says which requests are meant: operations on resources of versions of groups. */
export function* validateRule(rule: V1RuleWithOperations, field: string): Errors {
  const given = rule.operations ?? [];
  if (given.length === 0) yield required(`${field}.operations`);
  yield* aloneIfWildcard(given, `${field}.operations`, 'operations');
  for (const [index, operation] of given.entries()) if (!operations.includes(operation)) yield notSupported(`${field}.operations[${index}]`, operation, operations);
  const groups = rule.apiGroups ?? [];
  if (groups.length === 0) yield required(`${field}.apiGroups`);
  yield* aloneIfWildcard(groups, `${field}.apiGroups`, 'API groups');
  const versions = rule.apiVersions ?? [];
  if (versions.length === 0) yield required(`${field}.apiVersions`);
  yield* aloneIfWildcard(versions, `${field}.apiVersions`, 'API versions');
  for (const [index, version] of versions.entries()) if (version === '') yield required(`${field}.apiVersions[${index}]`);
  yield* validateResources(rule.resources ?? [], `${field}.resources`);
  yield* optionalOneOf(`${field}.scope`, rule.scope, ['*', 'Cluster', 'Namespaced']);
}

function* aloneIfWildcard(values: readonly string[], field: string, what: string): Errors {
  if (values.length > 1 && values.includes('*')) yield invalid(field, values, `if '*' is present, must not specify other ${what}`);
}

function* validateResources(resources: readonly string[], field: string): Errors {
  if (resources.length === 0) yield required(field);
  const withAllSubresources = new Set<string>();
  const ofAllResources = new Set<string>();
  let lastPlain = false;
  for (const [index, text] of resources.entries()) {
    const at = `${field}[${index}]`;
    if (text === '') {
      yield required(at);
      continue;
    }
    const [resource = '', ...rest] = text.split('/');
    if (rest.length === 0) {
      lastPlain = text !== '*';
      continue;
    }
    const subresource = rest.join('/');
    if (withAllSubresources.has(resource)) yield invalid(at, text, `if '${resource}/*' is present, must not specify ${text}`);
    if (ofAllResources.has(subresource)) yield invalid(at, text, `if '*/${subresource}' is present, must not specify ${text}`);
    if (subresource === '*') withAllSubresources.add(resource);
    if (resource === '*') ofAllResources.add(subresource);
  }
  if (resources.length > 1 && resources.includes('*/*')) yield invalid(field, resources, "if '*/*' is present, must not specify other resources");
  if (resources.includes('*') && lastPlain) yield invalid(field, resources, "if '*' is present, must not specify other resources without subresources");
}

export function* validateClientConfig({ url, service }: AdmissionregistrationV1WebhookClientConfig, field: string): Errors {
  if ((url === undefined) === (service === undefined)) yield required(field, 'exactly one of url or service is required');
  else if (url !== undefined) yield* validateUrl(`${field}.url`, url);
  else if (service !== undefined) yield* validateServiceReference(service, `${field}.service`);
}

const urlForm = '; desired format: https://host[/path]';

function* validateUrl(field: string, text: string): Errors {
  const [, scheme = '', authority, rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^]*)$/.exec(text) ?? [];
  if (/[\s\p{Cc}]/u.test(text)) {
    yield required(field, `url must be a valid URL: parse "${text}": net/url: invalid control character in URL${urlForm}`);
    return;
  }
  if (scheme.toLowerCase() !== 'https') yield invalid(field, scheme.toLowerCase(), `'https' is the only allowed URL scheme${urlForm}`);
  const [host = '', user] = (authority ?? '').split('@').toReversed();
  if (host === '') yield invalid(field, host, `host must be specified${urlForm}`);
  if (user !== undefined) yield invalid(field, user, 'user information is not permitted in the URL');
  const [, fragment = ''] = rest.split('#');
  if (fragment !== '') yield invalid(field, fragment, 'fragments are not permitted in the URL');
  const [, query = ''] = (rest.split('#')[0] ?? '').split('?');
  if (query !== '') yield invalid(field, query, 'query parameters are not permitted in the URL');
}

/** Kubernetes takes the service's name for its namespace here and the other way round: a missing one is reported as the other. */
export function* validateServiceReference({ name, namespace, path, port = 0 }: AdmissionregistrationV1ServiceReference, field: string): Errors {
  if (!namespace) yield required(`${field}.name`);
  if (!name) yield required(`${field}.namespace`);
  const problems = checkPortNumber(port);
  if (problems.length > 0) yield invalid(`${field}.port`, port, `port is not valid: ${problems.join(', ')}`);
  if (path !== undefined && path !== '' && path !== '/') yield* validateServicePath(`${field}.path`, path);
}

function* validateServicePath(field: string, path: string): Errors {
  if (path === '//') {
    yield invalid(field, path, 'segment[0] may not be empty');
    return;
  }
  if (!path.startsWith('/')) yield invalid(field, path, "must start with a '/'");
  for (const [index, step] of path.slice(1).replace(/\/$/, '').split('/').entries()) {
    if (step === '') yield invalid(field, path, `segment[${index}] may not be empty`);
    else for (const problem of checkDnsSubdomain(step)) yield invalid(field, path, `segment[${index}]: ${problem}`);
  }
}

/** CEL expressions that have to hold for a request to be meant. */
export function* validateMatchConditions(conditions: readonly V1MatchCondition[], field: string, hasParams = false): Errors {
  if (conditions.length > maxMatchConditions) yield tooMany(field, conditions.length, maxMatchConditions);
  const names = new Set<string>();
  for (const [index, { name, expression }] of conditions.entries()) {
    const at = `${field}[${index}]`;
    if (!expression?.trim()) yield required(`${at}.expression`);
    else yield* validateExpression(`${at}.expression`, expression.trim(), admissionEnvironment({ hasParams, hasAuthorizer: true }), [boolType]);
    if (!name) yield required(`${at}.name`);
    else {
      yield* invalidFor(`${at}.name`, name, checkQualifiedName(name));
      if (names.has(name)) yield duplicate(`${at}.name`, name);
      names.add(name);
    }
  }
}

/** An expression compiles, and comes to one of the types. */
export function* validateExpression(field: string, expression: string, environment: Environment, types: readonly CelType[] = []): Errors {
  const compiled = compileExpression(environment, expression, types);
  if (!compiled.ok) yield invalid(field, expression, compiled.error);
}
