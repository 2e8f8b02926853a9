/**
 * Rules in the schemas of custom resources: they compile, and stay within what evaluating them may cost
 * (https://kubernetes.io/docs/reference/using-api/cel/#estimated-cost-limits).
 */
import { unlimited } from '../cel/cost.ts';
import type { Expression } from '../cel/environment.ts';
import { RuleCompiler } from '../custom/compiled-rules.ts';
import { declaredType, escapedName, maxOccurrences, type DeclaredType } from '../custom/declared-types.ts';
import { additionalOf, isEmbedded, itemsOf, propertiesOf } from '../custom/schema.ts';
import { forbidden, invalid } from '../field-errors.ts';
import type { V1JSONSchemaProps, V1ValidationRule } from '../generated/types.ts';
import type { Errors } from './errors.ts';

const ruleLimit = 10_000_000;
const schemaLimit = 100_000_000;
const shownExpensive = 4;

/** For a schema that is in order otherwise. */
export function* validateRuleExpressions(schema: V1JSONSchemaProps, field: string): Errors {
  const costs = new Costs();
  const root = declaredType(schema, true);
  if (root === undefined) return;
  yield* validateNode({ schema, field, type: root, occurrences: 1 }, costs);
  yield* costs.problems(field);
}

interface Node {
  readonly schema: V1JSONSchemaProps;
  readonly field: string;
  readonly type: DeclaredType | undefined;
  /** How often it comes in one object at most; undefined where the schemas around it set no limit. */
  readonly occurrences: number | undefined;
  /** The collection whose items cannot be told from before. */
  readonly uncorrelated?: string;
}

function* validateNode(node: Node, costs: Costs): Errors {
  const { schema, field, type, uncorrelated } = node;
  const below = { occurrences: occurrencesBelow(node), ...(uncorrelated !== undefined && { uncorrelated }) };
  const additional = additionalOf(schema);
  if (additional !== undefined) yield* validateNode({ ...below, schema: additional, field: `${field}.additionalProperties`, type: type?.element }, costs);
  for (const [name, property] of propertiesOf(schema)) yield* validateNode({ ...below, schema: property, field: `${field}.properties[${name}]`, type: propertyType(type, name, property) }, costs);
  const items = itemsOf(schema);
  const isCorrelated = schema['x-kubernetes-list-type'] === 'map';
  if (items !== undefined) yield* validateNode({ ...below, ...(!isCorrelated && { uncorrelated: field }), schema: items, field: `${field}.items`, type: type?.element }, costs);
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0 || type === undefined) return;
  const compiler = new RuleCompiler(type);
  for (const [index, rule] of rules.entries()) yield* validateRule(rule, `${field}.x-kubernetes-validations[${index}]`, node, type, compiler, costs);
}

function propertyType(type: DeclaredType | undefined, name: string, property: V1JSONSchemaProps): DeclaredType | undefined {
  const spelled = escapedName(name);
  const known = spelled === undefined ? undefined : type?.fields?.get(spelled)?.type;
  return known ?? declaredType(property, isEmbedded(property));
}

function occurrencesBelow({ schema, occurrences }: Node): number | undefined {
  const factor = schema.type === 'array' ? schema.maxItems : additionalOf(schema) !== undefined ? schema.maxProperties : 1;
  return occurrences === undefined || factor === undefined ? undefined : Math.min(occurrences * Math.max(factor, 0), unlimited);
}

function* validateRule(rule: V1ValidationRule, field: string, { occurrences, uncorrelated }: Node, type: DeclaredType, compiler: RuleCompiler, costs: Costs): Errors {
  const compiled = compiler.compileRule(rule);
  if (!compiled.ok) {
    yield invalid(`${field}.rule`, shownRule(rule), compiled.error);
    return;
  }
  yield* costs.add(`${field}.rule`, 'estimated rule cost', Math.min(compiler.maxCost(compiled.value) * (occurrences ?? maxOccurrences(type)), unlimited));
  if (rule.messageExpression) {
    const message = compiler.compileMessage(rule);
    if (!message.ok) yield invalid(`${field}.messageExpression`, shownRule(rule), message.error);
    else yield* costs.add(`${field}.messageExpression`, 'estimated messageExpression cost', compiler.maxCost(message.value));
  }
  yield* validateOldSelf(rule, field, compiled.value, uncorrelated);
}

function* validateOldSelf({ rule, optionalOldSelf }: V1ValidationRule, field: string, { variables }: Expression, uncorrelated: string | undefined): Errors {
  if (!variables.has('oldSelf')) {
    if (optionalOldSelf !== undefined) yield invalid(`${field}.optionalOldSelf`, optionalOldSelf, 'may not be set if oldSelf is not used in rule');
  } else if (uncorrelated !== undefined) yield invalid(`${field}.rule`, rule, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`);
}

/** As Kubernetes shows a rule: every field, by the names that its code uses. */
function shownRule({ rule, message = '', messageExpression = '', reason, fieldPath = '', optionalOldSelf }: V1ValidationRule): object {
  return { Rule: rule, Message: message, MessageExpression: messageExpression, Reason: reason ?? null, FieldPath: fieldPath, OptionalOldSelf: optionalOldSelf ?? null };
}

/** What the rules of one schema cost together. */
class Costs {
  #total = 0;
  readonly #expensive: { readonly field: string; readonly cost: number }[] = [];

  *add(field: string, what: string, cost: number): Errors {
    if (cost > ruleLimit) yield forbidden(field, costMessage(what, cost, ruleLimit));
    this.#total = Math.min(this.#total + cost, unlimited);
    if (cost >= schemaLimit / 100) this.#expensive.push({ field, cost });
  }

  *problems(field: string): Errors {
    if (this.#total <= schemaLimit) return;
    for (const { field: at } of this.#expensive.toSorted((a, b) => b.cost - a.cost).slice(0, shownExpensive)) yield forbidden(at, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema');
    yield forbidden(field, costMessage('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema', this.#total, schemaLimit));
  }
}

function costMessage(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const shown = factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
  return `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}
