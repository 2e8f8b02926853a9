/**
 * YAML files that look like manifests and are none: templates whose braces are no YAML until they are rendered, and the
 * files of tools that borrow `apiVersion` and `kind` without an API server behind them.
 */
import { isObject } from '../../cluster-host/api/values.ts';
import type { YamlText } from '../syntax/text.ts';
import { textOf } from '../syntax/scalars.ts';


const toolGroups: readonly RegExp[] = [/^kustomize\.config\.k8s\.io\//, /\.config\.k8s\.io\//, /^kind\.x-k8s\.io\//, /^skaffold\//, /^kubeadm\.k8s\.io\//, /^backstage\.io\//];

export function isForeign(uri: string, text: YamlText): boolean {
  return isTemplate(uri, text) || text.documents.some(({ syntax }) => isObject(syntax.value) && toolGroups.some((group) => group.test(textOf((syntax.value as Record<string, unknown>)['apiVersion']))));
}

/** A file of a Helm chart, or any other with `{{ … }}` that is broken as YAML. */
export function isTemplate(uri: string, text: YamlText): boolean {
  if (!text.text.includes('{{')) return false;
  return /\/templates\/[^/]+/.test(uri) || text.documents.some(({ syntax }) => syntax.problems.some(({ rule }) => rule === 'yaml'));
}

/** Whether a text, broken as it may be, means to be a manifest: it has both keys at the top level. */
export function looksLikeManifest(text: string): boolean {
  return /^["']?apiVersion["']?[ \t]*:/m.test(text) && /^["']?kind["']?[ \t]*:/m.test(text);
}

const toolFiles = /(?:^|\/)(?:(?:docker-)?compose[^/]*|chart|values[^/]*|kustomization|skaffold|mkdocs|_config|pnpm-lock|pubspec|openapi|swagger|\.[^/]*)\.ya?ml$|\/\.(?:github|gitlab|circleci)\//i;

/** Whether the file belongs to a tool by its name, so that nothing of ours is offered while it is still empty. */
export function isToolFile(uri: string): boolean {
  return toolFiles.test(uri);
}
