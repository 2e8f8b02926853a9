/** (e) A list of 5,000 pods, beside a bare HTTPS server that sends the same bytes. */
import { apiOf, rate, type Api } from './api.ts';
import { startFloor } from './floor.ts';
import { startHost } from './host.ts';
import { median, printRow, timed } from './report.ts';

const count = 5000;
const runs = 9;
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

/** Beside a server that has the same bytes at hand, in turns with it. */
export async function benchList(api: Api, floor: Api, name: string, path: string): Promise<void> {
  const { body } = await api.call('GET', path);
  await floor.call('PUT', '/answer', body);
  const [took, bare]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    took.push(await timed(() => api.call('GET', path)));
    bare.push(await timed(() => floor.call('GET', '/')));
  }
  printRow({ name: `${name}: bytes`, value: body.length / 1e6, unit: 'MB' });
  printRow({ name, value: median(took), unit: 'ms', floor: median(bare), floorName: 'node:https sending the same bytes' });
}

export async function benchLists(): Promise<void> {
  await using host = await startHost('simulated');
  await using floor = await startFloor();
  const api = apiOf(host.file);
  printRow({ name: `create ${count} pods, 16 connections`, value: await rate(count, 16, (index) => api.must('POST', path, pod(index))), unit: '/s' });
  await benchList(api, apiOf(floor.target), `list ${count} pods`, path);
}
