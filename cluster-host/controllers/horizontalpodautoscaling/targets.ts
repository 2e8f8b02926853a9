/** The scale of what an autoscaler points at, whatever its kind; custom resources with a scale subresource among them. */
import type { V1Scale, V2CrossVersionObjectReference } from '../../api/generated/types.ts';
import type { Resource } from '../../api/object.ts';
import type { Client } from '../../client/client.ts';
import { objectPath } from '../../client/resource-paths.ts';
import { deployments, replicaSets, replicationControllers, statefulSets } from '../../client/resources.ts';
import { discover } from '../common/discovery.ts';

const wellKnown: readonly Resource[] = [deployments, replicaSets, statefulSets, replicationControllers];

export class ScaleTargets {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The resource of a kind; rejects with Kubernetes' words where there is none. */
  async resourceOf(apiVersion: string | undefined, kind: string): Promise<Resource> {
    const group = apiVersion?.includes('/') === true ? (apiVersion.split('/')[0] ?? '') : '';
    const isMeant = (resource: Resource): boolean => resource.group === group && resource.kind === kind;
    const known = wellKnown.find(isMeant) ?? (await discover(this.#client)).resources.find(isMeant);
    if (known === undefined) throw new Error(`no matches for kind "${kind}" in group "${group}"`);
    return known;
  }

  async read(namespace: string, { apiVersion, kind, name }: V2CrossVersionObjectReference): Promise<{ readonly resource: Resource; readonly scale: V1Scale }> {
    const resource = await this.resourceOf(apiVersion, kind);
    const { body } = await this.#client.request({ method: 'GET', path: objectPath(resource, namespace, name, 'scale') });
    return { resource, scale: body };
  }

  async write(namespace: string, resource: Resource, scale: V1Scale): Promise<void> {
    await this.#client.request({ method: 'PUT', path: objectPath(resource, namespace, scale.metadata?.name ?? '', 'scale'), body: scale });
  }
}
