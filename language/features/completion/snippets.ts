/** Whole objects as snippets: for the common kinds what a first version of them has, for the others what is required. */
import { kindType } from '../../../cluster-host/api/catalogue/catalogue.ts';
import { apiVersionOf } from '../../../cluster-host/api/object.ts';
import type { GroupVersionKind } from '../../../cluster-host/api/object.ts';

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

export function snippetFor(gvk: GroupVersionKind): string {
  const head = `apiVersion: ${apiVersionOf(gvk)}\nkind: ${gvk.kind}\nmetadata:\n  name: \${1:app}\n`;
  const body = bodies[gvk.group === '' ? gvk.kind : `${gvk.group}/${gvk.kind}`];
  if (body !== undefined) return `${head}${body}\n`;
  return kindType(gvk)?.fields.has('spec') === true ? `${head}spec:\n  $0\n` : `${head}$0`;
}
