/** What a cluster has on the engine: its network, and the end of everything that carries its label. */
import { clusterLabel, type Engine } from './engine.ts';
import { EngineError, isEngineError } from './errors.ts';
import { Limiter } from './limiter.ts';

export interface NetworkRequest {
  readonly cluster: string;
  readonly name: string;
  /** `10.244.0.0/16`. */
  readonly subnet: string;
  /** `10.244.0.1`. */
  readonly gateway: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Makes the bridge network unless it is there; resolves with its id. A network of that name with another subnet is made anew when nothing uses it. */
export async function ensureNetwork(engine: Engine, request: NetworkRequest): Promise<string> {
  const existing = await inspectNetwork(engine, request.name);
  if (existing !== undefined) {
    if (existing.IPAM?.Config?.[0]?.Subnet === request.subnet) return existing.Id;
    await engine.call('DELETE', `/networks/${encodeURIComponent(request.name)}`);
  }
  const body = {
    Name: request.name,
    Driver: 'bridge',
    CheckDuplicate: true,
    IPAM: { Driver: 'default', Config: [{ Subnet: request.subnet, Gateway: request.gateway }] },
    Labels: { ...request.labels, [clusterLabel]: request.cluster },
  };
  try {
    const { Id } = await engine.call<{ Id: string }>('POST', '/networks/create', { body });
    return Id;
  } catch (error) {
    // Another caller was faster.
    const made = isEngineError(error, 'Conflict') ? await inspectNetwork(engine, request.name) : undefined;
    if (made === undefined) throw error;
    return made.Id;
  }
}

async function inspectNetwork(engine: Engine, name: string): Promise<any> {
  try {
    return await engine.call('GET', `/networks/${encodeURIComponent(name)}`);
  } catch (error) {
    if (isEngineError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Removes the cluster's containers, then its networks and volumes; what is already gone is fine. Images stay. */
export async function removeEverything(engine: Engine, cluster: string): Promise<void> {
  try {
    await removeOnce(engine, cluster);
  } catch (error) {
    // A container that was being made during the first pass holds its network.
    if (!isEngineError(error, 'Refused')) throw error;
    await removeOnce(engine, cluster).catch((again: unknown) => {
      throw isEngineError(again, 'Refused') ? leftOver(again as EngineError) : again;
    });
  }
}

/** Older engines lose count of a network's endpoints when many containers go at once. */
function leftOver(error: EngineError): EngineError {
  return new EngineError('Refused', error.message, { cause: error, hint: 'Restart Docker, then repeat: it holds on to something whose containers are gone.' });
}

/** Taking containers off their network is where older engines lose count; not too many at once. */
const removalsAtOnce = 4;

async function removeOnce(engine: Engine, cluster: string): Promise<void> {
  const query = { filters: JSON.stringify({ label: [`${clusterLabel}=${cluster}`] }) };
  const containers = await engine.call<{ Id: string }[]>('GET', '/containers/json', { query: { ...query, all: true } });
  const limiter = new Limiter(removalsAtOnce);
  await Promise.all(containers.map(({ Id }) => limiter.run(() => removeContainer(engine, Id))));
  const networks = await engine.call<{ Id: string }[]>('GET', '/networks', { query });
  const { Volumes } = await engine.call<{ Volumes: { Name: string }[] | null }>('GET', '/volumes', { query });
  await Promise.all([
    ...networks.map(({ Id }) => remove(engine, `/networks/${Id}`)),
    ...(Volumes ?? []).map(({ Name }) => remove(engine, `/volumes/${encodeURIComponent(Name)}`, { force: true })),
  ]);
}

/** Ended first and removed then: the engine may forget to take one that is removed while it runs off its network. */
async function removeContainer(engine: Engine, id: string): Promise<void> {
  try {
    await engine.call('POST', `/containers/${id}/kill`);
  } catch (error) {
    if (!isEngineError(error, 'NotFound') && !isEngineError(error, 'Conflict')) throw error;
  }
  await remove(engine, `/containers/${id}`, { force: true, v: true });
}

async function remove(engine: Engine, path: string, query: Readonly<Record<string, boolean>> = {}): Promise<void> {
  try {
    await engine.call('DELETE', path, { query });
  } catch (error) {
    // 409: somebody else is removing it at this moment.
    if (!isEngineError(error, 'NotFound') && !isEngineError(error, 'Conflict')) throw error;
  }
}
