/** What expressions of admission see (https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-expression). */
import { Environment, type Expression } from '../cel/environment.ts';
import { kubernetesType } from '../cel/functions.ts';
import { jsonPatch } from '../cel/library/formats.ts';
import { boolType, dynType, formatType, intType, listOf, mapOf, sameType, stringType, structType, timestampType, type CelType } from '../cel/types.ts';
import { failed, type Result } from '../result.ts';
import { PatchTypes } from './patch-types.ts';

export interface EnvironmentOptions {
  readonly hasParams?: boolean;
  readonly hasAuthorizer?: boolean;
  /** Types of a policy's variables, as far as they are known. */
  readonly variables?: ReadonlyMap<string, CelType>;
  /** Expressions that make patches name `Object` and `JSONPatch`. */
  readonly makesPatches?: boolean;
  /** Where the kind of the object is known. */
  readonly object?: CelType;
  readonly params?: CelType;
}

const struct = (name: string, fields: Readonly<Record<string, CelType>>): CelType => structType(name, new Map(Object.entries(fields)));
const texts = listOf(stringType);

const kindType = struct('kubernetes.GroupVersionKind', { group: stringType, version: stringType, kind: stringType });
const resourceType = struct('kubernetes.GroupVersionResource', { group: stringType, version: stringType, resource: stringType });
const userType = struct('kubernetes.UserInfo', { username: stringType, uid: stringType, groups: texts, extra: mapOf(stringType, texts) });

const requestType = struct('kubernetes.AdmissionRequest', {
  kind: kindType,
  resource: resourceType,
  subResource: stringType,
  requestKind: kindType,
  requestResource: resourceType,
  requestSubResource: stringType,
  name: stringType,
  namespace: stringType,
  operation: stringType,
  userInfo: userType,
  dryRun: boolType,
  options: dynType,
});

const namespaceType = struct('kubernetes.Namespace', {
  metadata: struct('kubernetes.NamespaceMetadata', {
    name: stringType,
    generateName: stringType,
    namespace: stringType,
    labels: mapOf(stringType, stringType),
    annotations: mapOf(stringType, stringType),
    UID: stringType,
    creationTimestamp: timestampType,
    deletionGracePeriodSeconds: intType,
    deletionTimestamp: timestampType,
    generation: intType,
    resourceVersion: stringType,
    finalizers: texts,
  }),
  spec: struct('kubernetes.NamespaceSpec', { finalizers: texts }),
  status: struct('kubernetes.NamespaceStatus', {
    conditions: listOf(struct('kubernetes.NamespaceCondition', { status: stringType, type: stringType, lastTransitionTime: timestampType, message: stringType, reason: stringType })),
    phase: stringType,
  }),
});

const kept = new Map<string, Environment>();

/** Environments without types of a policy's own are made once. */
export function admissionEnvironment(options: EnvironmentOptions): Environment {
  const { hasParams, hasAuthorizer, makesPatches, variables, object, params } = options;
  if (variables !== undefined || object !== undefined || params !== undefined) return makeEnvironment(options);
  const key = [hasParams, hasAuthorizer, makesPatches].join();
  let environment = kept.get(key);
  if (environment === undefined) {
    environment = makeEnvironment(options);
    kept.set(key, environment);
  }
  return environment;
}

function makeEnvironment({ hasParams = false, hasAuthorizer = false, makesPatches = false, variables, object = dynType, params = dynType }: EnvironmentOptions): Environment {
  return new Environment(
    {
      object,
      oldObject: object,
      namespaceObject: namespaceType,
      request: requestType,
      ...(variables && { variables: structType('kubernetes.variables', variables) }),
      ...(hasParams && { params }),
      ...(hasAuthorizer && { authorizer: kubernetesType('Authorizer'), 'authorizer.requestResource': kubernetesType('ResourceCheck') }),
    },
    makesPatches ? new PatchTypes() : new Map(),
    makesPatches ? [jsonPatch] : [],
  );
}

/** The error is the whole message of Kubernetes. No types: any will do. */
export function compileExpression(environment: Environment, source: string, types: readonly CelType[] = []): Result<Expression> {
  const compiled = environment.compile(source);
  if (!compiled.ok) return failed(`compilation failed: ${compiled.error}`);
  const { type } = compiled.value;
  if (types.length === 0 || types.some((one) => sameType(one, type))) return compiled;
  const names = types.map(typeText);
  return failed(`must evaluate to ${names.length === 1 ? names[0] : `one of [${names.join(' ')}]`} but got ${typeText(type)}`);
}

function typeText(type: CelType): string {
  return type.kind === 'null' ? 'null_type' : formatType(type);
}
