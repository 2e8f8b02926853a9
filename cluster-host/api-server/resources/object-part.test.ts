/** `ephemeralcontainers` and `resize` of pods, through the whole request chain. */
import { beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let it: TestServer;
const pods = '/api/v1/namespaces/default/pods';
const strategic = { headers: { 'content-type': 'application/strategic-merge-patch+json' } };
const merge = { headers: { 'content-type': 'application/merge-patch+json' } };

beforeEach(async () => {
  it = await createTestServer();
  await it.create('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  await it.create(pods, { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '100m' } } }] } });
});

async function change(subresource: string, spec: object, options = strategic): Promise<[number, any]> {
  const { status, body } = await it.call('PATCH', `${pods}/p/${subresource}`, JSON.stringify({ spec }), options);
  return [status, status === 200 ? body : body.message];
}

test('resize changes amounts, and counts as a new generation', async () => {
  const [, pod] = await change('resize', { containers: [{ name: 'c', image: 'other', resources: { requests: { cpu: '200m' } } }] });
  expect(pod.spec.containers[0]).toMatchObject({ image: 'i', resources: { requests: { cpu: '200m' } } });
  expect(pod.metadata.generation).toBe(2);
});

test.each([
  [{ containers: [{ name: 'd', image: 'i' }] }, 'spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize'],
  [{ containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '100m' } } }, { name: 'd', image: 'i' }] }, 'spec.containers: Forbidden: containers may not be added or removed on resize'],
  [{ containers: [{ name: 'c', image: 'i' }] }, 'Pod QOS Class may not change as a result of resizing'],
  [{ containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '-1' } } }] }, 'spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
])('resize to %j: %s', async (spec, message) => {
  const [status, text] = await change('resize', spec, merge);
  expect([status, text]).toEqual([422, expect.stringContaining(message)]);
});

test('ephemeral containers are added, and stay as they are', async () => {
  const debug = { name: 'debug', image: 'i' };
  expect((await change('ephemeralcontainers', { ephemeralContainers: [debug] }))[1].metadata.generation).toBe(2);
  expect(await change('ephemeralcontainers', { ephemeralContainers: [{ ...debug, image: 'j' }] })).toEqual([422, expect.stringContaining('existing ephemeral containers "debug" may not be changed')]);
  expect(await change('ephemeralcontainers', { ephemeralContainers: [] }, merge)).toEqual([422, expect.stringContaining('existing ephemeral containers "debug" may not be removed')]);
  expect((await change('ephemeralcontainers', { ephemeralContainers: [{ name: 'c', image: 'i' }] }))[0]).toBe(422);
});
