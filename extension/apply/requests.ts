/**
 * Server-side apply of single objects (https://kubernetes.io/docs/reference/using-api/server-side-apply/), as text: the API
 * server reads the YAML, so that it means there what it means in kubectl. No `vscode` here.
 */
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { hasReason, type ApiResponse } from '../../cluster-host/client/client.ts';
import { collectionPath, objectPath } from '../../cluster-host/client/resource-paths.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import { applyErrorOf, warningsOf, type ApplyError } from './errors.ts';
import { nameOf, objectOf, type Manifest } from './manifest.ts';
import { sameFor } from './owned.ts';

export const fieldManager = 'kubicle';

export interface Success {
  readonly result: 'created' | 'configured' | 'unchanged' | 'replaced' | 'deleted';
  readonly warnings: readonly string[];
  /** The live object before; undefined where there was none. */
  readonly before: KubeObject | undefined;
  /** As the server answered; undefined where it is gone. */
  readonly after: KubeObject | undefined;
}

export type Outcome = Success | { readonly result: 'failed'; readonly error: ApplyError };

export type Target = Pick<Connection, 'client' | 'discovery' | 'namespace'>;

/** Applies one object. Never rejects. `force` takes fields over from other managers. */
export async function applyManifest(target: Target, manifest: Manifest, force = false): Promise<Outcome> {
  try {
    if (manifest.generateName !== undefined) return await create(target, manifest);
    const path = await locate(target, manifest);
    const before = await current(target, path);
    const response = await send(target, path, manifest, { force: String(force) });
    const after = response.body as KubeObject;
    const result = before === undefined ? 'created' : sameFor(fieldManager, before, after) ? 'unchanged' : 'configured';
    return { result, warnings: warningsOf(response.headers['warning']), before, after };
  } catch (error) {
    return { result: 'failed', error: applyErrorOf(error) };
  }
}

/** Deletes what a document names. Never rejects; what is not there counts as deleted. */
export async function deleteManifest(target: Target, manifest: Manifest): Promise<Outcome> {
  try {
    const path = await locate(target, manifest);
    const before = await current(target, path);
    if (before !== undefined) await target.client.request({ method: 'DELETE', path, query: { propagationPolicy: 'Background' } });
    return { result: 'deleted', warnings: [], before, after: undefined };
  } catch (error) {
    return hasReason(error, 'NotFound') ? { result: 'deleted', warnings: [], before: undefined, after: undefined } : { result: 'failed', error: applyErrorOf(error) };
  }
}

/** What a dry run makes of the live object, and the live object. Rejects as the API does: with a conflict unless `force`. */
export async function tryManifest(target: Target, manifest: Manifest, force: boolean): Promise<{ readonly live: KubeObject | undefined; readonly next: KubeObject }> {
  if (manifest.generateName !== undefined) return { live: undefined, next: (await post(target, manifest, { dryRun: 'All' })).body as KubeObject };
  const path = await locate(target, manifest);
  const live = await current(target, path);
  return { live, next: (await send(target, path, manifest, { force: String(force), dryRun: 'All' })).body as KubeObject };
}

/** The live object that a document names, and its address. Rejects where the cluster does not know the kind. */
export async function liveOf(target: Target, manifest: Manifest): Promise<{ readonly path: string; readonly live: KubeObject | undefined }> {
  const path = await locate(target, manifest);
  return { path, live: await current(target, path) };
}

function send({ client }: Target, path: string, manifest: Manifest, query: Readonly<Record<string, string>>): Promise<ApiResponse> {
  return client.request({
    method: 'PATCH',
    path,
    query: { fieldManager, fieldValidation: 'Strict', ...query },
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: Buffer.from(manifest.text),
  });
}

/** An apply needs a name: the server makes the one of such an object when it is created. */
async function create(target: Target, manifest: Manifest): Promise<Outcome> {
  const { body, headers } = await post(target, manifest, {});
  return { result: 'created', warnings: warningsOf(headers['warning']), before: undefined, after: body as KubeObject };
}

async function post(target: Target, manifest: Manifest, query: Readonly<Record<string, string>>): Promise<ApiResponse> {
  const resource = await resourceOf(target, manifest);
  const path = collectionPath(resource, manifest.namespace ?? target.namespace);
  return target.client.request({ method: 'POST', path, query: { fieldManager, fieldValidation: 'Strict', ...query }, body: objectOf(manifest) });
}

async function locate(target: Target, manifest: Manifest): Promise<string> {
  if (manifest.name === '') throw new Error(t('{0}: an object needs metadata.name to be applied.', nameOf(manifest).replace(/\/$/, '')));
  return objectPath(await resourceOf(target, manifest), manifest.namespace ?? target.namespace, manifest.name);
}

async function resourceOf({ discovery }: Target, { apiVersion, kind }: Manifest) {
  const resource = await discovery.find(apiVersion, kind);
  if (resource === undefined) throw new Error(t('The cluster knows no kind "{0}" in version "{1}".', kind, apiVersion));
  return resource;
}

async function current({ client }: Target, path: string): Promise<KubeObject | undefined> {
  try {
    return (await client.request({ method: 'GET', path })).body as KubeObject;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}
