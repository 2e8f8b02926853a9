/** Two manifests of one kind, name and namespace in one file (a warning) or in one folder: applied together, the later wins. */
import type { WorkspaceRule } from './rule.ts';

export const definedTwice: WorkspaceRule = {
  name: 'defined-twice',
  severity: 'warning',
  checkManifest(manifest, index) {
    const { facts, uri } = manifest;
    if (facts.name === '') return [];
    const folder = folderOf(uri);
    const others = index.definitions(facts.groupKind, facts.name, facts.namespace).filter((other) => other !== manifest && other.facts.namespace === facts.namespace && folderOf(other.uri) === folder);
    const [other] = others;
    if (other === undefined) return [];
    const isHere = others.some((each) => each.uri === uri);
    const place = isHere ? 'in this file' : `in ${decodeURIComponent(other.uri.slice(folder.length + 1))}`;
    return [{ span: facts.nameSpan, severity: isHere ? 'warning' : 'information', message: `${facts.kind} "${facts.name}" is defined again ${place}` }];
  },
};

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}
