import { describe, expect, test } from 'vitest';
import { fixture } from '../../testing/fixture.ts';
import { completionsAt } from './completion.ts';

function completed(source: string): readonly string[] {
  const { context, position, textAt } = fixture(source);
  const answer = completionsAt(context, position);
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
  test('of names of objects', () => {
    expect(completed(`apiVersion: v1\nkind: Pod\nspec:\n  volumes:\n  - name: a\n    configMap:\n      name: s<|>${others}`)).toEqual(['s>settings']);
    expect(completed(`apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - envFrom:\n    - secretRef:\n        name: <|>\n    image: a${others}`)).toEqual(['>keys']);
    expect(completed(`apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: <|>${others}`)).toEqual(['>web']);
  });
  test('of keys of a ConfigMap', () => {
    expect(completed(`apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    - name: A\n      valueFrom: {configMapKeyRef: {name: settings, key: <|>}}${others}`)).toEqual(['>color', '>size']);
  });
  test('of label keys and values', () => {
    const service = (selector: string): string => `apiVersion: v1\nkind: Service\nspec:\n  selector:\n${selector}${others}`;
    expect(completed(service('    <|>'))).toEqual(['>app.kubernetes.io/name: ', '>tier: ']);
    expect(completed(service('    tier: <|>'))).toEqual(['>front', '>back', '>edge']);
    expect(completed(service('    a: b\n    ti<|>'))).toEqual(['ti>a: ', 'ti>app.kubernetes.io/name: ', 'ti>tier: ']);
    expect(completed(`apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {tier: fr<|>}${others}`)).toContain('fr>front');
  });
  test('of target ports', () => {
    expect(completed(`apiVersion: v1\nkind: Service\nspec:\n  selector: {tier: edge}\n  ports:\n  - port: 80\n    targetPort: <|>${others}`)).toEqual(['>http']);
  });
  test('of kinds and versions', () => {
    expect(completed('apiVersion: apps/v1\nkind: De<|>\nmetadata: {name: a}')).toContain('De>Deployment');
    expect(completed('apiVersion: apps/v1\nkind: De<|>')).not.toContain('De>Pod');
    expect(completed('apiVersion: <|>\nkind: Deployment')).toEqual(['>apps/v1']);
    expect(completed('Dep<|>').find((item) => item.startsWith('Dep>apiVersion: apps/v1\nkind: Deployment'))).toContain('replicas: ${3:1}');
  });
  test('not in files of other tools', () => {
    expect(completed('=== docker-compose.yml\n<|>')).toEqual([]);
    expect(completed('services:\n  web:\n    kind: <|>')).toEqual([]);
  });
});
