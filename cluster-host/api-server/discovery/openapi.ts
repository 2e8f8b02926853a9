/** `/openapi/v2` and `/openapi/v3`: documents that are made when they are first asked for, and kept until their kinds change. */
import type { KindDefinition } from '../../api/kind.ts';
import { apiVersionOf } from '../../api/object.ts';
import { openApiV2, openApiV3 } from '../../api/openapi/documents.ts';
import { openApiV2Protobuf } from '../../api/openapi/protobuf.ts';
import { mediaTypes } from '../negotiation/accept.ts';
import type { Answer, RequestContext } from '../request.ts';
import type { Step } from '../request-chain.ts';
import type { RemoteService } from '../aggregation/aggregator.ts';
import { servedGroups } from './documents.ts';

interface Document {
  readonly text: string;
  readonly hash: string;
}

/** A document and the kinds that it was made of. */
interface Kept {
  readonly kinds: readonly KindDefinition[];
  readonly document: Promise<Document>;
}

const longLived = 'public, immutable';
/** Clients write it with `@`, which is no media type; answers name it with a dot. */
const protobufV2 = /^application\/com\.github\.proto-openapi\.spec\.v2[@.]v1\.0\+protobuf/;
const protobufV2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** `remotes` tell of theirs by themselves: only their addresses stand here. */
export function openApiRoutes(definitions: () => readonly KindDefinition[], remotes: () => readonly RemoteService[]): Step {
  const documents = new Map<string, Kept>();
  const document = (name: string, kinds: readonly KindDefinition[], make: () => object): Promise<Document> => {
    let kept = documents.get(name);
    if (kept === undefined || kept.kinds.length !== kinds.length || kept.kinds.some((kind, index) => kind !== kinds[index])) {
      kept = { kinds, document: hashed(JSON.stringify(make())) };
      documents.set(name, kept);
    }
    return kept.document;
  };
  const ofVersion = (group: string, version: string): Promise<Document> => {
    const kinds = definitions().filter((kind) => kind.group === group && kind.version === version);
    return document(apiVersionOf({ group, version }), kinds, () => openApiV3(kinds, group, version));
  };
  return async (context) => {
    const { path, verb } = context.info;
    if (verb !== 'get' || !path.startsWith('/openapi/v')) return undefined;
    if (path === '/openapi/v2') {
      const found = await document('v2', definitions(), () => openApiV2(definitions()));
      return wantsProtobuf(context) ? protobufAnswer(context, found) : answer(context, found, '');
    }
    const served = servedGroups(definitions()).flatMap(({ name, versions }) => versions.map((version) => ({ group: name, version })));
    if (path === '/openapi/v3') return index(served, remotes(), ofVersion);
    const wanted = served.find((one) => path === `/openapi/v3/${pathOf(one)}`);
    if (wanted === undefined) return undefined;
    const asked = context.request.query.get('hash');
    const found = await ofVersion(wanted.group, wanted.version);
    // An address with the right hash is that of this document for ever.
    return answer(context, found, asked === found.hash ? longLived : 'no-cache, private');
  };
}

type GroupVersion = Pick<KindDefinition, 'group' | 'version'>;

function pathOf({ group, version }: GroupVersion): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

async function index(served: readonly GroupVersion[], remotes: readonly RemoteService[], ofVersion: (group: string, version: string) => Promise<Document>): Promise<Answer> {
  const entries = served.map(async (one): Promise<[string, object]> => {
    const { hash } = await ofVersion(one.group, one.version);
    return [pathOf(one), { serverRelativeURL: `/openapi/v3/${pathOf(one)}?hash=${hash}` }];
  });
  return { type: 'text', status: 200, contentType: mediaTypes.json, text: JSON.stringify({ paths: { ...Object.fromEntries(await Promise.all(entries)), ...remotePaths(remotes) } }) };
}

function remotePaths(remotes: readonly RemoteService[]): Record<string, object> {
  const available = remotes.filter(({ isAvailable }) => isAvailable);
  return Object.fromEntries(
    available.map(({ service: { spec, metadata } }) => {
      const path = pathOf({ group: spec?.group ?? '', version: spec?.version ?? '' });
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${metadata?.resourceVersion ?? ''}` }];
    }),
  );
}

function answer({ request }: RequestContext, { text, hash }: Document, caching: string): Answer {
  const headers = { etag: `"${hash}"`, vary: 'Accept', ...(caching === '' ? {} : { 'cache-control': caching }) };
  if (request.headers['if-none-match'] === `"${hash}"`) return { type: 'text', status: 304, contentType: mediaTypes.json, text: '', headers };
  return { type: 'text', status: 200, contentType: mediaTypes.json, text, headers };
}

/** Clients from before 1.24 take nothing else. */
function wantsProtobuf({ request }: RequestContext): boolean {
  return protobufV2.test(request.headers['accept'] ?? '');
}

function protobufAnswer(context: RequestContext, found: Document): Answer {
  const same = answer(context, found, '');
  return same.type === 'text' && same.status === 200 ? { ...same, contentType: protobufV2Type, text: openApiV2Protobuf(JSON.parse(found.text)) } : same;
}

/** As Kubernetes writes it: SHA-512 in upper-case hexadecimal digits. */
async function hashed(text: string): Promise<Document> {
  const digest = await crypto.subtle.digest('SHA-512', new TextEncoder().encode(text));
  return { text, hash: Buffer.from(digest).toString('hex').toUpperCase() };
}
