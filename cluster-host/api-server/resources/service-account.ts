/** TokenRequest: a short-lived token for a service account (https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/). */
import { plainDocument } from '../../api/decode/parsed.ts';
import { invalid as invalidField } from '../../api/field-errors.ts';
import type { FieldError } from '../../api/field-error.ts';
import type { AuthenticationV1TokenRequest, V1Pod, V1TokenRequestSpec } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Platform } from '../../platform/platform.ts';
import type { BoundObject, ServiceAccountTokens, TokenClaims } from '../tokens.ts';
import { badRequest, conflict, invalid } from '../failure.ts';
import { decodeDocument, type DocumentKind } from '../handlers/decode-object.ts';
import { writeContextOf } from '../handlers/handler.ts';
import { writeOptionsOf } from '../handlers/options.ts';
import { readDocument } from '../negotiation/body.ts';
import { timestamp } from '../registry/metadata.ts';
import type { Registries } from '../registry/registries.ts';
import type { Answer } from '../request.ts';
import type { ResourceStrategy, SubresourceRequest } from './strategy.ts';

const requestKind: DocumentKind = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', model: 'AuthenticationV1TokenRequest' };
const tokenRequests = { group: requestKind.group, kind: requestKind.kind };
const shortest = 600;
const longest = 2 ** 32;
const usual = 3600;
/** Seconds that tells a token of the ServiceAccount admission plugin: old programs do not read it again in time. */
const tokenOfPlugin = 3607;
/** So such a token lives a year, and says when it was meant to end (KEP-1205). */
const extended = 365 * 24 * 60 * 60;

export interface TokenIssuing {
  readonly tokens: ServiceAccountTokens;
  readonly platform: Platform;
  readonly registries: () => Registries;
  /** Audiences of a token that names none: those of the API server. */
  readonly audiences: readonly string[];
}

type Spec = V1TokenRequestSpec & { audiences: string[]; expirationSeconds: number };

export function serviceAccountStrategy(issuing: TokenIssuing): ResourceStrategy {
  return {
    returnsDeleted: true,
    subresources: { token: { create: (request) => issue(issuing, request) } },
  };
}

async function issue(issuing: TokenIssuing, { context, registry, namespace, name }: SubresourceRequest): Promise<Answer> {
  const document = await readDocument(context.request, 'TokenRequest');
  const sent = decodeDocument(context, document ?? plainDocument(undefined), requestKind, 'Ignore');
  const { dryRun } = writeOptionsOf(context.request.query, 'CreateOptions');
  await registry.admitCreation(namespace, name, 'token', sent, writeContextOf(context, dryRun));
  const { metadata: given, spec: wanted } = sent as unknown as AuthenticationV1TokenRequest;
  checkPlace('name', given?.name, name, 'must match the service account name if specified');
  checkPlace('namespace', given?.namespace, namespace, 'must match the service account namespace if specified');
  const { object: account } = await registry.get(namespace, name);
  const spec = completed(wanted, issuing.audiences);
  const bound = await boundObjects(issuing.registries(), namespace, name, spec);
  const issuedAt = Math.floor(issuing.platform.clock.now() / 1000);
  const claims: TokenClaims = {
    namespace,
    serviceAccount: { name, uid: account.metadata?.uid ?? '' },
    audiences: spec.audiences,
    ...bound,
    issuedAt,
    ...endOf(spec, issuedAt, bound.pod !== undefined && spec.audiences.every((audience) => issuing.audiences.includes(audience))),
    id: issuing.platform.random.uuid(),
  };
  context.annotations['authentication.kubernetes.io/issued-credential-id'] = `JTI=${claims.id}`;
  const status = { token: await issuing.tokens.sign(claims), expirationTimestamp: timestamp((issuedAt + spec.expirationSeconds) * 1000) };
  const metadata = { ...given, name, namespace, creationTimestamp: timestamp(issuedAt * 1000) };
  const { kind } = requestKind;
  return { type: 'object', status: 201, object: { kind, apiVersion: 'authentication.k8s.io/v1', metadata, spec, status } as KubeObject };
}

function checkPlace(field: string, given: string | undefined, actual: string, problem: string): void {
  if ((given ?? '') !== '' && given !== actual) throw invalid(tokenRequests, actual, [invalidField(`metadata.${field}`, given, problem)]);
}

function completed(spec: V1TokenRequestSpec | undefined, audiences: readonly string[]): Spec {
  const expirationSeconds = spec?.expirationSeconds ?? usual;
  const errors: FieldError[] = [];
  if (expirationSeconds < shortest) errors.push(invalidField('spec.expirationSeconds', expirationSeconds, 'may not specify a duration less than 10 minutes'));
  if (expirationSeconds > longest) errors.push(invalidField('spec.expirationSeconds', expirationSeconds, 'may not specify a duration larger than 2^32 seconds'));
  if (errors.length > 0) throw invalid(tokenRequests, '', errors);
  return { ...spec, audiences: (spec?.audiences ?? []).length > 0 ? [...(spec?.audiences ?? [])] : [...audiences], expirationSeconds };
}

function endOf({ expirationSeconds }: Spec, issuedAt: number, forPodAndServer: boolean): Pick<TokenClaims, 'expiresAt' | 'warnAfter'> {
  if (!forPodAndServer || expirationSeconds !== tokenOfPlugin) return { expiresAt: issuedAt + expirationSeconds };
  return { expiresAt: issuedAt + extended, warnAfter: issuedAt + expirationSeconds };
}

/** What the token ends with: a pod of the account, a secret, or a node. */
async function boundObjects(registries: Registries, namespace: string, account: string, { boundObjectRef }: Spec): Promise<Pick<TokenClaims, 'pod' | 'secret' | 'node'>> {
  if (boundObjectRef === undefined) return {};
  const { apiVersion = '', kind = '', name = '', uid = '' } = boundObjectRef;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const plural = group === '' ? { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }[kind] : undefined;
  if (plural === undefined) throw badRequest(`cannot bind token to object of type ${typeText(apiVersion, kind)}`);
  const { object } = await registries.need('', 'v1', plural).get(plural === 'nodes' ? '' : namespace, name);
  const { spec }: V1Pod = object;
  if (kind === 'Pod' && (spec?.serviceAccountName ?? '') !== account) throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`);
  const actual = object.metadata?.uid ?? '';
  if (uid !== '' && uid !== actual) throw conflict({ group: '', plural: kind }, name, `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`);
  const bound: BoundObject = { name, uid: actual };
  if (kind === 'Secret') return { secret: bound };
  if (kind === 'Node') return { node: bound };
  if ((spec?.nodeName ?? '') === '') return { pod: bound };
  const node = await registries.find('', 'v1', 'nodes')?.find('', spec?.nodeName ?? '');
  return { pod: bound, node: { name: spec?.nodeName ?? '', uid: node?.object.metadata?.uid ?? '' } };
}

/** A group, version and kind as Go prints them. */
function typeText(apiVersion: string, kind: string): string {
  const version = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
  return `${version}, Kind=${kind}`;
}
