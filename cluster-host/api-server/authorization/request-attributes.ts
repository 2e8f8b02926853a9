/** What a request asks leave for. */
import { parseFieldSelector, type FieldSelector } from '../../api/selectors/field-selector.ts';
import type { Requirement } from '../../api/selectors/label-selector.ts';
import { parseSelector } from '../../api/selectors/label-selector-parser.ts';
import type { RequestContext } from '../request.ts';
import type { Attributes } from './authorizer.ts';

type Selectors = { readonly fieldSelector?: FieldSelector; readonly labelSelector?: readonly Requirement[] };

const selecting: ReadonlySet<string> = new Set(['list', 'watch', 'deletecollection']);

export function attributesOf({ info, user, request: { query } }: RequestContext): Attributes {
  const { verb, path, group, version, resource, subresource, namespace, name } = info;
  if (!info.isResource) return { type: 'path', user, verb, path };
  return { type: 'resource', user, verb, group, version, resource, subresource, namespace, name, ...(selecting.has(verb) ? selectorsOf(query) : {}) };
}

/** Selectors that cannot be read confine nothing here; whoever serves the request refuses them. */
function selectorsOf(query: URLSearchParams): Selectors {
  return { ...fieldsOf(query.get('fieldSelector') ?? ''), ...labelsOf(query.get('labelSelector') ?? '') };
}

function fieldsOf(text: string): Selectors {
  const parsed = text === '' ? undefined : parseFieldSelector(text);
  return parsed?.ok === true && parsed.value.length > 0 ? { fieldSelector: parsed.value } : {};
}

function labelsOf(text: string): Selectors {
  const parsed = text === '' ? undefined : parseSelector(text);
  return parsed?.ok === true && parsed.value.requirements.length > 0 ? { labelSelector: parsed.value.requirements } : {};
}
