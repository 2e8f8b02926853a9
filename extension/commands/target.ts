/** Which objects a command is about: what was clicked, all that is selected, or what the user picks. */
import * as vscode from 'vscode';
import type { Resource } from '../../cluster-host/api/object.ts';
import { nodes } from '../../cluster-host/client/resources.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { podOwners } from '../workloads.ts';
import type { Connection } from '../clusters/connection.ts';
import { editManager } from '../live/live-scheme.ts';
import { needConnection, Quiet } from './command.ts';

export const byHand = { fieldManager: editManager } as const;

export interface ObjectRef {
  readonly connection: Connection;
  readonly resource: Resource<any>;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Where a container was clicked. */
  readonly container?: string;
}

/** The nodes behind a click on one of them, of which several may be selected. */
async function clicked(services: Services, node: ExplorerNode | undefined, selection: readonly ExplorerNode[] | undefined): Promise<readonly ObjectRef[]> {
  if (node === undefined) return [];
  const nodes = selection?.includes(node) === true ? selection : [node];
  const refs = await Promise.all(nodes.map(async (each) => {
    const place = placeOf(each);
    return place === undefined ? undefined : { ...place, connection: await needConnection(services, each.context) };
  }));
  return refs.filter((ref) => ref !== undefined);
}

function placeOf(node: ExplorerNode): Omit<ObjectRef, 'connection'> | undefined {
  if (node.type === 'problem' || node.type === 'extra') return placeOf(node.parent);
  if (node.type === 'object') return { resource: node.resource, kind: node.resource.kind, namespace: node.object.metadata?.namespace ?? '', name: node.object.metadata?.name ?? '' };
  if (node.type !== 'container') return undefined;
  const { namespace = '', name = '' } = node.pod.metadata ?? {};
  return { resource: podOwners['Pod']!, kind: 'Pod', namespace, name, container: node.container };
}

/** What was clicked, or one object of these kinds out of the active namespace. */
export async function clickedOrPicked(
  services: Services,
  kinds: readonly string[],
  node: ExplorerNode | undefined,
  selection?: readonly ExplorerNode[],
): Promise<readonly [ObjectRef, ...ObjectRef[]]> {
  const [first, ...rest] = await clicked(services, node, selection);
  if (first !== undefined) return [first, ...rest];
  const connection = await needConnection(services);
  const resources = kinds.map((kind) => (kind === 'Node' ? nodes : podOwners[kind])).filter((resource) => resource !== undefined);
  await Promise.all(resources.map((resource) => connection.synced(resource)));
  const items = resources.flatMap((resource) =>
    (connection.lister(resource)?.list(resource.namespaced ? connection.namespace : undefined) ?? []).map(({ metadata }) => ({
      label: metadata?.name ?? '',
      description: resource.kind,
      ref: { connection, resource, kind: resource.kind, namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' },
    })),
  );
  if (items.length === 0) throw new Error(t('There is nothing of the kind in the namespace "{0}".', connection.namespace));
  const picked = await vscode.window.showQuickPick(items, { title: t('Which object?'), matchOnDescription: true });
  if (picked === undefined) throw new Quiet();
  return [picked.ref];
}
