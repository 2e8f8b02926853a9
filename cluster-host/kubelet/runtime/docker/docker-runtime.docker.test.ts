import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureNetwork, removeEverything } from '../../../engine/clusters.ts';
import { connectEngine } from '../../../engine/http-engine.ts';
import { importImage } from '../../../engine/images.ts';
import { systemClock } from '../../../platform/node/clock.ts';
import { type Behaviour, collector, readAll, type RuntimeHarness, runtimeSuite } from '../runtime-suite.ts';
import type { ContainerConfig } from '../runtime.ts';
import { DockerRuntime } from './docker-runtime.ts';

const cluster = 'kubelet-runtime-test';
const commands: Record<Behaviour, readonly string[]> = {
  runs: ['/busybox', 'sleep', '3600'],
  'prints and exits 3': ['/busybox', 'sh', '-c', 'echo one; echo two; exit 3'],
  'cannot start': ['/nosuch'],
};

async function harness(): Promise<RuntimeHarness> {
  const engine = connectEngine();
  await removeEverything(engine, cluster);
  await ensureNetwork(engine, { cluster, name: cluster, subnet: '10.198.0.0/16', gateway: '10.198.0.1' });
  const image = await importImage(engine, { repository: 'kubicle/busybox-test', files: [{ path: 'busybox', mode: 0o755, content: readFileSync('/bin/busybox') }], changes: [] });
  return {
    connect: () => new DockerRuntime({ engine, clock: systemClock, cluster, network: cluster }),
    image,
    ip: '10.198.1.7',
    behave: (behaviour) => ({ command: commands[behaviour], annotations: {} }),
    // The engine's events wake the suite.
    settle: () => new Promise(() => undefined),
    async dispose() {
      await removeEverything(engine, cluster);
      engine.dispose();
    },
  };
}

runtimeSuite(harness);

test('a pod on Docker: exec, attach, port-forward, shared memory volume, statistics', async () => {
  const made = await harness();
  try {
    const runtime = made.connect();
    const pod = { uid: 'aaaaaaaa-2222-4333-8444-555555555555', namespace: 'suite', name: 'extra' };
    const sandbox = await runtime.runSandbox({
      pod, node: 'n', attempt: 0, hostname: 'myhost', handler: '', labels: {}, annotations: { note: 'x' }, network: { mode: 'pod', ip: made.ip },
      hostPid: false, hostIpc: false, sysctls: { 'net.ipv4.ip_unprivileged_port_start': '0' }, memoryVolumes: [{ name: 'mem', sizeLimit: 8_388_608, group: 2000 }],
    });
    const config: ContainerConfig = {
      pod, node: 'n', sandboxId: sandbox.id, name: 'main', attempt: 0, handler: '', image: made.image,
      command: ['/busybox', 'sh', '-c', 'echo $WHO; while read line; do echo "got $line"; done; while true; do echo served | /busybox nc -l -p 8080; done'],
      env: [{ name: 'WHO', value: 'me' }], mounts: [{ containerPath: '/mem', source: { memoryVolume: 'mem' }, readOnly: false, propagation: 'None' }],
      labels: {}, annotations: {}, stdin: true, stdinOnce: true, tty: false, processNamespace: 'pod', hostIpc: false,
      resources: { memoryLimit: 64 * 1024 * 1024, cpuShares: 102, oomScoreAdjust: -997 },
      security: { user: '0', supplementalGroups: [2000], privileged: false, readOnlyRootFilesystem: false, noNewPrivileges: true, addCapabilities: [], dropCapabilities: ['MKNOD'] },
    };
    const id = await runtime.createContainer(config);
    await runtime.startContainer(id);
    const signal = new AbortController().signal;

    const out = collector();
    const errors = collector();
    const code = await runtime.exec(id, ['/busybox', 'sh', '-c', '/busybox cat; echo oops >&2; /busybox mount | /busybox grep "/mem type"; /busybox hostname; exit 5'], { stdin: bytes('typed\n'), stdout: out, stderr: errors, tty: false }, signal);
    expect({ code, errors: errors.text }).toEqual({ code: 5, errors: 'oops\n' });
    expect(out.text).toMatch(/^typed\n.* on \/mem type tmpfs .*size=8192k.*\nmyhost\n$/);

    const attached = collector();
    const attaching = runtime.attach(id, { stdin: bytes('a\nb\n'), stdout: attached, tty: false }, AbortSignal.timeout(1500));
    await attaching;
    expect(attached.text).toBe('got a\ngot b\n');

    const served = collector();
    const forward = async (): Promise<void> => runtime.portForward(sandbox.id, 8080, never(), served, signal);
    for (let tries = 0; tries < 50 && served.text === ''; tries++) await forward().catch(() => systemClock.sleep(20));
    expect(served.text).toBe('served\n');
    await expect(runtime.portForward(sandbox.id, 9, bytes(''), served, signal)).rejects.toThrow('connect: connection refused');

    expect(await readAll(await runtime.logs(id, { tailLines: 3 }, signal))).toBe('me\ngot a\ngot b\n');
    expect(await runtime.stats([id])).toMatchObject([{ containerId: id, workingSet: expect.any(Number), cpuNanoseconds: expect.any(Number) }]);
    await runtime.removeContainer(id);
    await runtime.stopSandbox(sandbox.id);
    await runtime.removeSandbox(sandbox.id);
    expect(execFileSync('docker', ['volume', 'ls', '-q', '--filter', `label=dev.kubicle.cluster=${cluster}`], { encoding: 'utf8' })).toBe('');
  } finally {
    await made.dispose();
  }
});

test('a folder is emptied with the engine’s rights', async () => {
  const made = await harness();
  const folder = await mkdtemp(join(tmpdir(), 'clear-'));
  try {
    await mkdir(join(folder, 'a/b/c'), { recursive: true });
    await Promise.all(Array.from({ length: 200 }, (_, index) => writeFile(join(folder, 'a/b', `file-with-a-long-name-${index}`), 'x')));
    await symlink('/etc', join(folder, 'a/link'));
    await made.connect().clearFolder(folder);
    expect(await readdir(folder)).toEqual([]);
    expect(await readdir('/etc')).not.toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await made.dispose();
  }
});

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  if (text !== '') yield Buffer.from(text);
}

async function* never(): AsyncGenerator<Uint8Array> {
  await new Promise(() => undefined);
  yield new Uint8Array();
}
