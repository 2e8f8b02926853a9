/** How a pod wants to be run: the handler of its RuntimeClass (kubernetes.io/docs/concepts/containers/runtime-class). */
import type { V1Pod } from '../../api/generated/types.ts';
import type { Client } from '../../client/client.ts';
import { runtimeClasses } from '../../client/resources.ts';

/** Empty where the pod names no class. Rejects where its class is not there. */
export async function runtimeHandler(client: Client, { spec }: V1Pod): Promise<string> {
  const name = spec?.runtimeClassName ?? '';
  return name === '' ? '' : (await client.resource(runtimeClasses).get(name)).handler;
}
