/** (e) A list of 5,000 pods, beside a bare HTTPS server that sends the same bytes. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { loadCredentials } from '../../cluster-host/pki/credentials.ts';
import { silentLogger } from '../../cluster-host/platform/node/logger.ts';
import { nodePlatform } from '../../cluster-host/platform/node/platform.ts';
import { memoryDisk } from '../../cluster-host/platform/simulated/disk.ts';
import { apiOf, type Api } from './api.ts';
import { startHost } from './host.ts';
import { median, printRow } from './report.ts';

const count = 5000;
const runs = 7;
const path = '/api/v1/namespaces/default/pods';

function pod(index: number): object {
  const container = (name: string) => ({
    name,
    image: 'registry.example/team/service:1.2.3',
    args: ['--listen=:8080', '--log-level=info', `--shard=${index}`],
    env: Array.from({ length: 20 }, (_, number) => ({ name: `SETTING_${number}`, value: `value ${number} of ${index}` })),
    ports: [{ name: `http-${name}`, containerPort: 8080 + name.length }],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${String(index).padStart(5, '0')}`, labels: { app: `app-${index % 50}`, tier: 'web' }, annotations: { note: 'x'.repeat(500) } },
    // No scheduler answers to this name: the pods stay as they are.
    spec: { schedulerName: 'nobody', containers: [container('main'), container('side')] },
  };
}

async function create(api: Api): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await api.must('POST', path, pod(next++));
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

async function time(api: Api, target: string): Promise<{ readonly took: number; readonly body: Buffer }> {
  const times: number[] = [];
  let body: Buffer = Buffer.alloc(0);
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    ({ body } = await api.call('GET', target));
    times.push(performance.now() - start);
  }
  return { took: median(times), body };
}

/** What a server that has the bytes at hand takes. */
async function floorFor(body: Buffer): Promise<number> {
  const platform = { ...nodePlatform(silentLogger), disk: memoryDisk() };
  const { serving, authority } = await loadCredentials(platform, '/pki', ['127.0.0.1']);
  const server = createServer({ key: serving.key, cert: serving.certificate }, (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { took } = await time(apiOf({ url: `https://127.0.0.1:${port}`, ca: authority.certificate, token: '' }), '/');
  server.closeAllConnections();
  server.close();
  return took;
}

export async function benchLists(): Promise<void> {
  await using host = await startHost('simulated');
  const api = apiOf(host.file);
  const start = performance.now();
  await create(api);
  printRow({ name: `create ${count} pods, 16 connections`, value: (count / (performance.now() - start)) * 1000, unit: '/s' });
  const list = await time(api, path);
  printRow({ name: `list ${count} pods: bytes`, value: list.body.length / 1e6, unit: 'MB' });
  printRow({ name: `list ${count} pods`, value: list.took, unit: 'ms', floor: await floorFor(list.body), floorName: 'node:https sending the same bytes' });
}
