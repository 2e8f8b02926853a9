/** What form of an answer a client takes: its `Accept` header (https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources). */
import { notAcceptable } from '../failure.ts';

export type Media = 'json' | 'yaml' | 'protobuf';
/** The object itself, or a transformation of it. */
export type Form = 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

export interface Accepted {
  readonly media: Media;
  /** Of a client that prefers protobuf: what else it takes, for kinds that have no such form. */
  readonly fallback?: Media;
  readonly form: Form;
  /** Group-version of a transformation: `meta.k8s.io/v1`. */
  readonly apiVersion: string;
}

export const mediaTypes: Readonly<Record<Media, string>> = { json: 'application/json', yaml: 'application/yaml', protobuf: 'application/vnd.kubernetes.protobuf' };
const plainJson: Accepted = { media: 'json', form: 'object', apiVersion: '' };
const forms: ReadonlySet<string> = new Set<Form>(['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']);

/** Headers repeat from request to request; what they mean does not change. */
const known = new Map<string, Accepted | undefined>();
const mostKnown = 200;

/** Throws 406 when nothing that the client takes can be made. `tables`: Tables are on offer. */
export function acceptedBy(header: string | undefined, tables: boolean): Accepted {
  if (header === undefined || header === '' || header === '*/*' || header === mediaTypes.json) return plainJson;
  const key = `${tables}${header}`;
  if (!known.has(key)) {
    if (known.size >= mostKnown) known.clear();
    known.set(key, firstAcceptable(header, tables));
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

function firstAcceptable(header: string, tables: boolean): Accepted | undefined {
  const clauses = header.split(',').map(parseClause).filter(({ quality }) => quality > 0).toSorted((a, b) => b.quality - a.quality);
  const acceptable = clauses.flatMap((clause) => acceptableOf(clause, tables) ?? []);
  const [first] = acceptable;
  if (first?.media !== 'protobuf') return first;
  const fallback = acceptable.find(({ media, form }) => media !== 'protobuf' && form === 'object')?.media;
  return fallback === undefined ? first : { ...first, fallback };
}

function acceptableOf({ type, parameters }: Clause, tables: boolean): Accepted | undefined {
  const media = mediaOf(type);
  if (media === undefined) return undefined;
  const form = parameters.get('as');
  if (form === undefined) return { ...plainJson, media };
  const group = parameters.get('g') ?? '';
  const version = parameters.get('v') ?? '';
  // Transformations are made as JSON and YAML alone.
  const known = media !== 'protobuf' && forms.has(form) && (form !== 'Table' || tables) && group === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1');
  return known ? { media, form: form as Form, apiVersion: `${group}/${version}` } : undefined;
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
  if (type === mediaTypes.protobuf) return 'protobuf';
  return type === mediaTypes.yaml ? 'yaml' : undefined;
}
