/** Pages about an object: all that is known of it, and the values in a Secret or ConfigMap. */
import { events } from '../../cluster-host/client/resources.ts';
import { describeObject } from '../describe/describe.ts';
import { diagnose, eventsOf } from '../diagnosis/diagnose.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import type { Command } from './command.ts';
import { clickedOrPicked } from './target.ts';

export const describe: Command = {
  id: 'kubicle.describe',
  async run(services, node?: ExplorerNode) {
    const [{ connection, ...ref }] = await clickedOrPicked(services, ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Pod', 'Service'], node);
    await connection.synced(events);
    const object = await connection.client.resource(ref.resource, ref.namespace).get(ref.name);
    const text = describeObject({ kind: ref.kind, object, finding: diagnose(ref.kind, object, connection), events: eventsOf(connection, object), now: Date.now() });
    await services.previews.page(`/${ref.kind} ${ref.name}.md`, text);
  },
};

/** Decoded, for reading; never written to a disk. */
export const showValues: Command = {
  id: 'kubicle.showValues',
  async run(services, node?: ExplorerNode) {
    const [{ connection, ...ref }] = await clickedOrPicked(services, [], node);
    const object = await connection.client.resource(ref.resource, ref.namespace).get(ref.name);
    const { stringify } = await import('yaml');
    const values = ref.kind === 'Secret' ? Object.fromEntries(Object.entries<string>(object['data'] ?? {}).map(([key, value]) => [key, decoded(value)])) : (object['data'] ?? {});
    await services.previews.text(`/${ref.kind} ${ref.name}.yaml`, stringify(values, { lineWidth: 0 }));
  },
};

/** Text where it is text, base64 as it was otherwise. */
function decoded(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'base64'));
  } catch {
    return value;
  }
}
