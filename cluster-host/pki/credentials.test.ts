import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { silentLogger } from '../platform/node/logger.ts';
import { systemClock } from '../platform/node/clock.ts';
import { systemRandom } from '../platform/node/random.ts';
import { memoryDisk } from '../platform/simulated/disk.ts';
import type { Platform } from '../platform/platform.ts';
import { loadCredentials, type ClusterCredentials } from './credentials.ts';

function platform(): Platform {
  return { clock: systemClock, random: systemRandom, log: silentLogger, disk: memoryDisk() };
}

async function peerSeenByServer(credentials: ClusterCredentials): Promise<{ CN: string; O: string }> {
  const server = createServer({
    key: credentials.serving.key,
    cert: credentials.serving.certificate,
    ca: credentials.authority.certificate,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const seen = new Promise<{ CN: string; O: string }>((resolve) => {
    server.on('request', (incoming, response) => {
      resolve((incoming.socket as TLSSocket).getPeerCertificate().subject as unknown as { CN: string; O: string });
      response.end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { administrator } = credentials;
  request({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    ca: credentials.authority.certificate,
    cert: administrator.certificate,
    key: administrator.key,
    agent: false,
  }).end();
  const subject = await seen;
  server.close();
  return subject;
}

test('server and administrator trust each other through the CA', async () => {
  const credentials = await loadCredentials(platform(), '/state/pki', ['127.0.0.1', 'localhost', 'kubernetes.default.svc']);
  expect(await peerSeenByServer(credentials)).toMatchObject({ CN: 'kubernetes-admin', O: 'system:masters' });
});

test('a second load gives the same credentials; new hosts change the serving certificate only', async () => {
  const world = platform();
  const first = await loadCredentials(world, '/state/pki', ['127.0.0.1']);
  expect(await loadCredentials(world, '/state/pki', ['127.0.0.1'])).toEqual(first);
  const moved = await loadCredentials(world, '/state/pki', ['127.0.0.1', '10.244.0.1']);
  expect(moved.serving.certificate).not.toBe(first.serving.certificate);
  expect({ ...moved, serving: undefined }).toEqual({ ...first, serving: undefined });
});
