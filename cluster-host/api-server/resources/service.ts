/**
 * Services: cluster addresses and node ports are handed out when a service is written, and given back when it goes
 * (https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/). The cluster has IPv4 only.
 */
import type { V1Service } from '../../api/generated/types.ts';
import type { Registries } from '../registry/registries.ts';
import { addressesOf, nodePortsOf, type ServiceAddresses } from './service-addresses.ts';
import { allocateAddress, allocateHealthCheck, allocatePorts, updatePorts } from './service-allocation.ts';
import { completeFamilies } from './service-families.ts';
import { DryRunTransaction, StoredTransaction } from './service-transactions.ts';
import type { ResourceStrategy, Undo } from './strategy.ts';

export function serviceStrategy(registries: () => Registries, addresses: ServiceAddresses): ResourceStrategy {
  let adopted: Promise<void> | undefined;
  /** What stored services have is taken before anything is handed out. */
  const ready = (): Promise<void> =>
    (adopted ??= registries()
      .need('', 'v1', 'services')
      .all('')
      .then((services) => {
        for (const { object } of services) addresses.adopt(object);
      }));
  const allocate = async (service: V1Service, old: V1Service | undefined, dryRun: boolean): Promise<Undo> => {
    await ready();
    const transaction = dryRun ? new DryRunTransaction(addresses) : new StoredTransaction(addresses);
    try {
      completeFamilies(service, old);
      if (old === undefined || old.spec?.type === 'ExternalName') allocateAddress(service, transaction);
      if (old === undefined) allocatePorts(service, transaction);
      else updatePorts(service, old, transaction);
      allocateHealthCheck(service, old, transaction);
    } catch (error) {
      transaction.undo();
      throw error;
    }
    return () => transaction.undo();
  };
  return {
    returnsDeleted: true,
    createOnUpdate: true,
    beforeCreate: (service: V1Service, { dryRun }) => allocate(service, undefined, dryRun),
    beforeUpdate: (service: V1Service, old: V1Service, { dryRun }) => allocate(service, old, dryRun),
    updated: (service: V1Service, old: V1Service) => addresses.release(givenUp(service, old)),
    deleted: (service) => addresses.release(service),
  };
}

/** What the old state had and the new one has no more. */
function givenUp(service: V1Service, old: V1Service): V1Service {
  const addresses = new Set(addressesOf(service));
  const ports = new Set(nodePortsOf(service));
  return {
    spec: {
      clusterIPs: addressesOf(old).filter((address) => !addresses.has(address)),
      ports: nodePortsOf(old).filter((port) => !ports.has(port)).map((nodePort) => ({ port: 0, nodePort })),
    },
  };
}
