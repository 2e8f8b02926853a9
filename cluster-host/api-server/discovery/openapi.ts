/** `/openapi/v2` and `/openapi/v3`: documents that are made when they are first asked for, and kept until their kinds change. */
import type { KindDefinition } from '../../api/kind.ts';
import { apiVersionOf } from '../../api/object.ts';
import { openApiV2, openApiV3 } from '../../api/openapi/documents.ts';
import { notAcceptable } from '../failure.ts';
import { mediaTypes } from '../negotiation/accept.ts';
import type { Answer, RequestContext } from '../request.ts';
import type { Step } from '../request-chain.ts';
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
const protobufV2 = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

export function openApiRoutes(definitions: () => readonly KindDefinition[]): Step {
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
    if (path === '/openapi/v2') return answer(checkedV2(context), await document('v2', definitions(), () => openApiV2(definitions())), '');
    const served = servedGroups(definitions()).flatMap(({ name, versions }) => versions.map((version) => ({ group: name, version })));
    if (path === '/openapi/v3') return index(served, ofVersion);
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

async function index(served: readonly GroupVersion[], ofVersion: (group: string, version: string) => Promise<Document>): Promise<Answer> {
  const entries = served.map(async (one): Promise<[string, object]> => {
    const { hash } = await ofVersion(one.group, one.version);
    return [pathOf(one), { serverRelativeURL: `/openapi/v3/${pathOf(one)}?hash=${hash}` }];
  });
  return { type: 'text', status: 200, contentType: mediaTypes.json, text: JSON.stringify({ paths: Object.fromEntries(await Promise.all(entries)) }) };
}

function answer({ request }: RequestContext, { text, hash }: Document, caching: string): Answer {
  const headers = { etag: `"${hash}"`, vary: 'Accept', ...(caching === '' ? {} : { 'cache-control': caching }) };
  if (request.headers['if-none-match'] === `"${hash}"`) return { type: 'text', status: 304, contentType: mediaTypes.json, text: '', headers };
  return { type: 'text', status: 200, contentType: mediaTypes.json, text, headers };
}

function checkedV2(context: RequestContext): RequestContext {
  const accept = context.request.headers['accept'] ?? '*/*';
  if (accept.split(',').every((clause) => clause.trim().startsWith(protobufV2))) throw notAcceptable([mediaTypes.json]);
  return context;
}

/** As Kubernetes writes it: SHA-512 in upper-case hexadecimal digits. */
async function hashed(text: string): Promise<Document> {
  const digest = await crypto.subtle.digest('SHA-512', new TextEncoder().encode(text));
  return { text, hash: Buffer.from(digest).toString('hex').toUpperCase() };
}
