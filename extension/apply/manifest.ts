/** What is applied: documents as the language server describes them, and the single objects in them. No `vscode` here. */
import { parseAllDocuments } from 'yaml';
import { parseApiVersion, type KubeObject } from '../../cluster-host/api/object.ts';

/** One object with its text, which is YAML (or JSON, which is YAML too). */
export interface Manifest {
  /** `ManifestDocument.index`: of the document that it comes from. */
  readonly index: number;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty where the server is to make one from `generateName`. */
  readonly name: string;
  readonly namespace?: string;
  readonly text: string;
  readonly generateName?: string;
  /** Where it stands in its document, with a dot at the end; left out for the document itself: `items[2].`. */
  readonly within?: string;
}

/** Every object of a document by itself: a `List` is taken apart, and a `generateName` is seen. */
export function objectsIn<T extends Manifest>(manifest: T): readonly T[] {
  if (isList(manifest)) return itemsOf(manifest);
  if (manifest.name !== '') return [manifest];
  const generateName = objectOf(manifest)?.metadata?.generateName;
  return [typeof generateName === 'string' && generateName !== '' ? { ...manifest, generateName } : manifest];
}

function isList({ apiVersion, kind }: Manifest): boolean {
  return apiVersion === 'v1' && /^(?:[A-Z]\w*)?List$/.test(kind);
}

function itemsOf<T extends Manifest>(list: T): readonly T[] {
  const items: unknown = objectOf(list)?.['items'];
  if (!Array.isArray(items)) return [list];
  return items.flatMap((item: KubeObject, at) => {
    if (typeof item !== 'object' || item === null) return [];
    const { name, namespace, generateName } = item.metadata ?? {};
    const { namespace: _, ...rest } = list;
    const within = `${list.within ?? ''}items[${at}].`;
    const single = { ...rest, within, apiVersion: item.apiVersion ?? '', kind: item.kind ?? '', name: name ?? '', text: JSON.stringify(item), ...(namespace === undefined ? {} : { namespace }), ...(generateName === undefined ? {} : { generateName }) } as unknown as T;
    return objectsIn(single);
  });
}

/** The text as data, read as the API server reads it (YAML 1.1); undefined where it is no object. */
export function objectOf({ text }: Pick<Manifest, 'text'>): KubeObject | undefined {
  const [document] = parseAllDocuments(text, { version: '1.1', merge: true });
  if (document === undefined || !('contents' in document) || document.errors.length > 0) return undefined;
  const value: unknown = document.toJS({ maxAliasCount: 1000 });
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** `deployment/web`, as kubectl prints it. */
export function nameOf({ kind, name, generateName }: Pick<Manifest, 'kind' | 'name' | 'generateName'>): string {
  return `${kind.toLowerCase()}/${name === '' ? (generateName ?? '') : name}`;
}

/** Says whether two documents are about the same object. */
export function identityOf({ apiVersion, kind, name, namespace }: Manifest, defaultNamespace: string): string {
  return [parseApiVersion(apiVersion)?.group ?? apiVersion, kind, namespace ?? defaultNamespace, name].join('/');
}
