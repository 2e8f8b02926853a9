/** TokenRequest: a short-lived token for a service account (https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/). */
import { plainDocument } from '../../api/decode/parsed.ts';
import { invalid as invalidField, required } from '../../api/field-errors.ts';
import type { FieldError } from '../../api/field-error.ts';
import type { AuthenticationV1TokenRequest, V1Pod, V1TokenRequestSpec } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Platform } from '../../platform/platform.ts';
import type { BoundObject, ServiceAccountTokens, TokenClaims } from '../tokens.ts';
import { badRequest, conflict, invalid } from '../failure.ts';
import { decodeDocument, type DocumentKind } from '../handlers/decode-object.ts';
import { readDocument } from '../negotiation/body.ts';
import { timestamp } from '../registry/metadata.ts';
import type { Registries } from '../registry/registries.ts';
import type { ResourceStrategy } from './strategy.ts';

const requestKind: DocumentKind = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', model: 'AuthenticationV1TokenRequest' };
const shortest = 600;
const longest = 2 ** 32;
const usual = 3600;

export interface TokenIssuing {
  readonly tokens: ServiceAccountTokens;
  readonly platform: Platform;
  readonly registries: () => Registries;
  /** Audiences of a token that names none. */
  readonly audiences: readonly string[];
}

export function serviceAccountStrategy(issuing: TokenIssuing): ResourceStrategy {
  return {
    returnsDeleted: true,
    subresources: {
      token: {
        async create({ context, registry, namespace, name }) {
          const document = await readDocument(context.request, 'TokenRequest');
          const request = decodeDocument(context, document ?? plainDocument(undefined), requestKind, 'Ignore') as unknown as AuthenticationV1TokenRequest;
          const { object: account } = await registry.get(namespace, name);
          const spec = completed(request.spec, issuing.audiences);
          const claims: TokenClaims = {
            namespace,
            serviceAccount: { name, uid: account.metadata?.uid ?? '' },
            audiences: spec.audiences,
            ...(await boundObjects(issuing.registries(), namespace, name, spec)),
            ...times(issuing.platform.clock.now(), spec.expirationSeconds),
            id: issuing.platform.random.uuid(),
          };
          const status = { token: await issuing.tokens.sign(claims), expirationTimestamp: timestamp(claims.expiresAt * 1000) };
          const metadata = { name, namespace, creationTimestamp: timestamp(claims.issuedAt * 1000) };
          const { kind } = requestKind;
          return { type: 'object', status: 201, object: { kind, apiVersion: 'authentication.k8s.io/v1', metadata, spec, status } as KubeObject };
        },
      },
    },
  };
}

function completed(spec: V1TokenRequestSpec | undefined, audiences: readonly string[]): V1TokenRequestSpec & { audiences: string[]; expirationSeconds: number } {
  const expirationSeconds = spec?.expirationSeconds ?? usual;
  const errors: FieldError[] = [];
  if (expirationSeconds < shortest) errors.push(invalidField('spec.expirationSeconds', expirationSeconds, 'may not specify a duration less than 10 minutes'));
  if (expirationSeconds > longest) errors.push(invalidField('spec.expirationSeconds', expirationSeconds, 'may not specify a duration larger than 2^32 seconds'));
  if (spec?.boundObjectRef !== undefined && (spec.boundObjectRef.name ?? '') === '') errors.push(required('spec.boundObjectRef.name'));
  if (errors.length > 0) throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', errors);
  return { ...spec, audiences: (spec?.audiences ?? []).length > 0 ? [...(spec?.audiences ?? [])] : [...audiences], expirationSeconds };
}

function times(now: number, seconds: number): Pick<TokenClaims, 'issuedAt' | 'expiresAt'> {
  const issuedAt = Math.floor(now / 1000);
  return { issuedAt, expiresAt: issuedAt + seconds };
}

/** What the token ends with: a pod of the account, a secret, or a node. */
async function boundObjects(registries: Registries, namespace: string, account: string, { boundObjectRef }: V1TokenRequestSpec): Promise<Pick<TokenClaims, 'pod' | 'secret' | 'node'>> {
  if (boundObjectRef === undefined) return {};
  const { kind = '', name = '', uid = '' } = boundObjectRef;
  const plural = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }[kind];
  if (plural === undefined) throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(account)} to object of kind ${JSON.stringify(kind)}`);
  const { object } = await registries.need('', 'v1', plural).get(plural === 'nodes' ? '' : namespace, name);
  const actual = object.metadata?.uid ?? '';
  if (uid !== '' && uid !== actual) throw conflict({ group: '', plural }, name, `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`);
  const bound: BoundObject = { name, uid: actual };
  if (kind === 'Secret') return { secret: bound };
  if (kind === 'Node') return { node: bound };
  const { spec }: V1Pod = object;
  if ((spec?.serviceAccountName ?? '') !== account) throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`);
  const node = await registries.find('', 'v1', 'nodes')?.find('', spec?.nodeName ?? '');
  return { pod: bound, ...(node === undefined ? {} : { node: { name: node.object.metadata?.name ?? '', uid: node.object.metadata?.uid ?? '' } }) };
}
