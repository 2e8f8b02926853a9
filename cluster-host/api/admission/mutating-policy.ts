/** MutatingAdmissionPolicies: compiled once, asked what to change (https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/). Pure. */
import { merge } from '../apply/merge.ts';
import { validateTyped } from '../apply/validate.ts';
import type { StructType, Type } from '../catalogue/schema.ts';
import { objectBudget } from '../cel/environment.ts';
import { toJson } from '../cel/to-json.ts';
import { listOf } from '../cel/types.ts';
import { CelError, CelList, CelMap } from '../cel/values.ts';
import type { V1MutatingAdmissionPolicy, V1Mutation } from '../generated/types.ts';
import type { KubeObject } from '../object.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { PatchProblem } from '../patch/problem.ts';
import { failed, ok, type Result } from '../result.ts';
import { isObject } from '../values.ts';
import { admissionEnvironment, compileExpression } from './environment.ts';
import { AdmissionEvaluation, OutOfBudget, type AdmissionInput, type CompiledExpression, type CompiledVariable, type Outcome } from './evaluation.ts';
import { compileConditions } from './match-conditions.ts';
import { jsonPatchType, patchObjectType } from './patch-types.ts';
import { compileVariables } from './validating-policy.ts';

export interface CompiledMutation extends CompiledExpression {
  readonly type: 'ApplyConfiguration' | 'JSONPatch';
}

export interface CompiledMutatingPolicy {
  readonly matchConditions: readonly CompiledExpression[];
  readonly variables: readonly CompiledVariable[];
  readonly mutations: readonly CompiledMutation[];
}

export function compileMutatingPolicy({ spec = {} }: V1MutatingAdmissionPolicy): CompiledMutatingPolicy {
  const hasParams = spec.paramKind !== undefined;
  const options = { hasParams, hasAuthorizer: true, makesPatches: true };
  const { variables, types } = compileVariables(spec.variables ?? [], options);
  return {
    matchConditions: compileConditions(spec.matchConditions ?? [], hasParams),
    variables,
    mutations: (spec.mutations ?? []).map((mutation) => compileMutation(mutation, admissionEnvironment({ ...options, variables: types }))),
  };
}

export function compileMutation({ patchType, applyConfiguration, jsonPatch }: V1Mutation, environment: ReturnType<typeof admissionEnvironment>): CompiledMutation {
  const isApply = patchType === 'ApplyConfiguration';
  const source = (isApply ? applyConfiguration : jsonPatch)?.expression ?? '';
  return { type: isApply ? 'ApplyConfiguration' : 'JSONPatch', source, expression: compileExpression(environment, source, [isApply ? patchObjectType : listOf(jsonPatchType)]) };
}

/** The object after one mutation; the one that is given is not changed. */
export function mutate(policy: CompiledMutatingPolicy, mutation: CompiledMutation, object: KubeObject, input: AdmissionInput, type: StructType): Result<KubeObject> {
  if (!mutation.expression.ok) return failed(mutation.expression.error);
  try {
    const outcome: Outcome = new AdmissionEvaluation(input, objectBudget, policy.variables).evaluate(mutation);
    if (!outcome.ok) return outcome;
    return mutation.type === 'JSONPatch' ? patched(object, outcome.value) : applied(object, outcome.value, type);
  } catch (error) {
    if (error instanceof OutOfBudget || error instanceof CelError) return failed(error.message);
    throw error;
  }
}

function patched(object: KubeObject, patches: unknown): Result<KubeObject> {
  if (!(patches instanceof CelList)) return failed('type mismatch: JSONPatchType.expression should evaluate to array');
  const operations: Record<string, unknown>[] = [];
  for (const patch of patches.items) {
    if (!(patch instanceof CelMap)) return failed('type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch');
    const wrong = misnamed(patch.get('value'), undefined);
    if (wrong !== undefined) return failed(`type mismatch: ${wrong}`);
    operations.push(toJson(patch) as Record<string, unknown>);
  }
  try {
    return ok(applyJsonPatch(object, operations) as KubeObject);
  } catch (error) {
    if (!(error instanceof PatchProblem)) throw error;
    // A test that fails means that there is nothing to be done.
    return operations.some(({ op }) => op === 'test') && /test/i.test(error.message) ? ok(object) : failed(`JSON Patch: ${error.message}`);
  }
}

function applied(object: KubeObject, configuration: unknown, type: StructType): Result<KubeObject> {
  const wrong = misnamed(configuration, 'Object');
  if (wrong !== undefined) return failed(`type mismatch: ${wrong}`);
  const patch = { ...(toJson(configuration) as object), apiVersion: object.apiVersion, kind: object.kind };
  const problems = validateTyped(patch, type);
  if (problems.length > 0) return failed(`error applying patch: failed to convert patch object to typed object: ${problems.join('\n')}`);
  const atomic = atomicPaths(patch, type, '');
  if (atomic.length > 0) return failed(`error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomic.join(', ')}`);
  return ok(merge(object, patch, type) as KubeObject);
}

/** Objects that an expression makes are named by their place: `Object.spec` stands in `spec`. */
function misnamed(value: unknown, expected: string | undefined): string | undefined {
  if (value instanceof CelList) return firstOf(value.items, (item) => misnamed(item, expected));
  if (!(value instanceof CelMap)) return undefined;
  const { name } = value.type;
  const isObjectType = name === 'Object' || name.startsWith('Object.');
  if (isObjectType && expected !== undefined && name !== expected) return `unexpected type name "${name}", expected "${expected}", which matches field name path from root Object type`;
  const path = isObjectType ? name : expected;
  return firstOf(value.keys(), (key) => misnamed(value.get(key), path === undefined ? undefined : `${path}.${String(key)}`));
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What would be replaced as a whole, against the author's wish. */
function atomicPaths(value: unknown, type: Type, path: string): readonly string[] {
  if (Array.isArray(value) && type.kind === 'list') {
    return [...(type.merge === 'atomic' ? [path] : []), ...value.flatMap((item, index) => atomicPaths(item, type.item, `${path}[${index}]`))];
  }
  if (!isObject(value) || (type.kind !== 'struct' && type.kind !== 'map')) return [];
  const own = type.atomic ? [path] : [];
  return [...own, ...Object.entries(value).flatMap(([name, item]) => {
    const inner = type.kind === 'map' ? type.value : type.fields.get(name)?.type;
    return inner === undefined ? [] : atomicPaths(item, inner, `${path}.${name}`);
  })];
}
