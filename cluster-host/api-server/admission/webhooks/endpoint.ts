/** Where a webhook is called: at its URL, or at what stands behind a service of the cluster now. */
import type { AdmissionregistrationV1WebhookClientConfig, V1EndpointSlice } from '../../../api/generated/types.ts';
import type { Registries } from '../../registry/registries.ts';
import { serviceTarget } from '../../proxy-target.ts';
import type { WebhookEndpoint } from './webhook-caller.ts';

export interface EndpointSources {
  readonly registries: () => Registries;
  /** One of so many. */
  readonly pick: (count: number) => number;
}

/** Rejects with why, as Kubernetes words it. */
export async function endpointOf({ url, service, caBundle }: AdmissionregistrationV1WebhookClientConfig, timeoutSeconds: number, { registries, pick }: EndpointSources): Promise<WebhookEndpoint> {
  const trust = caBundle === undefined || caBundle === '' ? {} : { authorities: Buffer.from(caBundle, 'base64').toString() };
  const timeout = `?timeout=${timeoutSeconds}s`;
  if (service === undefined) return { url: `${url ?? ''}${timeout}`, ...trust };
  const { name, namespace, path = '', port = 443 } = service;
  const address = `https://${name}.${namespace}.svc:${port}${path === '' ? '/' : path}${timeout}`;
  const refused = (why: string): Error => new Error(`failed to call webhook: Post "${address}": ${why}`);
  const found = await registries().need('', 'v1', 'services').find(namespace, name);
  if (found === undefined) throw refused(`service "${name}" not found`);
  const slices = (await registries().need('discovery.k8s.io', 'v1', 'endpointslices').all(namespace)).map(({ object }) => object as unknown as V1EndpointSlice);
  const own = slices.filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === name);
  try {
    return { url: address, place: serviceTarget(`https:${name}:${port}`, found.object, own, pick), ...trust };
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error));
  }
}
