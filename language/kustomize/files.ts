/** What a kustomization is built from. */
import type { DocumentSyntax } from '../syntax/document.ts';

/** Files by their URIs. They are asked for again and again: answers are expected at once. */
export interface Files {
  /** The documents of a YAML file; undefined where there is no such file. */
  documents(uri: string): readonly DocumentSyntax[] | undefined;
  /** The content of any file; undefined where there is none. */
  content(uri: string): Uint8Array | undefined;
}

const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export function isKustomizationFile(uri: string): boolean {
  return kustomizationNames.some((name) => uri.endsWith(`/${name}`));
}

/** A path of a kustomization as a URI; undefined for what is no path. */
export function resolvePath(kustomization: string, path: string): string | undefined {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return URL.canParse(encoded, kustomization) ? new URL(encoded, kustomization).href.replace(/\/$/, '') : undefined;
}

/** The kustomization file of a folder. */
export function kustomizationIn(folder: string, files: Files): string | undefined {
  return kustomizationNames.map((name) => `${folder}/${name}`).find((uri) => files.documents(uri) !== undefined);
}

const remote = /^(?:[a-z+]+:\/\/|git@|git::|[\w-]+(?:\.[\w-]+)+\/.*(?:\?ref=|\?version=|\/\/|\.git))|^github\.com[/:]/i;

/** Whether an entry of `resources` is fetched from elsewhere. */
export function isRemote(entry: string): boolean {
  return remote.test(entry);
}
