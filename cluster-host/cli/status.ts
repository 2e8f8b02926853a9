/** `kubicle status`: what the running host says of itself. */
import { connectControl } from '../control/client.ts';
import type { HostStatus } from '../control-protocol.ts';
import { readHostFile } from '../host/state-directory.ts';
import type { Command } from './io.ts';
import { clusterChoice, oneOf, parseOptions, sharedHelp, sharedOptions } from './options.ts';

function statusText(status: HostStatus): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Cluster', `${status.name} (${status.phase})`],
    ['Server', status.url],
    ['Kubernetes', status.kubernetesVersion],
    ['Runtime', status.runtime],
    ['Kubeconfig', status.kubeconfig],
    ['Memory', `${Math.round(status.memory / 1024 / 1024)} MiB`],
    ['Windows', `${status.windows}${status.keep ? '' : ' (ends with the last one)'}`],
    ...status.nodes.map((node): readonly [string, string] => ['Node', `${node.name}  ${node.ready ? 'Ready' : 'NotReady'}  ${node.pods} pods`]),
  ];
  return rows.map(([label, value]) => `${`${label}:`.padEnd(12)}${value}\n`).join('');
}

export const statusCommand: Command = {
  options: [...sharedHelp, '-o, --output json for programs'],
  async run(argv, io) {
    const { values } = parseOptions(argv, { ...sharedOptions, output: { type: 'string', short: 'o' } });
    const choice = clusterChoice(values);
    const json = oneOf('output', values.output, ['text', 'json'], 'text') === 'json';
    const host = await readHostFile(io.platform.disk, choice.state);
    if (host === undefined) {
      io.out(json ? `${JSON.stringify({ name: choice.name, phase: 'stopped' }, null, 2)}\n` : `The cluster "${choice.name}" is not running.\n`);
      return 1;
    }
    try {
      const { control, status } = await connectControl(host, 'commandLine');
      control.close();
      io.out(json ? `${JSON.stringify(status, null, 2)}\n` : statusText(status));
      return 0;
    } catch (error) {
      io.err(`kubicle status: the cluster host (process ${host.pid}) does not answer: ${(error as Error).message}\n`);
      return 1;
    }
  },
};
