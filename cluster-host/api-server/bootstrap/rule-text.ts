/**
 * Rules of the default roles, written short: `get list watch: apps/{deployments daemonsets}` or `get: /healthz`. API
 * groups stand before the slash, an empty one (or none) is the core group; `named` is followed by the names that the rule is confined to.
 */
import type { V1PolicyRule } from '../../api/generated/types.ts';

export function ruleOf(text: string): V1PolicyRule {
  const [verbs = '', what = ''] = text.split(': ');
  if (what.startsWith('/') || what === '*') return { verbs: verbs.split(' '), nonResourceURLs: what.split(' ') };
  const [target = '', names] = what.split(' named ');
  const [, groups = '', resources = ''] = /^(?:([^/]*)\/)?\{(.*)\}$/.exec(target) ?? [];
  return { verbs: verbs.split(' '), apiGroups: groups.split(','), resources: resources.split(' '), ...(names === undefined ? {} : { resourceNames: names.split(' ') }) };
}
