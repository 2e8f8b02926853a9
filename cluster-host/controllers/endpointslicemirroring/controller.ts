/** Mirrors Endpoints that people maintain by hand into EndpointSlices, for services without a selector. */
import type { V1Endpoint, V1EndpointAddress, V1Endpoints, V1EndpointSlice, V1EndpointSubset } from '../../api/generated/types.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition } from '../../client/controller.ts';
import { endpoints, endpointSlices, services } from '../../client/resources.ts';
import { equal } from '../common/equal.ts';
import { controllerReference } from '../common/owners.ts';
import { contentHash } from '../common/template-hash.ts';
import { managedByLabel, serviceNameLabel } from '../endpointslice/plan.ts';
import { managedByLabel as endpointsManagedBy } from '../endpoints/plan.ts';

const manager = 'endpointslicemirroring-controller.k8s.io';
const skipMirror = 'endpointslice.kubernetes.io/skip-mirror';
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';
/** No more addresses of a subset are mirrored. */
const maximumAddresses = 1000;

export const endpointSliceMirroringController: ControllerDefinition = {
  name: 'endpointslicemirroring',
  watches: [
    { resource: endpoints },
    { resource: services },
    {
      resource: endpointSlices,
      keys: ({ metadata }) => (metadata?.labels?.[managedByLabel] === manager ? [`${metadata.namespace}/${metadata.labels[serviceNameLabel]}`] : []),
    },
  ],
  start: (context) => ({ reconcile: (key) => reconcile(context, key) }),
};

async function reconcile(context: ControllerContext, key: string): Promise<void> {
  const [namespace = '', name = ''] = key.split('/');
  const source = context.informers.informer(endpoints).lister.get(namespace, name);
  const service = context.informers.informer(services).lister.get(namespace, name);
  const mirrored = source !== undefined && service !== undefined && service.spec?.selector === undefined && isMirrored(source);
  const wanted = mirrored ? mirror(source) : [];
  const present = context.informers.informer(endpointSlices).lister.list(namespace).filter(({ metadata }) => metadata?.labels?.[managedByLabel] === manager && metadata.labels[serviceNameLabel] === name);
  const resource = context.client.resource(endpointSlices, namespace);
  for (const slice of wanted) {
    const there = present.find(({ metadata }) => metadata?.name === slice.metadata?.name);
    if (there === undefined) await resource.create(slice);
    else if (!equal([there.endpoints ?? [], there.ports ?? [], there.metadata?.labels], [slice.endpoints, slice.ports, slice.metadata?.labels])) await resource.update({ ...slice, metadata: { ...there.metadata, labels: slice.metadata?.labels } });
  }
  for (const { metadata } of present) {
    if (wanted.some((slice) => slice.metadata?.name === metadata?.name)) continue;
    await resource.delete(metadata?.name ?? '').catch((error: unknown) => {
      if (!hasReason(error, 'NotFound')) throw error;
    });
  }
}

function isMirrored({ metadata }: V1Endpoints): boolean {
  const { labels = {}, annotations = {} } = metadata ?? {};
  return labels[skipMirror] !== 'true' && labels[endpointsManagedBy] === undefined && annotations[leaderAnnotation] === undefined;
}

/** One slice a subset and address family; its name says which, so that it is found again. */
function mirror(source: V1Endpoints): V1EndpointSlice[] {
  return (source.subsets ?? []).flatMap((subset) =>
    ['IPv4', 'IPv6'].flatMap((addressType) => {
      const inFamily = ({ ip }: V1EndpointAddress): boolean => ip.includes(':') === (addressType === 'IPv6');
      const found = [...endpointsOf(subset.addresses, true, inFamily), ...endpointsOf(subset.notReadyAddresses, false, inFamily)].slice(0, maximumAddresses);
      return found.length === 0 ? [] : [sliceOf(source, subset, addressType, found)];
    }),
  );
}

function endpointsOf(addresses: readonly V1EndpointAddress[] | undefined, ready: boolean, inFamily: (address: V1EndpointAddress) => boolean): V1Endpoint[] {
  return (addresses ?? []).filter(inFamily).map(({ ip, hostname, nodeName, targetRef }) => ({
    addresses: [ip],
    conditions: { ready },
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  }));
}

function sliceOf(source: V1Endpoints, { ports = [] }: V1EndpointSubset, addressType: string, found: V1Endpoint[]): V1EndpointSlice {
  const { name = '', namespace, labels } = source.metadata ?? {};
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${contentHash([addressType, ports])}`,
      namespace,
      labels: { ...labels, [managedByLabel]: manager, [serviceNameLabel]: name },
      ownerReferences: [controllerReference(endpoints, source)],
    },
    addressType,
    endpoints: found,
    ports: ports.map(({ name = '', protocol = 'TCP', port, appProtocol }) => ({ name, protocol, port, ...(appProtocol === undefined ? {} : { appProtocol }) })),
  };
}
