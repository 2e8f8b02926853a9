/**
 * Server-side apply of manifest documents (https://kubernetes.io/docs/reference/using-api/server-side-apply/), as text: the API
 * server reads the YAML, so that it means there what it means in kubectl. No `vscode` here.
 */
import { isDeepStrictEqual } from 'node:util';
import { ApiError, hasReason } from '../../cluster-host/client/client.ts';
import { objectPath } from '../../cluster-host/client/resource-paths.ts';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import { wanted } from '../live/readable.ts';

export const fieldManager = 'kubicle';

/** A document as the language server describes it, with its text. */
export interface Manifest {
  readonly index: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly text: string;
}

export type Outcome =
  | { readonly result: 'created' | 'configured' | 'unchanged' | 'deleted'; readonly warnings: readonly string[] }
  | { readonly result: 'failed'; readonly error: ApplyError };

export interface ApplyError {
  readonly message: string;
  /** `Invalid`, `Conflict`, … ; empty where it came from nowhere near the API. */
  readonly reason: string;
  /** The fields that are to blame, each with what is wrong with it. */
  readonly causes: readonly { readonly field: string; readonly message: string }[];
}

type Target = Pick<Connection, 'client' | 'discovery' | 'namespace'>;

/** Applies one document. Never rejects. `force` takes fields over from other managers. */
export async function applyManifest(target: Target, manifest: Manifest, force = false): Promise<Outcome> {
  try {
    const path = await locate(target, manifest);
    const before = await current(target, path);
    const response = await target.client.request({
      method: 'PATCH',
      path,
      query: { fieldManager, fieldValidation: 'Strict', force: String(force) },
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: Buffer.from(manifest.text),
    });
    const after = response.body as KubeObject;
    // Not by the resource version: a controller may have written the status between the two.
    const same = before !== undefined && isDeepStrictEqual(wanted(before), wanted(after));
    return { result: before === undefined ? 'created' : same ? 'unchanged' : 'configured', warnings: warningsOf(response.headers['warning']) };
  } catch (error) {
    return { result: 'failed', error: applyErrorOf(error) };
  }
}

/** Deletes what a document names. Never rejects; what is not there counts as deleted. */
export async function deleteManifest(target: Target, manifest: Manifest): Promise<Outcome> {
  try {
    const path = await locate(target, manifest);
    await target.client.request({ method: 'DELETE', path, query: { propagationPolicy: 'Background' } });
    return { result: 'deleted', warnings: [] };
  } catch (error) {
    return hasReason(error, 'NotFound') ? { result: 'deleted', warnings: [] } : { result: 'failed', error: applyErrorOf(error) };
  }
}

/** What a dry run of the document would make of the live object, and the live object. Rejects as the API does. */
export async function previewManifest(target: Target, manifest: Manifest): Promise<{ readonly live: KubeObject | undefined; readonly next: KubeObject }> {
  const path = await locate(target, manifest);
  const live = await current(target, path);
  const { body } = await target.client.request({
    method: 'PATCH',
    path,
    query: { fieldManager, fieldValidation: 'Strict', force: 'true', dryRun: 'All' },
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: Buffer.from(manifest.text),
  });
  return { live, next: body as KubeObject };
}

async function locate(target: Target, manifest: Manifest): Promise<string> {
  if (manifest.name === '') throw new Error(t('{0}: an object needs metadata.name to be applied.', manifest.kind));
  const resource = await target.discovery.find(manifest.apiVersion, manifest.kind);
  if (resource === undefined) throw new Error(t('The cluster knows no kind "{0}" in version "{1}".', manifest.kind, manifest.apiVersion));
  return objectPath(resource, manifest.namespace ?? target.namespace, manifest.name);
}

async function current(target: Target, path: string): Promise<KubeObject | undefined> {
  try {
    return (await target.client.request({ method: 'GET', path })).body as KubeObject;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

export function applyErrorOf(error: unknown): ApplyError {
  if (!(error instanceof ApiError)) return { message: error instanceof Error ? error.message : String(error), reason: '', causes: [] };
  const causes = (error.status.details?.causes ?? []).flatMap(({ field, message }) => (field === undefined || field === '' ? [] : [{ field, message: message ?? error.message }]));
  return { message: error.message, reason: error.reason, causes: causes.length > 0 ? causes : [...strictCauses(error.message), ...typedCauses(error.message)] };
}

/** Errors of decoding name their fields in the message only: `unknown field "spec.replica"`, `duplicate field "spec"`. */
function strictCauses(message: string): ApplyError['causes'] {
  return [...message.matchAll(/(?:unknown|duplicate) field "([^"]+)"/g)].map(([text, field = '']) => ({ field, message: text }));
}

/** So do errors of an apply: `failed to create typed patch object (…): .spec.replica: field not declared in schema`, or several, a line each. */
function typedCauses(message: string): ApplyError['causes'] {
  const list = /^failed to create typed patch object \(.*?\): ([\s\S]*)$/.exec(message)?.[1] ?? '';
  return [...list.matchAll(/^\s*\.(\S+?): (.+)$/gm)].map(([text, field = '']) => ({ field, message: text.trim() }));
}

/** `299 - "text"`, several with commas between (RFC 7234, 5.5). */
export function warningsOf(header: string | undefined): readonly string[] {
  return [...(header ?? '').matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
}

/** Kinds that others need come first, as in helm and kubectl's kustomize. */
const kindOrder = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'Secret', 'ConfigMap', 'StorageClass', 'PersistentVolume', 'PersistentVolumeClaim', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'Service'];

export function inApplyOrder<T extends { readonly kind: string }>(manifests: readonly T[]): readonly T[] {
  const rank = (kind: string): number => (kindOrder.includes(kind) ? kindOrder.indexOf(kind) : kindOrder.length);
  return manifests.toSorted((a, b) => rank(a.kind) - rank(b.kind));
}
