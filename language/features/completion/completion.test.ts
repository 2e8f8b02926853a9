import { describe, expect, test } from 'vitest';
import { fixture } from '../../testing/fixture.ts';
import type { LiveObjects } from '../feature.ts';
import { completionsAt } from './completion.ts';

async function completed(source: string, live?: LiveObjects): Promise<readonly string[]> {
  const { context, position, textAt } = fixture(source, live);
  const answer = await completionsAt(context, position);
  return answer === undefined ? [] : answer.items.map(({ label, text }) => `${textAt({ uri: context.file.uri, range: answer.range })}>${text ?? label}`);
}

const others = `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {app.kubernetes.io/name: web, tier: front}}
data: {color: red, size: big}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {tier: back}}
spec:
  selector: {matchLabels: {tier: edge}}
  template:
    metadata: {labels: {tier: edge}}
    spec: {containers: [{name: a, ports: [{name: http, containerPort: 80}]}]}
`;

describe('completion by meaning', () => {
  test('of names of objects', async () => {
    expect(await completed(`apiVersion: v1\nkind: Pod\nspec:\n  volumes:\n  - name: a\n    configMap:\n      name: s<|>${others}`)).toEqual(['s>settings']);
    expect(await completed(`apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - envFrom:\n    - secretRef:\n        name: <|>\n    image: a${others}`)).toEqual(['>keys']);
    expect(await completed(`apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: <|>${others}`)).toEqual(['>web']);
  });
  test('of keys of a ConfigMap', async () => {
    expect(await completed(`apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    - name: A\n      valueFrom: {configMapKeyRef: {name: settings, key: <|>}}${others}`)).toEqual(['>color', '>size']);
  });
  test('of label keys and values', async () => {
    const service = (selector: string): string => `apiVersion: v1\nkind: Service\nspec:\n  selector:\n${selector}${others}`;
    expect(await completed(service('    <|>'))).toEqual(['>app.kubernetes.io/name: ', '>tier: ']);
    expect(await completed(service('    tier: <|>'))).toEqual(['>front', '>back', '>edge']);
    expect(await completed(service('    a: b\n    ti<|>'))).toEqual(['ti>a: ', 'ti>app.kubernetes.io/name: ', 'ti>tier: ']);
    expect(await completed(`apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {tier: fr<|>}${others}`)).toContain('fr>front');
  });
  test('of target ports', async () => {
    expect(await completed(`apiVersion: v1\nkind: Service\nspec:\n  selector: {tier: edge}\n  ports:\n  - port: 80\n    targetPort: <|>${others}`)).toEqual(['>http']);
  });
  test('of kinds and versions', async () => {
    expect(await completed('apiVersion: apps/v1\nkind: De<|>\nmetadata: {name: a}')).toContain('De>Deployment');
    expect(await completed('apiVersion: apps/v1\nkind: De<|>')).not.toContain('De>Pod');
    expect(await completed('apiVersion: <|>\nkind: Deployment')).toEqual(['>apps/v1']);
    expect((await completed('Dep<|>')).find((item) => item.startsWith('Dep>apiVersion: apps/v1\nkind: Deployment'))).toContain('replicas: ${3:1}');
  });
  test('of whole objects, with what they cannot be without', async () => {
    const items = await completed('Run<|>');
    expect(items.find((item) => item.includes('kind: RuntimeClass'))).toBe('Run>apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata:\n  name: ${1:app}\nhandler: ${2:string}\n');
    expect(items.find((item) => item.includes('kind: HorizontalPodAutoscaler') && item.includes('autoscaling/v2\n'))).toContain('spec:\n  maxReplicas: ${2:int32}\n  scaleTargetRef:\n    kind: ${3:string}\n    name: ${4:string}\n');
  });
  test('not in files of other tools', async () => {
    expect(await completed('=== docker-compose.yml\n<|>')).toEqual([]);
    expect(await completed('services:\n  web:\n    kind: <|>')).toEqual([]);
  });
  test('of parts of the pod', async () => {
    const pod = (container: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {labels: {app: web}}\nspec:\n  volumes: [{name: data, emptyDir: {}}]\n  containers:\n  - name: a\n    ports: [{name: http, containerPort: 80}]\n${container}`;
    expect(await completed(pod('    volumeMounts:\n    - name: <|>'))).toEqual(['>data']);
    expect(await completed(pod('    livenessProbe:\n      httpGet:\n        port: <|>'))).toEqual(['>http']);
    expect(await completed(pod('    env:\n    - valueFrom:\n        fieldRef:\n          fieldPath: <|>'))).toEqual(expect.arrayContaining(['>status.podIP', ">metadata.labels['app']"]));
    expect(await completed(pod('    env:\n    - valueFrom:\n        resourceFieldRef:\n          resource: <|>'))).toContain('>limits.memory');
    expect(await completed(pod('    image: <|>'))).toEqual(['>nginx:1.27', '>redis:7']);
  });
  test('of ports of a Service that an Ingress calls', async () => {
    const ingress = (port: string): string => `apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec:\n  defaultBackend:\n    service:\n      name: web\n      port:\n        ${port}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80, name: http}, {port: 443}]}\n`;
    expect(await completed(ingress('number: <|>'))).toEqual(['>80', '>443']);
    expect(await completed(ingress('name: <|>'))).toEqual(['>http']);
  });
  test('between braces', async () => {
    const items = await completed('apiVersion: v1\nkind: Pod\nspec:\n  containers: [{name: a, im<|>}]');
    expect(items).toEqual(expect.arrayContaining(['im>image: ', 'im>imagePullPolicy: ']));
    expect(items).not.toContain('im>name: ');
    expect(await completed('apiVersion: v1\nkind: Pod\nspec: {restartPolicy: <|>}')).toContain('>OnFailure');
  });
  test('of what the cluster has', async () => {
    const live: LiveObjects = ({ kind }) => Promise.resolve({ connected: true, context: 'test', objects: [{ apiVersion: 'v1', kind, name: 'live', labels: { tier: 'live' }, status: '' }], more: 0 });
    expect(await completed(`apiVersion: v1\nkind: Pod\nspec:\n  volumes:\n  - name: a\n    configMap:\n      name: <|>${others}`, live)).toEqual(['>settings', '>live']);
    expect(await completed('apiVersion: v1\nkind: Service\nspec:\n  selector:\n    tier: <|>', live)).toEqual(['>live']);
  });
});
