/** Warnings about expressions that do not fit the kinds they are meant for (https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#type-checking). Pure. */
import type { Type } from '../catalogue/schema.ts';
import { boolType, bytesType, doubleType, dynType, intType, listOf, mapOf, stringType, structType, timestampType, type CelType } from '../cel/types.ts';
import type { V1ExpressionWarning, V1NamedRuleWithOperations, V1ValidatingAdmissionPolicy } from '../generated/types.ts';
import { apiVersionOf, parseApiVersion, type GroupVersionKind } from '../object.ts';
import { admissionEnvironment, compileExpression, type EnvironmentOptions } from './environment.ts';
import { compileVariables } from './validating-policy.ts';

/** A kind as it is served, with its schema. */
export interface CheckedKind extends GroupVersionKind {
  readonly plural: string;
  readonly type: Type;
}

/** Of one rule at most so many are looked at. */
const maxKinds = 10;

export function expressionWarnings({ spec = {} }: V1ValidatingAdmissionPolicy, served: readonly CheckedKind[]): V1ExpressionWarning[] {
  const kinds = kindsMeant(spec.matchConstraints?.resourceRules ?? [], served);
  const { paramKind, variables = [] } = spec;
  const paramVersion = parseApiVersion(paramKind?.apiVersion ?? '');
  const params = served.find(({ group, version, kind }) => kind === paramKind?.kind && group === paramVersion?.group && version === paramVersion.version);
  const base: EnvironmentOptions = { hasParams: paramKind !== undefined, hasAuthorizer: true, ...(params && { params: celType(params.type, params.kind) }) };
  const environments = kinds.map((kind) => {
    const options = { ...base, object: celType(kind.type, kind.kind) };
    return { kind, environment: admissionEnvironment({ ...options, variables: compileVariables(variables, options).types }) };
  });
  const warningOf = (expression: string): string =>
    environments
      .flatMap(({ kind, environment }) => {
        const compiled = compileExpression(environment, expression);
        return compiled.ok ? [] : [`${apiVersionOf(kind)}, Kind=${kind.kind}: ${compiled.error}\n`];
      })
      .join('\n');
  return (spec.validations ?? []).flatMap(({ expression, messageExpression = '' }, index) =>
    [['expression', expression], ['messageExpression', messageExpression]].flatMap(([field = '', source = '']) => {
      const warning = source === '' ? '' : warningOf(source);
      return warning === '' ? [] : [{ fieldRef: `spec.validations[${index}].${field}`, warning }];
    }),
  );
}

/** Rules with wildcards name no kinds. */
function kindsMeant(rules: readonly V1NamedRuleWithOperations[], served: readonly CheckedKind[]): readonly CheckedKind[] {
  const found = rules.flatMap(({ apiGroups = [], apiVersions = [], resources = [] }) => {
    if ([...apiGroups, ...apiVersions].some((name) => name.includes('*'))) return [];
    const plain = resources.filter((name) => !/[*/]/.test(name));
    return served.filter(({ group, version, plural }) => apiGroups.includes(group) && apiVersions.includes(version) && plain.includes(plural)).slice(0, maxKinds);
  });
  const order = ({ group, version, kind }: CheckedKind): string => `${group} ${version} ${kind}`;
  return [...new Set(found)].toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Types may refer to themselves: fields are made when they are asked for. */
class LazyFields extends Map<string, CelType> {
  readonly #make: (name: string) => CelType | undefined;
  constructor(make: (name: string) => CelType | undefined) {
    super();
    this.#make = make;
  }
  override get(name: string): CelType | undefined {
    const known = super.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name);
    if (made !== undefined) this.set(name, made);
    return made;
  }
}

function celType(type: Type, path: string): CelType {
  switch (type.kind) {
    case 'list':
      return listOf(celType(type.item, `${path}.@idx`));
    case 'map':
      return mapOf(stringType, celType(type.value, `${path}.@elem`));
    case 'struct':
      return structType(
        path,
        new LazyFields((name) => {
          const field = type.fields.get(name.replaceAll('__dash__', '-').replaceAll(/^__(\w+)__$/g, '$1'));
          return field === undefined ? undefined : celType(field.type, `${path}.${name}`);
        }),
      );
    case 'scalar':
      return scalars[type.scalar] ?? dynType;
  }
}

const scalars: Readonly<Record<string, CelType>> = { string: stringType, quantity: stringType, bool: boolType, int32: intType, int64: intType, float64: doubleType, bytes: bytesType, time: timestampType, microTime: timestampType };
