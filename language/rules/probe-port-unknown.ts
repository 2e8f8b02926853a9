/** A probe or lifecycle hook that names a port which its container does not have: it fails for ever. */
import { closest } from '../syntax/closest.ts';
import { markOf } from '../syntax/locate.ts';
import { scalarOf, textOf } from '../syntax/scalars.ts';
import { find } from '../workspace/patterns.ts';
import { below, podTemplates } from '../workspace/pod-templates.ts';
import type { DocumentRule } from './rule.ts';

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
      const ports = new Set(find(container.value, 'ports[].name').map(({ value }) => textOf(value)));
      return handlers
        .flatMap((handler) => find(container.value, handler))
        .filter(({ value }) => typeof value === 'string' && !ports.has(value))
        .map(({ path, value }) => {
          const span = markOf(syntax, [...container.path, ...path]);
          const fixes = closest(String(value), ports).map((near) => ({ title: `Use port ${near}`, edits: [{ span, newText: scalarOf(near) }] }));
          return { span, message: `the container has no port named "${String(value)}"`, fixes };
        });
    });
  },
};
