/** A volumeMount whose name no volume of the pod has. */
import { formatPath } from '../../cluster-host/api/field-errors.ts';
import { closest } from '../syntax/closest.ts';
import { scalarOf } from '../syntax/scalars.ts';
import { markOf } from '../syntax/locate.ts';
import { find, valueAt } from '../workspace/patterns.ts';
import { below, podTemplates } from '../workspace/pod-templates.ts';
import type { DocumentRule } from './rule.ts';

const lists = ['containers', 'initContainers', 'ephemeralContainers'];

export const mountWithoutVolume: DocumentRule = {
  name: 'mount-without-volume',
  severity: 'error',
  checkDocument(syntax, { groupKind }) {
    const template = podTemplates[groupKind];
    if (template === undefined) return [];
    const names = (pattern: string): readonly string[] => find(syntax.value, pattern).map(({ value }) => String(value));
    const volumes = new Set([...names(below(template, 'spec.volumes[].name')), ...names('spec.volumeClaimTemplates[].metadata.name')]);
    return lists
      .flatMap((list) => find(syntax.value, below(template, `spec.${list}[].volumeMounts[].name`)))
      .filter(({ value }) => !volumes.has(String(value)))
      .map(({ path, value }) => {
        const span = markOf(syntax, path);
        // The API server's own words.
        const message = `${formatPath(path)}: Not found: ${JSON.stringify(valueAt(syntax.value, path))}`;
        return { span, message, fixes: closest(String(value), volumes).map((near) => ({ title: `Mount volume ${near}`, edits: [{ span, newText: scalarOf(near) }] })) };
      });
  },
};
