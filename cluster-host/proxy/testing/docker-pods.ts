/** Containers on a bridge network of their own, in the place of pods. */
import { readFileSync } from 'node:fs';
import { ensureNetwork, removeEverything } from '../../engine/clusters.ts';
import { demultiplex } from '../../engine/demultiplex.ts';
import { clusterLabel, type Engine } from '../../engine/engine.ts';
import { importImage } from '../../engine/images.ts';

export interface DockerPods {
  /** `10.243.1.5` is the first one's. */
  ip(index: number): string;
  /** Starts a pod that answers HTTP on port 8080 with `pod-1`. */
  start(index: number, hostConfig?: object): Promise<void>;
  /** What a command of busybox's shell printed in the pod, errors too. */
  run(index: number, command: string): Promise<string>;
  /** What the pod gets over HTTP; also the error of one that gets nothing. */
  fetch(index: number, address: string): Promise<string>;
  dispose(): Promise<void>;
}

/** `network`: the first two numbers of its addresses, `10.243`. */
export async function dockerPods(engine: Engine, cluster: string, network: string): Promise<DockerPods> {
  await removeEverything(engine, cluster);
  await ensureNetwork(engine, { cluster, name: cluster, subnet: `${network}.0.0/16`, gateway: `${network}.0.1` });
  const image = await importImage(engine, { repository: 'kubicle/busybox-test', files: [{ path: 'busybox', mode: 0o755, content: readFileSync('/bin/busybox') }], changes: [] });
  const ip = (index: number): string => `${network}.${index}.5`;

  async function run(index: number, command: string): Promise<string> {
    const body = { Cmd: ['/busybox', 'sh', '-c', command], AttachStdout: true, AttachStderr: true };
    const { Id } = await engine.call('POST', `/containers/${cluster}-${index}/exec`, { body });
    let output = '';
    for await (const { bytes } of demultiplex(await engine.hijack(`/exec/${Id}/start`, { body: { Detach: false, Tty: false } }))) output += Buffer.from(bytes).toString();
    return output.trim();
  }

  return {
    ip,
    run,
    fetch: (index, address) => run(index, `/busybox timeout 3 /busybox wget -qO- http://${address}/ 2>&1`),
    async start(index, hostConfig = {}) {
      const script = `/busybox mkdir -p /www && echo pod-${index} >/www/index.html && exec /busybox httpd -f -p 8080 -h /www`;
      const body = {
        Image: image,
        Cmd: ['/busybox', 'sh', '-c', script],
        Labels: { [clusterLabel]: cluster },
        HostConfig: { NetworkMode: cluster, ...hostConfig },
        NetworkingConfig: { EndpointsConfig: { [cluster]: { IPAMConfig: { IPv4Address: ip(index) } } } },
      };
      await engine.call('POST', '/containers/create', { query: { name: `${cluster}-${index}` }, body });
      await engine.call('POST', `/containers/${cluster}-${index}/start`);
    },
    dispose: () => removeEverything(engine, cluster),
  };
}
