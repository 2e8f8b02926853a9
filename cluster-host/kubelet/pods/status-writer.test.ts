import { expect, test } from 'vitest';
import type { V1Pod } from '../../api/generated/types.ts';
import { ApiError } from '../../client/client.ts';
import { pods } from '../../client/resources.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { StatusWriter } from './status-writer.ts';

const webPod: V1Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, spec: { containers: [] } };

async function writer() {
  const { api, client, clock, log } = testSurroundings();
  const pod = await client.resource(pods, 'default').create(webPod);
  const made = new StatusWriter(client, clock, log, pod);
  const patches = () => api.requests.filter(({ method }) => method === 'PATCH').length;
  return { api, client, clock, log, pod, writer: made, patches, status: () => api.objects('pods')[0]?.status };
}

test('the newest status is written, each once', async () => {
  const { writer: made, patches, status } = await writer();
  made.write({ phase: 'Pending', reason: 'A' });
  made.write({ phase: 'Pending', reason: 'B' });
  made.write({ phase: 'Running' });
  await made.flushed();
  expect(status()).toMatchObject({ phase: 'Running' });
  expect(patches()).toBe(2);
  made.write({ phase: 'Running' });
  await made.flushed();
  expect(patches()).toBe(2);
});

test('the next status is made from the one on its way', async () => {
  const { writer: made } = await writer();
  made.write({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:01Z' }] });
  expect(made.latest?.conditions?.[0]?.lastTransitionTime).toBe('2026-01-01T00:00:01Z');
  await made.flushed();
  expect(made.latest?.phase).toBe('Running');
});

test('conditions of others stay, and do not count as a difference', async () => {
  const { writer: made, client, patches, status, clock, log } = await writer();
  await client.resource(pods, 'default').patch('web', { status: { conditions: [{ type: 'gate', status: 'True' }] } }, { type: 'strategic', subresource: 'status' });
  const before = patches();
  made.write({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] });
  await made.flushed();
  expect(status().conditions).toHaveLength(2);
  const again = new StatusWriter(client, clock, log, await client.resource(pods, 'default').get('web'));
  again.write({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] });
  await again.flushed();
  expect(patches()).toBe(before + 1);
});

test('a pod that is gone ends the writing', async () => {
  const { writer: made, client, patches } = await writer();
  await client.resource(pods, 'default').delete('web', { gracePeriodSeconds: 0 });
  made.write({ phase: 'Failed' });
  await made.flushed();
  made.write({ phase: 'Succeeded' });
  await made.flushed();
  expect(patches()).toBe(1);
});

test('a conflict with another writer is no end: the status is written again', async () => {
  const { api, client, clock, log } = testSurroundings({ before: ({ method }) => (method === 'PATCH' && conflicts-- > 0 ? new ApiError({ code: 409, reason: 'Conflict', message: 'the object has been modified' }) : undefined) });
  let conflicts = 1;
  const made = new StatusWriter(client, clock, log, await client.resource(pods, 'default').create(webPod));
  made.write({ phase: 'Running' });
  await clock.advance(1_000);
  await made.flushed();
  expect(api.objects('pods')[0]?.status).toMatchObject({ phase: 'Running' });
});
