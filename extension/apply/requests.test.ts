import { describe, expect, it } from 'vitest';
import { ApiError, type ApiRequest, type Client } from '../../cluster-host/client/client.ts';
import { Discovery } from '../clusters/discovery.ts';
import type { Manifest } from './manifest.ts';
import { applyManifest } from './requests.ts';

const manifest: Manifest = { index: 0, apiVersion: 'v1', kind: 'ConfigMap', name: 'a', text: 'kind: ConfigMap' };

/** A server that knows ConfigMaps, with what it answers to GET and PATCH. */
function target(answer: (request: ApiRequest) => unknown): { readonly sent: ApiRequest[]; readonly client: Client; readonly discovery: Discovery; readonly namespace: string } {
  const sent: ApiRequest[] = [];
  const client = {
    request: (request: ApiRequest) => {
      if (request.path === '/api/v1') {
        return Promise.resolve({ status: 200, headers: {}, body: { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['watch'] }] } });
      }
      sent.push(request);
      const body = answer(request);
      return body instanceof Error ? Promise.reject(body) : Promise.resolve({ status: 200, headers: {}, body });
    },
  } as unknown as Client;
  return { sent, client, discovery: new Discovery(client), namespace: 'shop' };
}

const missing = new ApiError({ code: 404, reason: 'NotFound', message: 'not found' });
const managedFields = [{ manager: 'kubicle', operation: 'Apply', fieldsV1: { 'f:data': { 'f:greeting': {} } } }];
const version = (resourceVersion: string, greeting = 'hello'): unknown => ({ metadata: { resourceVersion, managedFields }, data: { greeting } });

describe('applyManifest', () => {
  it.each<[string, unknown, unknown]>([
    ['created', missing, version('1')],
    ['configured', version('1'), version('2', 'salut')],
    ['unchanged', version('1'), version('2')],
  ])('%s', async (result, before, after) => {
    const server = target(({ method }) => (method === 'GET' ? before : after));
    expect(await applyManifest(server, manifest)).toMatchObject({ result });
    expect(server.sent.at(-1)).toMatchObject({
      method: 'PATCH',
      path: '/api/v1/namespaces/shop/configmaps/a',
      query: { fieldManager: 'kubicle', force: 'false' },
      headers: { 'content-type': 'application/apply-patch+yaml' },
    });
  });

  it('names a kind that the cluster does not have', async () => {
    const outcome = await applyManifest(target(() => missing), { ...manifest, kind: 'Gadget' });
    expect(outcome).toMatchObject({ result: 'failed', error: { message: 'The cluster knows no kind "Gadget" in version "v1".' } });
  });

  it('wants a name', async () => {
    expect(await applyManifest(target(() => missing), { ...manifest, name: '' })).toMatchObject({ result: 'failed' });
  });
});
