/** Definitions that need no other manifest: a volume of the pod, a port of the container, a file that a kustomization names. */
import type { Path } from '../../cluster-host/api/field-error.ts';
import { isKustomizationFile, isRemote, resolvePath } from '../kustomize/files.ts';
import { cursorAt } from '../syntax/cursor.ts';
import { markOf } from '../syntax/locate.ts';
import { rangeIn } from '../syntax/text.ts';
import { find, valueAt } from '../workspace/patterns.ts';
import { below, podTemplates } from '../workspace/pod-templates.ts';
import type { FeatureContext, Location, Place } from './feature.ts';

const start = { line: 0, character: 0 };

export function localDefinitions({ file }: FeatureContext, place: Place): readonly Location[] {
  const { syntax } = place.document;
  const cursor = cursorAt(syntax.text, place.offset);
  const name = cursor?.on === 'value' ? valueAt(syntax.value, cursor.path) : undefined;
  if (cursor === undefined || typeof name !== 'string') return [];
  if (isKustomizationFile(file.uri)) return namedFile(file.uri, cursor.path, name);
  return definers(cursor.path, place)
    .flatMap((pattern) => find(syntax.value, pattern))
    .filter(({ value }) => value === name)
    .map(({ path }) => ({ uri: file.uri, range: rangeIn(file.text, place.document, markOf(syntax, path)) }));
}

/** Patterns of what may define the name that stands at a path. */
function definers(path: Path, { manifest }: Place): readonly string[] {
  const template = manifest === undefined ? undefined : podTemplates[manifest.facts.groupKind];
  const list = path.findIndex((step) => /containers$/i.test(String(step)));
  if (template === undefined || list === -1) return [];
  const inContainer = path.slice(list + 2).filter((step) => typeof step === 'string').join('.');
  if (inContainer === 'volumeMounts.name' || inContainer === 'volumeDevices.name') return [below(template, 'spec.volumes[].name'), 'spec.volumeClaimTemplates[].metadata.name'];
  if (/\.(?:httpGet|tcpSocket)\.port$/.test(inContainer)) return [`${path.slice(0, list + 1).join('.')}[].ports[].name`];
  return [];
}

const fileFields = /^(?:resources|bases|components|patchesStrategicMerge)\.\d+$|^(?:patches|patchesJson6902|replacements)\.\d+\.path$|Generator\.\d+\.(?:files|envs)\.\d+$|Generator\.\d+\.env$/;

function namedFile(kustomization: string, path: Path, name: string): readonly Location[] {
  if (!fileFields.test(path.join('.')) || name.includes('\n') || isRemote(name)) return [];
  const uri = resolvePath(kustomization, name.slice(name.indexOf('=') + 1));
  if (uri === undefined) return [];
  const isFolder = !/\.[^/]*$/.test(uri.slice(uri.lastIndexOf('/')));
  return [{ uri: isFolder ? `${uri}/kustomization.yaml` : uri, range: { start, end: start } }];
}
