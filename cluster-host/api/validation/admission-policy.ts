/** Admission policies and their bindings (https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/). */
import { admissionEnvironment, type EnvironmentOptions } from '../admission/environment.ts';
import { compileMutation } from '../admission/mutating-policy.ts';
import { compileVariables } from '../admission/validating-policy.ts';
import type { Environment } from '../cel/environment.ts';
import { boolType, nullType, stringType, type CelType } from '../cel/types.ts';
import type { FieldError } from '../field-error.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooMany } from '../field-errors.ts';
import type { V1MatchResources, V1MutatingAdmissionPolicySpec, V1Mutation, V1ParamKind, V1ParamRef, V1ValidatingAdmissionPolicySpec, V1Validation, V1Variable } from '../generated/types.ts';
import { checkDns1035Label, checkDnsSubdomain, checkQualifiedName } from '../names.ts';
import { byteLength } from '../text.ts';
import type { Errors } from './errors.ts';
import { dnsSubdomain, invalidFor, oneOf, optionalOneOf, requiredOneOf, requiredText } from './errors.ts';
import { validateLabelSelector } from './label-selector.ts';
import { validateExpression, validateMatchConditions, validateRule } from './webhook.ts';

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const maxAuditAnnotations = 20;

type PolicySpec = Pick<V1ValidatingAdmissionPolicySpec, 'failurePolicy' | 'paramKind' | 'matchConstraints' | 'matchConditions' | 'variables'>;

export function* validatePolicy(spec: PolicySpec): Errors {
  yield* requiredOneOf('spec.failurePolicy', spec.failurePolicy, ['Fail', 'Ignore']);
  if (spec.paramKind) yield* validateParamKind(spec.paramKind, 'spec.paramKind');
  if (!spec.matchConstraints) yield required('spec.matchConstraints');
  else {
    yield* validateMatchResources(spec.matchConstraints, 'spec.matchConstraints');
    if ((spec.matchConstraints.resourceRules ?? []).length === 0) yield required('spec.matchConstraints.resourceRules');
  }
  yield* validateMatchConditions(spec.matchConditions ?? [], 'spec.matchConditions', spec.paramKind !== undefined);
}

function* validateParamKind({ apiVersion, kind }: V1ParamKind, field: string): Errors {
  if (!apiVersion) yield required(`${field}.apiVersion`);
  else {
    const parts = apiVersion.split('/');
    const version = parts.at(-1) ?? '';
    if (parts.length > 2) yield invalid(`${field}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
    else {
      if (parts.length === 2) yield* invalidFor(`${field}.apiVersion`, parts[0], checkDnsSubdomain(parts[0] ?? ''));
      if (version === '') yield invalid(`${field}.apiVersion`, apiVersion, 'version must be specified');
      else for (const problem of checkDns1035Label(version)) yield invalid(`${field}.apiVersion`, version, problem);
    }
  }
  yield* requiredText(`${field}.kind`, kind);
  if (kind) {
    const problems = checkDns1035Label(kind.toLowerCase());
    if (problems.length > 0) yield invalid(`${field}.kind`, kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`);
  }
}

export function* validateMatchResources(match: V1MatchResources, field: string): Errors {
  yield* requiredOneOf(`${field}.matchPolicy`, match.matchPolicy, ['Equivalent', 'Exact']);
  if (!match.namespaceSelector) yield required(`${field}.namespaceSelector`);
  yield* validateLabelSelector(match.namespaceSelector, `${field}.namespaceSelector`);
  if (!match.objectSelector) yield required(`${field}.objectSelector`);
  yield* validateLabelSelector(match.objectSelector, `${field}.objectSelector`);
  for (const list of ['resourceRules', 'excludeResourceRules'] as const) {
    for (const [index, rule] of (match[list] ?? []).entries()) {
      yield* validateRule(rule, `${field}.${list}[${index}]`);
      const names = rule.resourceNames ?? [];
      for (const [position, name] of names.entries()) if (names.indexOf(name) < position) yield duplicate(`${field}.${list}[${index}].resourceNames[${position}]`, name);
    }
  }
}

/** Later variables see earlier ones. Returns the environment of the expressions that see all of them. */
function* validateVariables(variables: readonly V1Variable[], options: EnvironmentOptions): Generator<FieldError, ReadonlyMap<string, CelType>, undefined> {
  const { variables: compiled, types } = compileVariables(variables, options);
  const names = new Set<string>();
  for (const [index, { name, source, expression }] of compiled.entries()) {
    const at = `spec.variables[${index}]`;
    if (!name?.trim()) yield required(`${at}.name`, 'name is not specified');
    else {
      yield* invalidFor(`${at}.name`, name, isCelIdentifier(name) ? [] : ['name is not a valid CEL identifier']);
      if (names.has(name)) yield duplicate(`${at}.name`, name);
      names.add(name);
    }
    if (!source?.trim()) yield required(`${at}.expression`, 'expression is not specified');
    else if (!expression.ok) yield invalid(`${at}.expression`, source, expression.error);
  }
  return types;
}

const celKeywords: ReadonlySet<string> = new Set([
  'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while',
]);

function isCelIdentifier(name: string): boolean {
  return /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !celKeywords.has(name);
}

export function* validateValidations({ validations = [], auditAnnotations = [], variables = [], paramKind }: V1ValidatingAdmissionPolicySpec, policyName: string): Errors {
  const hasParams = paramKind !== undefined;
  const types = yield* validateVariables(variables, { hasParams, hasAuthorizer: true });
  if (validations.length + auditAnnotations.length === 0) {
    yield required('spec.validations', 'validations or auditAnnotations must be non-empty');
    yield required('spec.auditAnnotations', 'validations or auditAnnotations must be non-empty');
    return;
  }
  const environment = admissionEnvironment({ hasParams, hasAuthorizer: true, variables: types });
  const messages = admissionEnvironment({ hasParams: true, variables: types });
  for (const [index, validation] of validations.entries()) yield* validateValidation(validation, `spec.validations[${index}]`, environment, messages);
  if (auditAnnotations.length > maxAuditAnnotations) yield invalid('spec.auditAnnotations', auditAnnotations, `must not have more than ${maxAuditAnnotations} auditAnnotations`);
  const keys = new Set<string>();
  for (const [index, { key, valueExpression }] of auditAnnotations.entries()) {
    const at = `spec.auditAnnotations[${index}]`;
    yield* invalidFor(`${at}.key`, `${policyName}/${key}`, checkQualifiedName(`${policyName}/${key}`));
    if (!valueExpression?.trim()) yield required(`${at}.valueExpression`, 'valueExpression is not specified');
    else if (byteLength(valueExpression.trim()) > maxAnnotationExpression) yield required(`${at}.valueExpression`, `must not exceed ${maxAnnotationExpression} bytes in length`);
    else yield* validateExpression(`${at}.valueExpression`, valueExpression, environment, [stringType, nullType]);
    if (keys.has(key)) yield duplicate(`${at}.key`, key);
    keys.add(key);
  }
}

const maxAnnotationExpression = 5 * 1024;

function* validateValidation({ expression, message, messageExpression, reason }: V1Validation, field: string, environment: Environment, messages: Environment): Errors {
  if (!expression?.trim()) yield required(`${field}.expression`, 'expression is not specified');
  else yield* validateExpression(`${field}.expression`, expression, environment, [boolType]);
  if (messageExpression !== undefined && messageExpression !== '') {
    if (messageExpression.trim() === '') yield invalid(`${field}.messageExpression`, messageExpression, 'must be non-empty if specified');
    else yield* validateExpression(`${field}.messageExpression`, messageExpression, messages, [stringType]);
  }
  const trimmed = message?.trim() ?? '';
  if (message && trimmed === '') yield invalid(`${field}.message`, message, 'message must be non-empty if specified');
  else if (/[\n\r]/.test(trimmed)) yield invalid(`${field}.message`, message, 'message must not contain line breaks');
  yield* optionalOneOf(`${field}.reason`, reason, reasons);
}

export function* validateMutations({ mutations = [], reinvocationPolicy, variables = [], paramKind }: V1MutatingAdmissionPolicySpec): Errors {
  const options = { hasParams: paramKind !== undefined, hasAuthorizer: true, makesPatches: true };
  const environment = admissionEnvironment({ ...options, variables: yield* validateVariables(variables, options) });
  if (mutations.length === 0) yield required('spec.mutations', 'mutations must contain at least one item');
  for (const [index, mutation] of mutations.entries()) yield* validateMutation(mutation, `spec.mutations[${index}]`, environment);
  yield* requiredOneOf('spec.reinvocationPolicy', reinvocationPolicy, ['IfNeeded', 'Never']);
}

const mutableOperations = ['*', 'CONNECT', 'CREATE', 'UPDATE'];

/** What is deleted cannot be changed any more. */
export function* validateMutableOperations(match: V1MatchResources | undefined, field: string): Errors {
  for (const { operations = [] } of match?.resourceRules ?? []) {
    for (const operation of operations) if (!mutableOperations.includes(operation)) yield notSupported(`${field}.resourceRules.operations`, operation, mutableOperations);
  }
}

function* validateMutation(mutation: V1Mutation, field: string, environment: Environment): Errors {
  const fields = { ApplyConfiguration: 'applyConfiguration', JSONPatch: 'jsonPatch' } as const;
  yield* requiredOneOf(`${field}.patchType`, mutation.patchType, Object.keys(fields));
  for (const [type, name] of Object.entries(fields)) {
    const given = mutation[name];
    if (mutation.patchType === type && !given) yield required(`${field}.${name}`, `must be specified when patchType is ${type}`);
    else if (mutation.patchType !== type && given) yield invalid(`${field}.${name}`, `{${name}}`, `must not be specified when patchType is ${mutation.patchType ?? ''}`);
    else if (given && !given.expression?.trim()) yield required(`${field}.${name}.expression`, 'expression is not specified');
    else if (given?.expression) {
      const { expression } = compileMutation(mutation, environment);
      if (!expression.ok) yield invalid(`${field}.${name}.expression`, given.expression, expression.error);
    }
  }
}

interface Binding {
  readonly policyName?: string;
  readonly paramRef?: V1ParamRef;
  readonly matchResources?: V1MatchResources;
}

export function* validatePolicyBinding({ policyName, paramRef, matchResources }: Binding): Errors {
  if (policyName) yield* dnsSubdomain('spec.policyName', policyName);
  else yield required('spec.policyName');
  if (paramRef) yield* validateParamRef(paramRef, 'spec.paramRef');
  if (matchResources) yield* validateMatchResources(matchResources, 'spec.matchResources');
}

function* validateParamRef({ name, selector, parameterNotFoundAction }: V1ParamRef, field: string): Errors {
  if (name) yield* dnsSubdomain(`${field}.name`, name);
  if (name && selector) yield forbidden(`${field}.name`, 'name and selector are mutually exclusive');
  if (!name && !selector) yield required(field, 'one of name or selector must be specified');
  yield* validateLabelSelector(selector, `${field}.selector`);
  if (parameterNotFoundAction === undefined) yield required(`${field}.parameterNotFoundAction`);
  else yield* oneOf(`${field}.parameterNotFoundAction`, parameterNotFoundAction, ['Allow', 'Deny']);
}

const actions = ['Audit', 'Deny', 'Warn'];

export function* validateActions(given: readonly string[]): Errors {
  const field = 'spec.validationActions';
  if (given.length === 0) yield required(field, 'at least one validation action is required');
  if (given.length > actions.length) yield tooMany(field, given.length, actions.length);
  for (const [index, action] of given.entries()) {
    yield* oneOf(`${field}[${index}]`, action, actions);
    if (given.indexOf(action) < index) yield duplicate(`${field}[${index}]`, action);
  }
  if (given.includes('Deny') && given.includes('Warn')) yield invalid(field, given, 'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)');
}
