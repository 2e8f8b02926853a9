/** kubeconfig files (kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig): one of the cluster's own, and merging into a user's. */
import type { Disk } from '../platform/platform.ts';
import { isMap, isSeq, parse, parseDocument, stringify, YAMLMap, type Document } from 'yaml';

export interface KubeconfigEntry {
  /** Name of the context, the cluster and the user. */
  readonly name: string;
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Sections {
  readonly clusters: { name: string; cluster: object };
  readonly users: { name: string; user: object };
  readonly contexts: { name: string; context: object };
}

function sectionsOf(entry: KubeconfigEntry): Sections {
  return {
    clusters: { name: entry.name, cluster: { 'certificate-authority-data': base64(entry.ca), server: entry.server } },
    users: { name: entry.name, user: { 'client-certificate-data': base64(entry.clientCertificate), 'client-key-data': base64(entry.clientKey) } },
    contexts: { name: entry.name, context: { cluster: entry.name, user: entry.name } },
  };
}

export function kubeconfigText(entry: KubeconfigEntry): string {
  const { clusters, users, contexts } = sectionsOf(entry);
  return stringify({ apiVersion: 'v1', kind: 'Config', clusters: [clusters], users: [users], contexts: [contexts], 'current-context': entry.name });
}

/** Reads back what `kubeconfigText` wrote; undefined for any other text. */
export function entryOf(text: string): KubeconfigEntry | undefined {
  const config = parse(text) as { clusters?: Sections['clusters'][]; users?: Sections['users'][] } | null;
  const cluster = config?.clusters?.[0] as { name: string; cluster: Record<string, string> } | undefined;
  const user = config?.users?.[0]?.user as Record<string, string> | undefined;
  if (cluster === undefined || user === undefined) return undefined;
  const plain = (data: string | undefined): string => Buffer.from(data ?? '', 'base64').toString();
  return {
    name: cluster.name,
    server: cluster.cluster.server ?? '',
    ca: plain(cluster.cluster['certificate-authority-data']),
    clientCertificate: plain(user['client-certificate-data']),
    clientKey: plain(user['client-key-data']),
  };
}

/**
 * The text of a user's kubeconfig with the entry added or replaced, made the current context; everything else, comments
 * included, stays as it is. Throws with a plain message when the text is no kubeconfig.
 */
export function mergeKubeconfig(text: string, entry: KubeconfigEntry): string {
  const document = parseKubeconfig(text);
  if (document === undefined) return kubeconfigText(entry);
  for (const [section, item] of Object.entries(sectionsOf(entry))) replaceNamed(document, section, item as { name: string });
  document.set('current-context', entry.name);
  return String(document);
}

/** Writes the cluster's own file, and merges the entry into a user's where one was named. */
export async function writeKubeconfigs(disk: Disk, entry: KubeconfigEntry, own: string, users: string | undefined): Promise<void> {
  await disk.write(own, kubeconfigText(entry));
  if (users === undefined) return;
  const existing = await disk.read(users);
  await disk.write(users, mergeKubeconfig(existing === undefined ? '' : new TextDecoder().decode(existing), entry));
}

function parseKubeconfig(text: string): Document | undefined {
  if (text.trim() === '') return undefined;
  const document = parseDocument(text, { uniqueKeys: false });
  const problem = document.errors[0];
  if (problem !== undefined) throw new Error(`not a kubeconfig: ${problem.message}`);
  if (!isMap(document.contents)) throw new Error('not a kubeconfig: it is not a mapping');
  return document;
}

function indexOfNamed(document: Document, section: string, name: string): number {
  const list = document.get(section);
  if (!isSeq(list)) return -1;
  return list.items.findIndex((item) => item instanceof YAMLMap && item.get('name') === name);
}

function replaceNamed(document: Document, section: string, item: { name: string }): void {
  if (!isSeq(document.get(section))) document.set(section, document.createNode([]));
  const index = indexOfNamed(document, section, item.name);
  if (index === -1) document.addIn([section], document.createNode(item));
  else document.setIn([section, index], document.createNode(item));
}
