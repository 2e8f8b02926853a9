/** Applies or deletes many objects, one after the other in an order that works. */
import type { V1CustomResourceDefinition } from '../../cluster-host/api/generated/types.ts';
import { customResourceDefinitions, serviceAccounts } from '../../cluster-host/client/resources.ts';
import type { Connection } from '../clusters/connection.ts';
import { isEstablished } from '../clusters/custom-resources.ts';
import { until } from '../clusters/until.ts';
import type { Manifest } from './manifest.ts';
import { inApplyOrder } from './order.ts';
import { applyManifest, deleteManifest, type Outcome } from './requests.ts';

export interface Applied<T extends Manifest> {
  readonly manifest: T;
  readonly outcome: Outcome;
}

/** How long what an object brings about may take to be there. */
const settleLimit = 10_000;

/** `done` hears of each object as it comes. Stops between two objects when aborted. */
export async function applyAll<T extends Manifest>(connection: Connection, manifests: readonly T[], force: boolean, done: (applied: Applied<T>) => void, signal?: AbortSignal): Promise<readonly Applied<T>[]> {
  return each(inApplyOrder(manifests), done, signal, async (manifest) => {
    const outcome = await applyManifest(connection, manifest, force);
    if (outcome.result === 'created') await settled(connection, manifest);
    return outcome;
  });
}

/** What was applied last goes first. */
export function deleteAll<T extends Manifest>(connection: Connection, manifests: readonly T[], done: (applied: Applied<T>) => void, signal?: AbortSignal): Promise<readonly Applied<T>[]> {
  return each(inApplyOrder(manifests).toReversed(), done, signal, (manifest) => deleteManifest(connection, manifest));
}

async function each<T extends Manifest>(manifests: readonly T[], done: (applied: Applied<T>) => void, signal: AbortSignal | undefined, run: (manifest: T) => Promise<Outcome>): Promise<readonly Applied<T>[]> {
  const all: Applied<T>[] = [];
  for (const manifest of manifests) {
    if (signal?.aborted === true) break;
    const applied = { manifest, outcome: await run(manifest) };
    all.push(applied);
    done(applied);
  }
  return all;
}

/** Objects of a new kind are refused until the definition is established; pods of a new namespace until its ServiceAccount is there. */
async function settled(connection: Connection, { kind, name }: Manifest): Promise<void> {
  if (kind === 'CustomResourceDefinition') {
    await connection.synced(customResourceDefinitions);
    const definition = (): V1CustomResourceDefinition | undefined => connection.lister(customResourceDefinitions)?.get('', name);
    await until(connection, () => definition() !== undefined && isEstablished(definition()!), { limit: settleLimit });
  }
  if (kind === 'Namespace') {
    await connection.synced(serviceAccounts);
    await until(connection, () => connection.lister(serviceAccounts)?.get(name, 'default') !== undefined, { limit: settleLimit });
  }
}
