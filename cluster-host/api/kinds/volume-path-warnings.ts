/** Warnings about files of one volume that would lie on, or in, one another: one of them is lost, or no container starts. */
import type { V1ProjectedVolumeSource, V1Volume, V1VolumeProjection } from '../generated/types.ts';
import { quote } from '../text.ts';
import type { Warnings } from './pod-warnings.ts';

interface Files {
  readonly source: string;
  readonly paths: readonly string[];
}

export function* overlappingPathWarnings({ name, configMap, secret, downwardAPI, projected }: V1Volume): Warnings {
  const volume = `volume ${quote(name)}`;
  const files: Files[] = [];
  if (configMap?.items) files.push({ source: `ConfigMap ${quote(configMap.name ?? '')}`, paths: pathsOf(configMap.items) });
  if (secret?.items) files.push({ source: `Secret ${quote(secret.secretName ?? '')}`, paths: pathsOf(secret.items) });
  if (downwardAPI?.items) files.push({ source: 'DownwardAPI', paths: pathsOf(downwardAPI.items) });
  for (const { source, paths } of files) yield* overlaps(paths, `${volume} (${source}): overlapping paths`);
  if (projected) yield* projectedWarnings(projected, volume);
}

/** Sources of a projected volume share its folder: each is looked at alone, and then beside those before it. */
function* projectedWarnings({ sources = [] }: V1ProjectedVolumeSource, volume: string): Warnings {
  const before = new Set<string>();
  for (const source of sources ?? []) {
    const files = filesOf(source);
    if (files === undefined) {
      if (Object.keys(source).length === 0) yield `${volume} (Projected) has no sources provided`;
      continue;
    }
    const message = `${volume} (Projected ${files.source}): overlapping paths`;
    yield* overlaps(files.paths, message);
    yield* overlaps([...new Set(files.paths), ...before].toSorted(), message);
    for (const path of files.paths) before.add(path);
  }
}

function filesOf({ configMap, secret, downwardAPI, serviceAccountToken: token, clusterTrustBundle: bundle }: V1VolumeProjection): Files | undefined {
  if (configMap?.items) return { source: `ConfigMap ${quote(configMap.name ?? '')}`, paths: pathsOf(configMap.items) };
  if (secret?.items) return { source: `Secret ${quote(secret.name ?? '')}`, paths: pathsOf(secret.items) };
  if (downwardAPI?.items) return { source: 'DownwardAPI', paths: pathsOf(downwardAPI.items) };
  if (token) return { source: 'ServiceAccountToken', paths: [token.path ?? ''] };
  if (bundle) return { source: `ClusterTrustBundle ${quote(bundle.name ?? bundle.signerName ?? '')}`, paths: [bundle.path ?? ''] };
  return undefined;
}

function pathsOf(items: readonly { readonly path?: string }[]): string[] {
  return items.map(({ path = '' }) => path);
}

function* overlaps(paths: readonly string[], message: string): Warnings {
  const seen = new Set<string>();
  for (const path of paths.map((one) => one.replace(/\/+$/, ''))) {
    const other = path === '' || seen.has('') ? undefined : [...seen].find((one) => one === path || `${one}/`.startsWith(path) || `${path}/`.startsWith(one));
    if (other !== undefined) yield `${message}: ${quote(path)} with ${quote(other)}`;
    seen.add(path);
  }
}
