/** What form of an answer a client takes: its `Accept` header (https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources). */
import { notAcceptable } from '../failure.ts';

export type Media = 'json' | 'yaml';
/** The object itself, or a transformation of it. */
export type Form = 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

export interface Accepted {
  readonly media: Media;
  readonly form: Form;
  /** Group-version of a transformation: `meta.k8s.io/v1`. */
  readonly apiVersion: string;
}

export const mediaTypes: Readonly<Record<Media, string>> = { json: 'application/json', yaml: 'application/yaml' };
const plainJson: Accepted = { media: 'json', form: 'object', apiVersion: '' };
const forms: ReadonlySet<string> = new Set<Form>(['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']);

/** Headers repeat from request to request; what they mean does not change. */
const known = new Map<string, Accepted | undefined>();
const mostKnown = 200;

/** Throws 406 when nothing that the client takes can be made. `transformable`: Tables and partial objects are on offer. */
export function acceptedBy(header: string | undefined, transformable: boolean): Accepted {
  if (header === undefined || header === '' || header === '*/*' || header === mediaTypes.json) return plainJson;
  const key = `${transformable}${header}`;
  if (!known.has(key)) {
    if (known.size >= mostKnown) known.clear();
    known.set(key, firstAcceptable(header, transformable));
  }
  const accepted = known.get(key);
  if (accepted === undefined) throw notAcceptable(Object.values(mediaTypes));
  return accepted;
}

interface Clause {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

function firstAcceptable(header: string, transformable: boolean): Accepted | undefined {
  const clauses = header.split(',').map(parseClause).filter(({ quality }) => quality > 0);
  for (const clause of clauses.toSorted((a, b) => b.quality - a.quality)) {
    const media = mediaOf(clause.type);
    if (media === undefined) continue;
    const form = clause.parameters.get('as');
    if (form === undefined) return { ...plainJson, media };
    const group = clause.parameters.get('g') ?? '';
    const version = clause.parameters.get('v') ?? '';
    if (transformable && forms.has(form) && group === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1')) {
      return { media, form: form as Form, apiVersion: `${group}/${version}` };
    }
  }
  return undefined;
}

function parseClause(text: string): Clause {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map(rest.map((part): [string, string] => {
    const at = part.indexOf('=');
    return at < 0 ? [part, ''] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  }));
  const quality = Number(parameters.get('q') ?? '1');
  return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 1 : quality };
}

function mediaOf(type: string): Media | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
  return type === 'application/yaml' ? 'yaml' : undefined;
}
