/**
 * `npm run fuzz [-- SEED [COUNT]]`: sends requests gone wrong to a cluster of the simulated runtime, and manifests gone wrong through the
 * editor's checks. Nothing may be answered with a 500, left without an answer, or end the host.
 */
import { Agent, request } from 'node:https';
import { Validation } from '../../language/validate/validate.ts';
import type { HostFile } from '../../cluster-host/control-protocol.ts';
import { TestCluster } from '../support/kubicle.ts';
import { manifestBytes, samples } from './manifests.ts';
import { choicesOf } from './random.ts';
import { fuzzRequest, type FuzzRequest } from './requests.ts';

const seed = Number(process.argv[2] ?? 1);
const count = Number(process.argv[3] ?? 3000);
const atOnce = 8;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

interface Reply {
  readonly status: number;
  readonly text: string;
}

function send(host: HostFile, { method, path, headers, body }: FuzzRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(host.url);
    const call = request({ hostname, port, method, path, agent, ca: host.ca, headers: { ...headers, authorization: `Bearer ${host.token}` }, timeout: 30_000 }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    call.on('timeout', () => call.destroy(new Error('no answer in 30 s')));
    call.on('error', reject);
    call.end(body);
  });
}

/** What is wrong with the answer, undefined where nothing is. */
async function problemOf(host: HostFile, wanted: FuzzRequest): Promise<string | undefined> {
  try {
    const { status, text } = await send(host, wanted);
    return status === 500 || status < 100 ? `${status} ${text.slice(0, 300)}` : undefined;
  } catch (error) {
    // Node's own client refuses some paths and methods.
    return (error as NodeJS.ErrnoException).code?.startsWith('ERR_') === true ? undefined : String(error);
  }
}

async function fuzzApi(): Promise<number> {
  await using cluster = new TestCluster('fuzz', 'simulated');
  await cluster.up();
  const host = cluster.file;
  let [next, failed] = [0, 0];
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const wanted = fuzzRequest(choicesOf(seed * 1_000_003 + index));
      const problem = await problemOf(host, wanted);
      if (problem === undefined) continue;
      failed += 1;
      console.log(`#${index} ${wanted.method} ${wanted.path} ${JSON.stringify(wanted.headers)} ${wanted.body?.toString('utf8', 0, 300) ?? ''}\n  ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const alive = await send(host, { method: 'GET', path: '/readyz', headers: {}, body: undefined });
  if (alive.status !== 200) failed += 1;
  agent.destroy();
  return failed;
}

function fuzzEditor(): number {
  let failed = 0;
  for (let index = 0; index < count; index++) {
    const random = choicesOf(seed * 7_000_003 + index);
    const text = manifestBytes(random.pick(samples).object, random, random.chance(0.8)).toString('utf8');
    try {
      const validation = new Validation(() => 0);
      validation.add({ uri: 'file:///fuzz.yaml', name: 'fuzz.yaml', text, named: true });
      validation.report();
    } catch (error) {
      failed += 1;
      console.log(`editor #${index}: ${String((error as Error).stack).slice(0, 400)}\n${text.slice(0, 300)}`);
    }
  }
  return failed;
}

const failed = fuzzEditor() + (await fuzzApi());
if (({} as { polluted?: unknown }).polluted !== undefined) throw new Error('Object.prototype was changed');
console.log(`${2 * count - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
