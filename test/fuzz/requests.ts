/** Requests to the API server that no honest client would send. */
import { manifestBytes, samples } from './manifests.ts';
import type { Choices } from './random.ts';

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml'];
const bodyTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf', 'text/plain', ''];
const accepts = ['application/json', 'application/yaml', '*/*', 'application/vnd.kubernetes.protobuf', 'application/json;as=Table;v=v1;g=meta.k8s.io', ';;;', 'application/json;as=Nothing'];
const queries = [
  'limit=-1', 'limit=x', 'limit=1', 'continue=garbage', 'continue=e30', 'labelSelector=(((', 'labelSelector=a%20in%20(', 'labelSelector=a=b', 'fieldSelector=no.such=1', 'fieldSelector=metadata.name', 'resourceVersion=abc',
  'resourceVersion=99999999999999999999', 'resourceVersionMatch=Exact', 'watch=true&timeoutSeconds=1', 'watch=maybe&timeoutSeconds=1', 'watch=0', 'dryRun=All', 'dryRun=Some', 'fieldManager=', `fieldManager=${'m'.repeat(200)}`,
  'force=perhaps', 'fieldValidation=Strict', 'fieldValidation=Nope', 'gracePeriodSeconds=-1', 'gracePeriodSeconds=x', 'propagationPolicy=Sideways', 'pretty=1', '%zz=%', 'sendInitialEvents=true', '__proto__=1',
];
const suffixes = ['', '', '', '', '/status', '/scale', '/log', '/exec', '/binding', '/eviction', '/ephemeralcontainers', '/resize', '/nothing', '/', '//', '/..', '/%2e%2e', '/%00'];
const jsonPatches = [
  '[{"op":"replace","path":"/metadata/name","value":"other"}]',
  '[{"op":"remove","path":"/nothing/here"}]',
  '[{"op":"add","path":"/__proto__/polluted","value":1}]',
  '[{"op":"move","from":"/metadata","path":"/metadata/labels"}]',
  '[{"op":"test","path":"","value":null}]',
  '[{"op":"frob"}]',
  '{}',
  '[1]',
];
const otherPaths = ['/api', '/apis', '/apis/none/v1', '/api/v1/none', '/openapi/v3', '/openapi/v3/api/v1', '/api/v2/pods', '/apis/apps/v1/namespaces//deployments', '/%', '/version', '/apis/apps/v1/watch/deployments', '/metrics', '/healthz/none'];

function query(random: Choices): string {
  const parts = Array.from({ length: random.below(3) }, () => random.pick(queries));
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

export function fuzzRequest(random: Choices): FuzzRequest {
  const { path, object } = random.pick(samples);
  const method = random.pick(['POST', 'POST', 'POST', 'PUT', 'PATCH', 'PATCH', 'PATCH', 'GET', 'DELETE', 'HEAD', 'OPTIONS', 'FROB']);
  const name = random.pick(['one', 'two', '__proto__', 'constructor', 'x'.repeat(300), 'A_B', '%F0%9F']);
  const item = method === 'POST' && random.chance(0.8) ? '' : `/${name}${random.pick(suffixes)}`;
  const target = random.chance(0.05) ? random.pick(otherPaths) : path + item;
  const type = method === 'PATCH' ? random.pick([...patchTypes, ...patchTypes, 'application/json']) : random.pick(['application/json', 'application/json', ...bodyTypes]);
  const body = ['GET', 'HEAD', 'OPTIONS'].includes(method)
    ? undefined
    : type.includes('json-patch') && random.chance(0.8)
      ? Buffer.from(random.pick(jsonPatches))
      : manifestBytes(object, random, type.includes('yaml'));
  return { method, path: target + query(random), headers: { ...(type === '' ? {} : { 'content-type': type }), accept: random.pick(accepts) }, body };
}
