/** May somebody do something? (https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access) */
import type {
  V1FieldSelectorAttributes,
  V1FieldSelectorRequirement,
  V1LabelSelectorAttributes,
  V1LabelSelectorRequirement,
  V1ResourceAttributes,
  V1SubjectAccessReview,
  V1SubjectAccessReviewSpec,
  V1SubjectAccessReviewStatus,
} from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { parseFieldSelector, type FieldRequirement } from '../../api/selectors/field-selector.ts';
import { requirement, type Operator, type Requirement } from '../../api/selectors/label-selector.ts';
import { parseSelector } from '../../api/selectors/label-selector-parser.ts';
import type { Attributes, Authorizer } from '../authorization/authorizer.ts';
import type { UserInfo } from '../server.ts';

/** The verdict about whom the review names. */
export function reviewSubject(authorizer: Authorizer, review: KubeObject): Promise<V1SubjectAccessReviewStatus> {
  const { spec } = review as V1SubjectAccessReview & KubeObject;
  const user: UserInfo = { name: spec.user ?? '', groups: spec.groups ?? [], ...(spec.uid === undefined ? {} : { uid: spec.uid }), ...(spec.extra === undefined ? {} : { extra: spec.extra }) };
  return reviewSelf(authorizer, user, review);
}

/** The verdict about who asks. */
export async function reviewSelf(authorizer: Authorizer, user: UserInfo, review: KubeObject): Promise<V1SubjectAccessReviewStatus> {
  const { attributes, problems } = questionOf(user, (review as V1SubjectAccessReview & KubeObject).spec);
  const { decision, reason } = await authorizer.authorize(attributes);
  return {
    allowed: decision === 'allow',
    ...(decision === 'deny' ? { denied: true } : {}),
    ...(reason === '' ? {} : { reason }),
    ...(problems.length === 0 ? {} : { evaluationError: problems.join('; ') }),
  };
}

interface Question {
  readonly attributes: Attributes;
  /** What of it was not understood. */
  readonly problems: readonly string[];
}

function questionOf(user: UserInfo, { resourceAttributes, nonResourceAttributes }: V1SubjectAccessReviewSpec): Question {
  if (resourceAttributes !== undefined) return resourceQuestion(user, resourceAttributes);
  const { path = '', verb = '' } = nonResourceAttributes ?? {};
  return { attributes: { type: 'path', user, verb, path }, problems: [] };
}

function resourceQuestion(user: UserInfo, asked: V1ResourceAttributes): Question {
  const { verb = '', group = '', version = '', resource = '', subresource = '', namespace = '', name = '' } = asked;
  const fields = fieldRequirements(asked.fieldSelector);
  const labels = labelRequirements(asked.labelSelector);
  return {
    attributes: {
      type: 'resource',
      user,
      verb,
      group,
      version: version === '' ? '*' : version,
      resource,
      subresource,
      namespace,
      name,
      ...(fields.understood.length === 0 ? {} : { fieldSelector: fields.understood }),
      ...(labels.understood.length === 0 ? {} : { labelSelector: labels.understood }),
    },
    problems: [...ignored('fieldSelector', fields), ...ignored('labelSelector', labels)],
  };
}

interface Selected<T> {
  readonly understood: readonly T[];
  readonly complete: boolean;
}

function ignored(selector: string, { understood, complete }: Selected<unknown>): readonly string[] {
  return complete ? [] : [`spec.resourceAttributes.${selector} ${understood.length === 0 ? '' : 'partially '}ignored due to parse error`];
}

function fieldRequirements({ rawSelector = '', requirements = [] }: V1FieldSelectorAttributes = {}): Selected<FieldRequirement> {
  if (rawSelector !== '') {
    const parsed = parseFieldSelector(rawSelector);
    return parsed.ok ? { understood: parsed.value, complete: true } : { understood: [], complete: false };
  }
  const understood = requirements.flatMap(fieldRequirement);
  return { understood, complete: understood.length === requirements.length };
}

/** One value, equal or not, is all that fields can be asked for. */
function fieldRequirement({ key, operator, values = [] }: V1FieldSelectorRequirement): readonly FieldRequirement[] {
  const [value] = values;
  if (values.length !== 1 || value === undefined || (operator !== 'In' && operator !== 'NotIn')) return [];
  return [{ field: key, equal: operator === 'In', value }];
}

const operators: Readonly<Record<string, Operator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' };

function labelRequirements({ rawSelector = '', requirements = [] }: V1LabelSelectorAttributes = {}): Selected<Requirement> {
  if (rawSelector !== '') {
    const parsed = parseSelector(rawSelector);
    return parsed.ok ? { understood: parsed.value.requirements, complete: true } : { understood: [], complete: false };
  }
  const understood = requirements.flatMap(labelRequirement);
  return { understood, complete: understood.length === requirements.length };
}

function labelRequirement({ key, operator, values = [] }: V1LabelSelectorRequirement): readonly Requirement[] {
  const known = operators[operator];
  const made = known === undefined ? undefined : requirement(key, known, values);
  return made?.ok === true ? [made.value] : [];
}
