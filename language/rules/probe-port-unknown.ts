/**
 * A probe or lifecycle hook that names a port which its container does not have: it fails for ever. A number that is not among
 * the declared ones may still be listened on, and is only hinted at.
 */
import { closest } from '../syntax/closest.ts';
import { markOf } from '../syntax/locate.ts';
import { scalarOf, textOf } from '../syntax/scalars.ts';
import { find } from '../workspace/patterns.ts';
import { below, podTemplates } from '../workspace/pod-templates.ts';
import type { DocumentRule, RuleFinding } from './rule.ts';

const lists = ['containers', 'initContainers'];
const handlers = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'].flatMap((handler) => [`${handler}.httpGet.port`, `${handler}.tcpSocket.port`]);

export const probePortUnknown: DocumentRule = {
  name: 'probe-port-unknown',
  severity: 'warning',
  checkDocument(syntax, { groupKind }) {
    const template = podTemplates[groupKind];
    if (template === undefined) return [];
    const containers = lists.flatMap((list) => find(syntax.value, below(template, `spec.${list}[]`)));
    return containers.flatMap((container) => {
      const names = new Set(find(container.value, 'ports[].name').map(({ value }) => textOf(value)));
      const numbers = new Set(find(container.value, 'ports[].containerPort').map(({ value }) => value));
      return handlers
        .flatMap((handler) => find(container.value, handler))
        .flatMap(({ path, value }): readonly RuleFinding[] => {
          const span = markOf(syntax, [...container.path, ...path]);
          if (typeof value === 'number') return numbers.size === 0 || numbers.has(value) ? [] : [{ span, severity: 'hint', message: `the container does not declare port ${value}` }];
          if (typeof value !== 'string' || names.has(value) || /^\d+$/.test(value)) return [];
          const fixes = closest(value, names).map((near) => ({ title: `Use port ${near}`, edits: [{ span, newText: scalarOf(near) }] }));
          return [{ span, message: `the container has no port named "${value}"`, fixes }];
        });
    });
  },
};
