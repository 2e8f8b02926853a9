/** Whole objects as snippets: for the common kinds what a first version of them has, for the others what is required. */
import type { StructType, Type } from '../../../cluster-host/api/catalogue/schema.ts';
import { apiVersionOf } from '../../../cluster-host/api/object.ts';
import type { GroupVersionKind } from '../../../cluster-host/api/object.ts';
import { groupKindOf } from '../../workspace/facts.ts';

const container = (indent: string): string => `${indent}containers:\n${indent}  - name: \${1:app}\n${indent}    image: \${2:image}`;

const labelled = (template: string): string => `  selector:\n    matchLabels:\n      app: \${1:app}\n  template:\n    metadata:\n      labels:\n        app: \${1:app}\n    spec:\n${template}`;

const bodies: Readonly<Record<string, string>> = {
  Pod: `spec:\n${container('  ')}`,
  Service: 'spec:\n  selector:\n    app: ${1:app}\n  ports:\n    - port: ${2:80}\n      targetPort: ${3:80}',
  ConfigMap: 'data:\n  ${2:key}: ${3:value}',
  Secret: 'stringData:\n  ${2:key}: ${3:value}',
  'apps/Deployment': `spec:\n  replicas: \${3:1}\n${labelled(container('      '))}`,
  'apps/StatefulSet': `spec:\n  serviceName: \${1:app}\n  replicas: \${3:1}\n${labelled(container('      '))}`,
  'apps/DaemonSet': `spec:\n${labelled(container('      '))}`,
  'batch/Job': `spec:\n  template:\n    spec:\n      restartPolicy: Never\n${container('      ')}`,
  'batch/CronJob': `spec:\n  schedule: "\${3:*/5 * * * *}"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: Never\n${container('          ')}`,
  PersistentVolumeClaim: 'spec:\n  accessModes:\n    - ReadWriteOnce\n  resources:\n    requests:\n      storage: ${2:1Gi}',
  'networking.k8s.io/Ingress': 'spec:\n  rules:\n    - host: ${2:example.com}\n      http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: ${1:app}\n                port:\n                  number: ${3:80}',
};

export function snippetFor(gvk: GroupVersionKind, type: StructType | undefined): string {
  const head = `apiVersion: ${apiVersionOf(gvk)}\nkind: ${gvk.kind}\nmetadata:\n  name: \${1:app}\n`;
  const body = bodies[groupKindOf(gvk.group, gvk.kind)];
  if (body !== undefined) return `${head}${body}\n`;
  const required = new RequiredFields().of(type);
  if (required !== '') return `${head}${required}`;
  return type?.fields.has('spec') === true ? `${head}spec:\n  $0\n` : `${head}$0`;
}

/** Deeper than this nobody is asked to fill in anything at once. */
const maxDepth = 6;
const ownFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** What a kind cannot be without, as lines with a placeholder for each value. */
class RequiredFields {
  /** The name has the first. */
  #placeholders = 1;

  of(type: StructType | undefined): string {
    return type === undefined ? '' : this.#lines(type, '', 0);
  }

  #lines(type: StructType, indent: string, depth: number): string {
    const fields = [...type.fields.values()].filter(({ name, required }) => required && !(depth === 0 && ownFields.has(name)));
    return fields.map(({ name, type: field }) => `${indent}${name}:${this.#value(field, indent, depth)}`).join('');
  }

  #value(type: Type, indent: string, depth: number): string {
    if (type.kind === 'scalar') return ` ${this.#placeholder(type.scalar)}\n`;
    const deeper = `${indent}  `;
    if (type.kind === 'map') return `\n${deeper}${this.#placeholder('key')}: ${this.#placeholder('value')}\n`;
    if (type.kind === 'list') return `\n${deeper}- ${this.#item(type.item, `${deeper}  `, depth)}`;
    const inner = depth < maxDepth ? this.#lines(type, deeper, depth + 1) : '';
    return inner === '' ? `\n${deeper}${this.#placeholder('')}\n` : `\n${inner}`;
  }

  #item(type: Type, indent: string, depth: number): string {
    const inner = type.kind === 'struct' && depth < maxDepth ? this.#lines(type, indent, depth + 1) : '';
    return inner === '' ? `${this.#placeholder(type.kind === 'scalar' ? type.scalar : '')}\n` : inner.trimStart();
  }

  #placeholder(text: string): string {
    this.#placeholders += 1;
    return `\${${this.#placeholders}:${text}}`;
  }
}
