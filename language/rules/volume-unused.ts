/** A volume that no container mounts. */
import { markOf } from '../syntax/locate.ts';
import { find } from '../workspace/patterns.ts';
import { below, podTemplates } from '../workspace/pod-templates.ts';
import type { DocumentRule } from './rule.ts';
import { textOf } from '../syntax/scalars.ts';

const users = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => [`spec.${list}[].volumeMounts[].name`, `spec.${list}[].volumeDevices[].name`]);

export const volumeUnused: DocumentRule = {
  name: 'volume-unused',
  severity: 'information',
  checkDocument(syntax, { groupKind }) {
    const template = podTemplates[groupKind];
    if (template === undefined) return [];
    const mounted = new Set(users.flatMap((user) => find(syntax.value, below(template, user))).map(({ value }) => value));
    return find(syntax.value, below(template, 'spec.volumes[].name'))
      .filter(({ value }) => !mounted.has(value))
      .map(({ path, value }) => ({ span: markOf(syntax, path), message: `no container mounts volume "${textOf(value)}"` }));
  },
};
