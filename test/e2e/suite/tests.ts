/** The suite, a file an area. */
import { activation } from './activation.ts';
import { localCluster } from './local-cluster.ts';
import { manifests } from './manifests.ts';

export const tests: readonly (() => void)[] = [activation, manifests, localCluster];
