/** `kubicle kubeconfig`: the cluster's own kubeconfig on standard output. */
import type { Command } from './io.ts';
import { clusterChoice, parseOptions, sharedHelp, sharedOptions } from './options.ts';

export const kubeconfigCommand: Command = {
  options: [...sharedHelp],
  async run(argv, io) {
    const choice = clusterChoice(parseOptions(argv, sharedOptions).values);
    const content = await io.platform.disk.read(choice.state.kubeconfig);
    if (content === undefined) {
      io.err(`There is no cluster "${choice.name}" yet; "kubicle up" makes it.\n`);
      return 1;
    }
    io.out(new TextDecoder().decode(content));
    return 0;
  },
};
