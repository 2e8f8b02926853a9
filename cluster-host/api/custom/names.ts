/** Which names a CustomResourceDefinition gets: those that no other of its group has already. */
import type { V1CustomResourceDefinition, V1CustomResourceDefinitionNames } from '../generated/types.ts';
import { quote } from '../text.ts';

export interface AcceptedNames {
  readonly names: V1CustomResourceDefinitionNames;
  /** What is in the way, as the condition `NamesAccepted` tells it; undefined where nothing is. */
  readonly conflict?: { readonly reason: string; readonly message: string };
}

const none: V1CustomResourceDefinitionNames = { plural: '', kind: '' };

/** `others` are the definitions that were there before. A name that is taken keeps its accepted value. */
export function acceptNames(definition: V1CustomResourceDefinition, others: readonly V1CustomResourceDefinition[]): AcceptedNames {
  const { group, names: wanted } = definition.spec;
  const accepted = definition.status?.acceptedNames ?? none;
  const taken = others.filter((other) => other.spec.group === group && other.metadata?.name !== definition.metadata?.name).map(({ status }) => status?.acceptedNames ?? none);
  const resources = new Set(taken.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular ?? '', ...shortNames]).filter((name) => name !== ''));
  const kinds = new Set(taken.flatMap(({ kind, listKind }) => [kind, listKind ?? '']).filter((name) => name !== ''));
  const problems: { reason: string; message: string }[] = [];
  const free = (what: string, name: string, used: ReadonlySet<string>): boolean => {
    if (!used.has(name)) return true;
    problems.push({ reason: `${what}Conflict`, message: `${quote(name)} is already in use` });
    return false;
  };
  const names: V1CustomResourceDefinitionNames = { ...accepted };
  if (free('Plural', wanted.plural, resources)) names.plural = wanted.plural;
  if (free('Singular', wanted.singular ?? '', resources)) names.singular = wanted.singular ?? '';
  const shortNames = wanted.shortNames ?? [];
  if (shortNames.filter((name) => !free('ShortNames', name, resources)).length === 0) names.shortNames = shortNames;
  if (free('Kind', wanted.kind, kinds)) names.kind = wanted.kind;
  if (free('ListKind', wanted.listKind ?? '', kinds)) names.listKind = wanted.listKind ?? '';
  names.categories = wanted.categories ?? [];
  for (const list of ['shortNames', 'categories'] as const) if (names[list]?.length === 0) delete names[list];
  const [first] = problems;
  return first === undefined ? { names } : { names, conflict: { reason: first.reason, message: problems.map(({ message }) => message).join(', ') } };
}
