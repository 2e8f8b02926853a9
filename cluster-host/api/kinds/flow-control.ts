/** Which requests wait for which (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/). */
import { fill, fillEmpty } from '../defaults/fill.ts';
import { duplicate, forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type {
  FlowcontrolV1Subject,
  V1FlowSchema,
  V1FlowSchemaSpec,
  V1LimitedPriorityLevelConfiguration,
  V1NonResourcePolicyRule,
  V1PolicyRulesWithSubjects,
  V1PriorityLevelConfiguration,
  V1PriorityLevelConfigurationSpec,
  V1QueuingConfiguration,
  V1ResourcePolicyRule,
} from '../generated/types.ts';
import { nameIsDnsLabel, nameIsDnsSubdomain } from '../names.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, nonNegative, oneOf, requiredText } from '../validation/errors.ts';
import { ageColumn, none, text } from './columns.ts';
import { authoredMetadata, defineKind } from './define-kind.ts';
import { mandatoryLevels, mandatorySchemas } from './flow-control-mandatory.ts';

const group = 'flowcontrol.apiserver.k8s.io';
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
const maxPrecedence = 10_000;
const maxQueues = 10_000_000;

export const flowSchema = defineKind<V1FlowSchema>({
  group,
  kind: 'FlowSchema',
  plural: 'flowschemas',
  namespaced: false,
  setDefaults({ spec }) {
    if (spec) fillEmpty(spec, { matchingPrecedence: 1000 });
  },
  generationOf: ['spec'],
  *validate({ metadata, spec }) {
    if (!spec) return;
    const name = metadata?.name ?? '';
    yield* validateSchema(spec, name);
    const fixed = mandatorySchemas.get(name);
    if (fixed && !equal(spec, fixed)) yield invalid('spec', spec, `spec of '${name}' must equal the fixed value`);
  },
  status: { keptMetadata: authoredMetadata, validateUpdate: validateConditions },
  columns: [
    text('PriorityLevel', 'The level its requests have.', ({ spec }) => spec?.priorityLevelConfiguration?.name ?? ''),
    text('MatchingPrecedence', 'When it is asked; less comes first.', ({ spec }) => spec?.matchingPrecedence ?? 0),
    text('DistinguisherMethod', 'How its flows are told apart.', ({ spec }) => spec?.distinguisherMethod?.type ?? none),
    ageColumn,
    text('MissingPL', 'Whether its level is missing.', ({ status }) => status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?'),
  ],
});

export const priorityLevelConfiguration = defineKind<V1PriorityLevelConfiguration>({
  group,
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  namespaced: false,
  setDefaults({ spec }) {
    if (spec?.exempt) fill(spec.exempt, { nominalConcurrencyShares: 0, lendablePercent: 0 });
    if (!spec?.limited) return;
    fill(spec.limited, { nominalConcurrencyShares: 30, lendablePercent: 0 });
    const { limitResponse } = spec.limited;
    if (limitResponse?.type === 'Queue') {
      limitResponse.queuing ??= {};
      fillEmpty(limitResponse.queuing, { queues: 64, handSize: 8, queueLengthLimit: 50 });
    }
  },
  generationOf: ['spec'],
  *validate({ metadata, spec }) {
    if (!spec) return;
    const name = metadata?.name ?? '';
    yield* validateLevel(spec, name);
    // How many seats the exempt may lend is for the cluster's owner to say.
    const fixed = mandatoryLevels.get(name);
    const exception = fixed?.exempt ? " except the 'spec.exempt' field" : '';
    if (fixed && !equal({ ...spec, exempt: fixed.exempt }, fixed)) yield invalid('spec', spec, `spec of '${name}'${exception} must equal the fixed value`);
  },
  status: { keptMetadata: authoredMetadata, validateUpdate: validateConditions },
  columns: [
    text('Type', 'Limited or exempt.', ({ spec }) => spec?.type ?? ''),
    text('NominalConcurrencyShares', 'Its share of the seats.', ({ spec }) => (spec?.limited ?? spec?.exempt)?.nominalConcurrencyShares ?? none),
    text('Queues', 'How many queues it has.', ({ spec }) => spec?.limited?.limitResponse?.queuing?.queues ?? none),
    text('HandSize', 'Among how many queues a flow chooses.', ({ spec }) => spec?.limited?.limitResponse?.queuing?.handSize ?? none),
    text('QueueLengthLimit', 'How many requests may wait in a queue.', ({ spec }) => spec?.limited?.limitResponse?.queuing?.queueLengthLimit ?? none),
    ageColumn,
  ],
});

function* validateConditions({ status }: V1FlowSchema | V1PriorityLevelConfiguration): Errors {
  const seen = new Set<string>();
  for (const [index, { type = '' }] of (status?.conditions ?? []).entries()) {
    const at = `status.conditions[${index}].type`;
    if (seen.has(type)) yield duplicate(at, type);
    seen.add(type);
    yield* requiredText(at, type, 'must not be empty');
  }
}

function* validateSchema(spec: V1FlowSchemaSpec, name: string): Errors {
  const { matchingPrecedence: precedence = 0, distinguisherMethod } = spec;
  const field = 'spec.matchingPrecedence';
  if (precedence <= 0) yield invalid(field, precedence, 'must be a positive value');
  if (precedence > maxPrecedence) yield invalid(field, precedence, `must not be greater than ${maxPrecedence}`);
  if (precedence === 1 && name !== 'exempt') yield invalid(field, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
  if (distinguisherMethod && !['ByNamespace', 'ByUser'].includes(distinguisherMethod.type)) {
    yield notSupported('spec.distinguisherMethod.type', distinguisherMethod, ['ByNamespace', 'ByUser']);
  }
  const level = spec.priorityLevelConfiguration?.name ?? '';
  if (level === '') yield required('spec.priorityLevelConfiguration.name', 'must reference a priority level');
  else yield* invalidFor('spec.priorityLevelConfiguration.name', level, nameIsDnsSubdomain(level, false));
  for (const [index, rule] of (spec.rules ?? []).entries()) yield* validateRules(rule, `spec.rules[${index}]`);
}

function* validateRules({ subjects, resourceRules = [], nonResourceRules = [] }: V1PolicyRulesWithSubjects, field: string): Errors {
  if ((subjects ?? []).length === 0) yield required(`${field}.subjects`, 'subjects must contain at least one value');
  for (const [index, subject] of (subjects ?? []).entries()) yield* validateSubject(subject, `${field}.subjects[${index}]`);
  if (resourceRules.length + nonResourceRules.length === 0) yield required(field, 'at least one of resourceRules and nonResourceRules has to be non-empty');
  for (const [index, rule] of resourceRules.entries()) yield* validateResourceRule(rule, `${field}.resourceRules[${index}]`);
  for (const [index, rule] of nonResourceRules.entries()) yield* validateNonResourceRule(rule, `${field}.nonResourceRules[${index}]`);
}

const subjectFields = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' } as const;

function* validateSubject(subject: FlowcontrolV1Subject, field: string): Errors {
  const expected = Object.entries(subjectFields).find(([kind]) => kind === subject.kind);
  if (expected === undefined) {
    yield notSupported(`${field}.kind`, subject.kind ?? '', Object.keys(subjectFields).toSorted());
    return;
  }
  const [kind, name] = expected;
  const named = subject[name];
  if (!named) yield required(`${field}.${name}`, `${name} is required when subject kind is '${kind}'`);
  else yield* requiredText(`${field}.${name}.name`, named.name);
  if (subject.serviceAccount && kind === 'ServiceAccount') yield* validateAccount(subject.serviceAccount, `${field}.serviceAccount`);
  for (const [otherKind, other] of Object.entries(subjectFields)) {
    if (otherKind !== kind && subject[other]) yield forbidden(`${field}.${other}`, `${other} is forbidden when subject kind is not '${otherKind}'`);
  }
}

function* validateAccount({ name, namespace }: { readonly name: string; readonly namespace: string }, field: string): Errors {
  if (name && name !== '*') yield* invalidFor(`${field}.name`, name, nameIsDnsSubdomain(name, false));
  if (namespace) yield* invalidFor(`${field}.namespace`, namespace, nameIsDnsLabel(namespace, false));
  else yield required(`${field}.namespace`, 'must specify namespace for service account');
}

/** A list that is either `*` or names what is meant. */
function* wildcardOr(values: readonly string[] | undefined, field: string, missing: string, others: string): Errors {
  if ((values ?? []).length === 0) yield required(field, missing);
  else if (values?.includes('*') && values.length > 1) yield invalid(field, values, `if '*' is present, must not specify other ${others}`);
}

function* validateVerbs(given: readonly string[] | undefined, field: string): Errors {
  yield* wildcardOr(given, `${field}.verbs`, 'verbs must contain at least one value', 'verbs');
  if (!given?.includes('*') && given?.some((verb) => !verbs.includes(verb))) yield notSupported(`${field}.verbs`, given, verbs);
}

function* validateResourceRule(rule: V1ResourcePolicyRule, field: string): Errors {
  yield* validateVerbs(rule.verbs, field);
  yield* wildcardOr(rule.apiGroups, `${field}.apiGroups`, 'resource rules must supply at least one api group', 'api groups');
  yield* wildcardOr(rule.resources, `${field}.resources`, 'resource rules must supply at least one resource', 'resources');
  const namespaces = rule.namespaces ?? [];
  if (namespaces.length === 0 && rule.clusterScope === true) return;
  yield* wildcardOr(namespaces, `${field}.namespaces`, 'resource rules that are not cluster scoped must supply at least one namespace', 'namespaces');
  if (namespaces.includes('*')) return;
  for (const [index, name] of namespaces.entries()) {
    for (const problem of nameIsDnsLabel(name, false)) yield invalid(`${field}.namespaces[${index}]`, name, `each member of this list must be '*' or a DNS-1123 label; ${problem}`);
  }
}

function* validateNonResourceRule({ verbs: given, nonResourceURLs: urls }: V1NonResourcePolicyRule, field: string): Errors {
  yield* validateVerbs(given, field);
  yield* wildcardOr(urls, `${field}.nonResourceURLs`, 'nonResourceURLs must contain at least one value', 'non-resource URLs');
  if (urls?.includes('*')) return;
  for (const [index, url] of (urls ?? []).entries()) {
    const problem = urlProblem(url);
    if (problem) yield invalid(`${field}.nonResourceURLs[${index}]`, url, problem);
  }
}

function urlProblem(url: string): string | undefined {
  if (url === '') return 'must not be empty';
  if (url === '/') return undefined;
  if (!url.startsWith('/')) return 'must start with slash';
  if (url.includes(' ')) return 'must not contain white-space';
  if (url.includes('//')) return 'must not contain double slash';
  const wildcard = url.indexOf('*');
  return wildcard === -1 || (wildcard === url.length - 1 && url.endsWith('/*')) ? undefined : 'wildcard can only do suffix matching';
}

function* validateLevel(spec: V1PriorityLevelConfigurationSpec, name: string): Errors {
  if ((name === 'exempt') !== (spec.type === 'Exempt')) yield invalid('spec.type', spec.type ?? '', "type must be 'Exempt' if and only if name is 'exempt'");
  if (spec.type === 'Exempt') {
    if (spec.limited) yield forbidden('spec.limited', 'must be nil if the type is not Limited');
    yield* nonNegative('spec.exempt.nominalConcurrencyShares', spec.exempt?.nominalConcurrencyShares);
    yield* percent('spec.exempt.lendablePercent', spec.exempt?.lendablePercent);
  } else if (spec.type === 'Limited') {
    if (spec.exempt) yield forbidden('spec.exempt', 'must be nil if the type is Limited');
    if (spec.limited) yield* validateLimited(spec.limited, 'spec.limited');
    else yield required('spec.limited', 'must not be empty when type is Limited');
  } else {
    yield notSupported('spec.type', spec.type ?? '', ['Exempt', 'Limited']);
  }
}

function* percent(field: string, value: number | undefined): Errors {
  if (value !== undefined && (value < 0 || value > 100)) yield invalid(field, value, 'must be between 0 and 100, inclusive');
}

function* validateLimited(limited: V1LimitedPriorityLevelConfiguration, field: string): Errors {
  const { nominalConcurrencyShares: shares = 0, borrowingLimitPercent, limitResponse } = limited;
  if (shares < 0) yield invalid(`${field}.nominalConcurrencyShares`, shares, 'must be a non-negative integer');
  yield* percent(`${field}.lendablePercent`, limited.lendablePercent);
  if (borrowingLimitPercent !== undefined && borrowingLimitPercent < 0) yield invalid(`${field}.borrowingLimitPercent`, borrowingLimitPercent, 'if specified, must be a non-negative integer');
  const at = `${field}.limitResponse`;
  const queuing = limitResponse?.queuing;
  yield* oneOf(`${at}.type`, limitResponse?.type, ['Queue', 'Reject']);
  if (limitResponse?.type === 'Reject' && queuing) yield forbidden(`${at}.queuing`, 'must be nil if limited.limitResponse.type is not Limited');
  if (limitResponse?.type !== 'Queue') return;
  if (queuing) yield* validateQueuing(queuing, `${at}.queuing`);
  else yield required(`${at}.queuing`, 'must not be empty if limited.limitResponse.type is Limited');
}

function* validateQueuing({ queues = 0, handSize = 0, queueLengthLimit = 0 }: V1QueuingConfiguration, field: string): Errors {
  if (queueLengthLimit <= 0) yield invalid(`${field}.queueLengthLimit`, queueLengthLimit, 'must be positive');
  if (queues <= 0) yield invalid(`${field}.queues`, queues, 'must be positive');
  else if (queues > maxQueues) yield invalid(`${field}.queues`, queues, `must not be greater than ${maxQueues}`);
  if (handSize <= 0) yield invalid(`${field}.handSize`, handSize, 'must be positive');
  else if (handSize > queues) yield invalid(`${field}.handSize`, handSize, `should not be greater than queues (${queues})`);
  else {
    let entropy = 0;
    for (let index = 0; index < handSize; index++) entropy += Math.log2(queues - index);
    if (Math.ceil(entropy) > 60) yield invalid(`${field}.handSize`, handSize, `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than 60`);
  }
}
