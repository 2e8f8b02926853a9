/** What every runtime must do, run against each of them by its own test file. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ByteSink, ByteSource } from '../../platform/streams.ts';
import type { Container, ContainerConfig, ContainerRuntime, PodIdentity, SandboxConfig } from './runtime.ts';

/** What a container of the suite does; a harness says how its runtime is told. */
export type Behaviour = 'runs' | 'prints and exits 3' | 'cannot start';

export interface RuntimeHarness {
  /** A runtime over what is there; asked again, another one over the same, as after a restart of the host. */
  connect(): ContainerRuntime;
  /** An image that is there. */
  readonly image: string;
  /** Address for a pod. */
  readonly ip: string;
  behave(behaviour: Behaviour): { readonly command: readonly string[]; readonly annotations: Readonly<Record<string, string>> };
  /** Lets what is under way happen. */
  settle(): Promise<void>;
  dispose(): Promise<void>;
}

const pod: PodIdentity = { uid: '11111111-2222-4333-8444-555555555555', namespace: 'suite', name: 'web' };
const node = 'suite-node';

function sandboxOf(harness: RuntimeHarness, behaviour: Behaviour, attempt = 0): SandboxConfig {
  return {
    pod,
    node,
    attempt,
    hostname: 'web',
    handler: '',
    labels: { app: 'web' },
    annotations: harness.behave(behaviour).annotations,
    network: { mode: 'pod', ip: harness.ip },
    hostPid: false,
    hostIpc: false,
    sysctls: {},
    memoryVolumes: [],
  };
}

function containerOf(harness: RuntimeHarness, sandboxId: string, behaviour: Behaviour, attempt = 0): ContainerConfig {
  return {
    pod,
    node,
    sandboxId,
    name: 'main',
    attempt,
    handler: '',
    image: harness.image,
    command: harness.behave(behaviour).command,
    env: [{ name: 'GREETING', value: 'hello' }],
    mounts: [],
    labels: {},
    annotations: {},
    stdin: false,
    stdinOnce: false,
    tty: false,
    processNamespace: 'container',
    hostIpc: false,
    resources: {},
    security: { supplementalGroups: [], privileged: false, readOnlyRootFilesystem: false, noNewPrivileges: false, addCapabilities: [], dropCapabilities: [] },
  };
}

export async function readAll(source: ByteSource): Promise<string> {
  let text = '';
  for await (const chunk of source) text += new TextDecoder().decode(chunk);
  return text;
}

export function collector(): ByteSink & { text: string } {
  return {
    text: '',
    write(chunk) {
      this.text += new TextDecoder().decode(chunk);
      return Promise.resolve();
    },
    end: () => undefined,
  };
}

export function runtimeSuite(makeHarness: () => Promise<RuntimeHarness>): void {
  let harness: RuntimeHarness;
  let runtime: ContainerRuntime;
  beforeEach(async () => {
    harness = await makeHarness();
    runtime = harness.connect();
  });
  afterEach(() => harness.dispose());

  async function started(behaviour: Behaviour): Promise<{ readonly sandboxId: string; readonly id: string }> {
    const sandbox = await runtime.runSandbox(sandboxOf(harness, behaviour));
    const id = await runtime.createContainer(containerOf(harness, sandbox.id, behaviour));
    await runtime.startContainer(id);
    return { sandboxId: sandbox.id, id };
  }

  /** The container once it is in the state; changes are what wakes us. */
  async function reaching(state: Container['state']): Promise<Container> {
    let changed = Promise.withResolvers<void>();
    const watch = runtime.watch({
      changed: () => changed.resolve(),
      connected: () => changed.resolve(),
      lost: () => undefined,
    });
    try {
      for (;;) {
        const [container] = await runtime.listContainers({ podUid: pod.uid });
        if (container?.state === state) return container;
        await Promise.race([changed.promise, harness.settle()]);
        changed = Promise.withResolvers();
      }
    } finally {
      watch.dispose();
    }
  }

  test('says what it is', async () => {
    const info = await runtime.info();
    expect(info.name).not.toBe('');
    expect(info.cpus).toBeGreaterThan(0);
    expect(info.memory).toBeGreaterThan(0);
  });

  test('a sandbox has the address it was given and is found by pod and node', async () => {
    const sandbox = await runtime.runSandbox(sandboxOf(harness, 'runs'));
    expect(sandbox).toMatchObject({ pod, node, attempt: 0, state: 'ready', ip: harness.ip });
    expect(await runtime.listSandboxes({ podUid: pod.uid })).toMatchObject([{ id: sandbox.id }]);
    expect(await runtime.listSandboxes({ node: 'another' })).toEqual([]);
  });

  test('a container runs, and a new runtime finds it as it was', async () => {
    const { id, sandboxId } = await started('runs');
    const found = await harness.connect().listContainers({ node });
    expect(found).toMatchObject([{ id, sandboxId, name: 'main', attempt: 0, state: 'running', pod }]);
    expect(found[0]?.startedAt).toBeGreaterThan(0);
  });

  test('a container that ends says how', async () => {
    await started('prints and exits 3');
    const container = await reaching('exited');
    expect(container).toMatchObject({ exitCode: 3, reason: 'Error' });
    expect(container.finishedAt).toBeGreaterThanOrEqual(container.startedAt ?? Infinity);
  });

  test('the log of an ended container can be read, cut and stamped', async () => {
    const { id } = await started('prints and exits 3');
    await reaching('exited');
    const signal = new AbortController().signal;
    expect(await readAll(await runtime.logs(id, {}, signal))).toBe('one\ntwo\n');
    expect(await readAll(await runtime.logs(id, { tailLines: 1 }, signal))).toBe('two\n');
    expect(await readAll(await runtime.logs(id, { limitBytes: 5 }, signal))).toBe('one\nt');
    expect(await readAll(await runtime.logs(id, { timestamps: true, tailLines: 1 }, signal))).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z two\n$/);
    expect(await readAll(await runtime.logs(id, { since: Date.UTC(2999) }, signal))).toBe('');
  });

  test('a container that cannot start says why and is told apart', async () => {
    const sandbox = await runtime.runSandbox(sandboxOf(harness, 'cannot start'));
    const id = await runtime.createContainer(containerOf(harness, sandbox.id, 'cannot start'));
    await expect(runtime.startContainer(id)).rejects.toMatchObject({ code: 'StartFailed' });
    const [container] = await runtime.listContainers({ podUid: pod.uid });
    expect(container).toMatchObject({ state: 'exited', reason: 'ContainerCannotRun' });
  });

  test('stop and remove may be repeated, and nothing is left', async () => {
    const { id, sandboxId } = await started('runs');
    await runtime.stopContainer(id, 0);
    await runtime.stopContainer(id, 0);
    expect((await reaching('exited')).exitCode).not.toBe(0);
    await runtime.removeContainer(id);
    await runtime.removeContainer(id);
    await runtime.stopSandbox(sandboxId);
    await runtime.stopSandbox(sandboxId);
    expect(await runtime.listSandboxes({ podUid: pod.uid })).toMatchObject([{ state: 'notReady' }]);
    await runtime.removeSandbox(sandboxId);
    await runtime.removeSandbox(sandboxId);
    expect(await runtime.listContainers({ podUid: pod.uid })).toEqual([]);
    expect(await runtime.listSandboxes({ podUid: pod.uid })).toEqual([]);
  });

  test('stopping a sandbox ends what runs in it', async () => {
    const { sandboxId } = await started('runs');
    await runtime.stopSandbox(sandboxId);
    expect((await reaching('exited')).state).toBe('exited');
  });

  test('an image that is not there is undefined', async () => {
    expect(await runtime.imageStatus('kubicle-suite/nothing-of-that-name:1')).toBeUndefined();
    expect(await runtime.imageStatus(harness.image)).toMatchObject({ id: expect.stringMatching(/^sha256:/) });
  });
}
