/** The suite, a file an area. */
import { actions } from './actions.ts';
import { activation } from './activation.ts';
import { applying } from './applying.ts';
import { localCluster } from './local-cluster.ts';
import { manifests } from './manifests.ts';
import { noCluster } from './no-cluster.ts';
import { objects } from './objects.ts';
import { others } from './others.ts';

export const tests: readonly (() => void)[] = [activation, manifests, noCluster, localCluster, objects, actions, applying, others];
