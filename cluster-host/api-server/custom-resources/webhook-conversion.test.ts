/** Custom resources in several versions, converted by an HTTPS server of this test. */
import { createServer, type Server } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../api/object.ts';
import { createAuthority, issueCertificate } from '../../pki/certificates.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let it: TestServer;
let hook: Server;
let clientConfig: object;
let asked: any[];
/** What the webhook makes of one object. */
let convert: (object: any, apiVersion: string) => object;
let result: object;

beforeAll(async () => {
  const authority = createAuthority('test', Date.now());
  const { certificate, key } = issueCertificate(authority, { commonName: 'hook', usage: 'server', hosts: ['127.0.0.1'] }, Date.now());
  hook = createServer({ cert: certificate, key }, (message, response) => {
    void text(message).then((body) => {
      const { request, apiVersion, kind } = JSON.parse(body);
      asked.push({ ...request, apiVersion, kind });
      const convertedObjects = request.objects.map((object: any) => convert(object, request.desiredAPIVersion));
      response.end(JSON.stringify({ kind, apiVersion, response: { uid: request.uid, result, convertedObjects } }));
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  clientConfig = { url: `https://127.0.0.1:${(hook.address() as { port: number }).port}/convert`, caBundle: Buffer.from(authority.certificate).toString('base64') };
});
afterAll(() => void hook.close());

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const hosts = (version: string): string => `/apis/example.com/${version}/namespaces/default/hosts`;
const schema = (properties: object): object => ({ openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } });
const text1 = { type: 'string' };

beforeEach(async () => {
  asked = [];
  result = { status: 'Success' };
  // v1 has host:port in one text, v2 in two.
  convert = ({ spec, ...object }, apiVersion) => {
    if (apiVersion === 'example.com/v2') {
      const [host, port] = spec.address.split(':');
      return { ...object, apiVersion, spec: { host, port } };
    }
    return { ...object, apiVersion, spec: { address: `${spec.host}:${spec.port}` } };
  };
  it = await createTestServer();
  await it.create(definitions, {
    metadata: { name: 'hosts.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'hosts', kind: 'Host' },
      conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig } },
      versions: [
        { name: 'v1', served: true, storage: true, schema: schema({ address: text1 }) },
        { name: 'v2', served: true, storage: false, schema: schema({ host: text1, port: text1 }) },
      ],
    },
  });
  await served();
});

async function served(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if ((await it.call('GET', hosts('v2'))).status === 200) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it is not served');
}

const get = async (version: string, name = 'a'): Promise<any> => (await it.call('GET', `${hosts(version)}/${name}`)).body;

test('objects are written and read in any version', async () => {
  await it.create(hosts('v1'), { metadata: { name: 'a', labels: { x: 'y' } }, spec: { address: 'here:80' } });
  expect(asked).toHaveLength(0);
  expect(await get('v2')).toMatchObject({ apiVersion: 'example.com/v2', metadata: { name: 'a', labels: { x: 'y' } }, spec: { host: 'here', port: '80' } });
  expect(asked[0]).toMatchObject({ kind: 'ConversionReview', apiVersion: 'apiextensions.k8s.io/v1', desiredAPIVersion: 'example.com/v2', objects: [{ apiVersion: 'example.com/v1', spec: { address: 'here:80' } }] });
  const made = await it.create(hosts('v2'), { metadata: { name: 'b' }, spec: { host: 'there', port: '81' } });
  expect(made).toMatchObject({ apiVersion: 'example.com/v2', spec: { host: 'there', port: '81' } });
  expect(await get('v1', 'b')).toMatchObject({ spec: { address: 'there:81' } });
  const { items } = (await it.call('GET', hosts('v2'))).body;
  expect(items.map(({ spec }: any) => spec.host)).toEqual(['here', 'there']);
});

test('watches hear of objects in their version, in order', async () => {
  const heard: string[] = [];
  const watch = it.server.watch({ user: { name: 'kubernetes-admin', groups: ['system:masters'] }, method: 'GET', path: hosts('v2'), query: { watch: 'true' } }, { event: (type, object: KubeObject) => void heard.push(`${type} ${object['spec'].host}`), ended: () => undefined });
  await new Promise((resolve) => setImmediate(resolve));
  await it.create(hosts('v1'), { metadata: { name: 'a' }, spec: { address: 'here:80' } });
  await it.create(hosts('v1'), { metadata: { name: 'b' }, spec: { address: 'there:80' } });
  await expect.poll(() => heard).toEqual(['ADDED here', 'ADDED there']);
  watch.dispose();
});

test.each<[string, () => void, string]>([
  ['fails', () => (result = { status: 'Failed', message: 'no idea' }), 'conversion webhook for example.com/v1, Kind=Host failed: no idea'],
  ['fails without a word', () => (result = { status: 'Failed' }), "conversion webhook for example.com/v1, Kind=Host failed: response.result.status was 'Failed', not 'Success'"],
  ['changes the name', () => (convert = (object, apiVersion) => ({ ...object, apiVersion, metadata: { ...object.metadata, name: 'z' } })), 'conversion webhook for example.com/v1, Kind=Host returned invalid object at index 0: must have the same name: a != z'],
  ['leaves the version', () => (convert = (object) => object), 'conversion webhook for example.com/v1, Kind=Host returned invalid object at index 0: invalid groupVersion (expected example.com/v2, received example.com/v1)'],
])('a webhook that %s is told of', async (_name, change, message) => {
  await it.create(hosts('v1'), { metadata: { name: 'a' }, spec: { address: 'here:80' } });
  change();
  const { status, body } = await it.call('GET', `${hosts('v2')}/a`);
  expect([status, body.message]).toEqual([500, message]);
});

test('rewriting an object stores it in the version of storage', async () => {
  await it.create(hosts('v1'), { metadata: { name: 'a' }, spec: { address: 'here:80' } });
  const live: any = (await it.call('GET', `${definitions}/hosts.example.com`)).body;
  for (const version of live.spec.versions) version.storage = version.name === 'v2';
  const changed = await it.call('PUT', `${definitions}/hosts.example.com`, live);
  expect(changed.body.status.storedVersions).toEqual(['v1', 'v2']);
  await expect.poll(async () => (await it.call('PUT', `${hosts('v2')}/a`, await get('v2'))).status).toBe(200);
  asked = [];
  expect((await get('v2')).spec).toEqual({ host: 'here', port: '80' });
  expect(asked).toHaveLength(0);
});
