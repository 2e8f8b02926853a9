/** A kubelet on Docker against an API server in memory: what the tests with an engine start from. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { V1Pod } from '../../api/generated/types.ts';
import { ApiClient } from '../../client/api-client.ts';
import type { Client } from '../../client/client.ts';
import { pods } from '../../client/resources.ts';
import { SharedInformers } from '../../client/shared-informers.ts';
import { FakeApi } from '../../client/testing/fake-api.ts';
import { ensureNetwork, removeEverything } from '../../engine/clusters.ts';
import { connectEngine } from '../../engine/http-engine.ts';
import { importImage } from '../../engine/images.ts';
import { jsonLogger, silentLogger } from '../../platform/node/logger.ts';
import { nodePlatform } from '../../platform/node/platform.ts';
import { systemClock } from '../../platform/node/clock.ts';
import { dial } from '../edges/dial.ts';
import { networkActions } from '../edges/network-actions.ts';
import { podDisk } from '../edges/pod-disk.ts';
import { staticFolder } from '../edges/static-folder.ts';
import { createKubelet, type Kubelet } from '../kubelet.ts';
import { DockerRuntime } from '../runtime/docker/docker-runtime.ts';

export interface DockerCluster {
  readonly api: FakeApi;
  readonly client: Client;
  readonly image: string;
  readonly root: string;
  /** `Warning Failed web spec.containers{web}: message`. */
  readonly events: string[];
  kubelet: Kubelet;
  /** Another kubelet in place of the one before, as after a restart of the host. */
  restart(): Promise<void>;
  create(pod: V1Pod): Promise<V1Pod>;
  /** The pod once the condition holds for it; the newest state each time it changes. */
  until(name: string, condition: (pod: V1Pod) => boolean, what: string): Promise<V1Pod>;
  gone(name: string): Promise<void>;
  /** Ends the pod's pause container behind the kubelet's back. */
  killSandbox(uid: string): Promise<void>;
  dispose(): Promise<void>;
}

const patience = 60_000;

export async function dockerCluster(cluster: string, subnet: string): Promise<DockerCluster> {
  const engine = connectEngine();
  await removeEverything(engine, cluster);
  await ensureNetwork(engine, { cluster, name: cluster, subnet: `${subnet}.0.0/16`, gateway: `${subnet}.0.1` });
  const applets = ['sh', 'sleep', 'echo', 'cat', 'ls', 'env', 'nc', 'httpd', 'mount', 'id', 'kill', 'true', 'false', 'hostname', 'stat', 'head', 'touch', 'wget', 'seq'];
  const busybox = readFileSync('/bin/busybox');
  const wrapper = (name: string) => ({ path: `bin/${name}`, mode: 0o755, content: Buffer.from(`#!/bin/busybox sh\nexec /bin/busybox ${name} "$@"\n`) });
  const image = await importImage(engine, {
    repository: 'kubicle/busybox-test',
    files: [{ path: 'bin/busybox', mode: 0o755, content: busybox }, ...applets.map(wrapper)],
    changes: ['ENV PATH=/bin'],
  });
  const root = await mkdtemp(join(tmpdir(), 'kubelet-'));
  const platform = nodePlatform(process.env['KUBELET_LOG'] === undefined ? silentLogger : jsonLogger(process.stderr, systemClock, 'debug'));
  const api = new FakeApi({ clock: platform.clock });
  const client = new ApiClient(api);
  const events: string[] = [];
  let informers = new SharedInformers(client, platform);

  const make = (): Kubelet =>
    createKubelet({
      platform,
      client,
      informers,
      events: { event: (about, type, reason, message, options) => void events.push(`${type} ${reason} ${about.metadata?.name} ${options?.fieldPath ?? ''}: ${message}`) },
      runtime: new DockerRuntime({ engine, clock: platform.clock, cluster, network: cluster }),
      nodeName: 'node-1',
      nodeIp: `${subnet}.0.1`,
      dns: { ip: '10.96.0.10', domain: 'cluster.local' },
      kubernetesVersion: 'v1.36.0',
      podCidr: `${subnet}.1.0/24`,
      storage: 1024 ** 4,
      machineId: '0123456789abcdef0123456789abcdef',
      files: podDisk(root, platform.clock),
      network: networkActions,
      dial,
      staticFolder: staticFolder(join(root, 'manifests'), platform.clock),
    });

  const made: DockerCluster = {
    api,
    client,
    image,
    root,
    events,
    kubelet: make(),
    async restart() {
      await made.kubelet.stop();
      informers.dispose();
      informers = new SharedInformers(client, platform);
      made.kubelet = make();
      await made.kubelet.start();
    },
    create: (pod) => client.resource(pods, 'default').create({ ...pod, spec: { ...pod.spec, nodeName: 'node-1', containers: pod.spec?.containers ?? [] } }),
    async until(name, condition, what) {
      const { lister } = watched();
      const give = platform.clock.now() + patience;
      for (;;) {
        const pod = lister.get('default', name);
        if (pod !== undefined && condition(pod)) return pod;
        if (platform.clock.now() > give) throw new Error(`${name} is not ${what}: ${JSON.stringify(pod?.status)}\n${events.join('\n')}`);
        await changed(give - platform.clock.now());
      }
    },
    async gone(name) {
      const { lister } = watched();
      const give = platform.clock.now() + patience;
      while (lister.get('default', name) !== undefined) {
        if (platform.clock.now() > give) throw new Error(`${name} is still there: ${JSON.stringify(lister.get('default', name))}`);
        await changed(give - platform.clock.now());
      }
    },
    async killSandbox(uid) {
      const filters = JSON.stringify({ label: [`io.kubernetes.pod.uid=${uid}`, 'io.kubernetes.docker.type=podsandbox'] });
      for (const { Id } of await engine.call<{ Id: string }[]>('GET', '/containers/json', { query: { filters } })) await engine.call('POST', `/containers/${Id}/kill`);
    },
    async dispose() {
      await made.kubelet.stop();
      informers.dispose();
      await removeEverything(engine, cluster);
      engine.dispose();
      await rm(root, { recursive: true, force: true });
    },
  };

  function watched() {
    return informers.informer(pods, { fieldSelector: 'spec.nodeName=node-1' });
  }

  async function changed(time: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let first = true;
    const watch = watched().onChange({ added: () => first || resolve(), updated: () => resolve(), deleted: () => resolve() });
    first = false;
    await Promise.race([promise, platform.clock.sleep(Math.min(time, 1000))]);
    watch.dispose();
  }

  return made;
}
