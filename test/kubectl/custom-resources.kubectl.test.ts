/** Custom resources as kubectl's users have them: defined, explained, created, printed, patched, scaled, applied, deleted. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Kubectl } from '../support/kubectl.ts';
import { eventually, TestCluster } from '../support/kubicle.ts';

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: crontabs.stable.example.com }
spec:
  group: stable.example.com
  scope: Namespaced
  names: { plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct], categories: [all] }
  versions:
  - name: v1
    served: true
    storage: true
    subresources:
      status: {}
      scale: { specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas }
    additionalPrinterColumns:
    - { name: Spec, type: string, jsonPath: .spec.cronSpec }
    - { name: Replicas, type: integer, jsonPath: .spec.replicas }
    - { name: Image, type: string, jsonPath: .spec.image, priority: 1 }
    - { name: Age, type: date, jsonPath: .metadata.creationTimestamp }
    schema:
      openAPIV3Schema:
        type: object
        description: A table of things to do.
        properties:
          spec:
            type: object
            description: What is to be done, and when.
            required: [cronSpec]
            x-kubernetes-validations:
            - { rule: "!has(self.image) || self.image != 'forbidden'", message: this image is not for you }
            properties:
              cronSpec: { type: string, description: When it runs., pattern: '^(\\d+|\\*)( (\\d+|\\*)){4}$' }
              image: { type: string }
              replicas: { type: integer, minimum: 1, maximum: 10, default: 1 }
          status:
            type: object
            properties: { replicas: { type: integer } }
`;

function tab(name: string, spec: string): string {
  return `{ apiVersion: stable.example.com/v1, kind: CronTab, metadata: { name: ${name} }, spec: ${spec} }`;
}

const cluster = new TestCluster('custom-resources', 'simulated');
const kubectl = new Kubectl(cluster.kubeconfig);

beforeAll(async () => {
  await cluster.up();
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

describe('custom resources with kubectl', () => {
  test('a definition is applied, and established', async () => {
    expect(await kubectl.apply(definition)).toBe('customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created\n');
    expect(await kubectl.run('wait', '--for=condition=Established', 'crd/crontabs.stable.example.com', '--timeout=10s')).toContain('condition met');
    expect(await kubectl.apply(definition)).toContain('unchanged');
    expect(await kubectl.run('api-resources', '--api-group=stable.example.com', '--no-headers')).toMatch(/^crontabs\s+ct\s+stable\.example\.com\/v1\s+true\s+CronTab\n$/);
  });

  test('explain', async () => {
    const text = await kubectl.run('explain', 'crontab.spec');
    expect(text).toMatch(/KIND:\s+CronTab\nVERSION:\s+v1/);
    expect(text).toContain('What is to be done, and when.');
    expect(text).toMatch(/cronSpec\t<string> -required-\n\s+When it runs\./);
  });

  test('invalid objects are refused', async () => {
    const refusal = async (spec: string): Promise<string> => (await kubectl.try(['apply', '-f', '-'], tab('wrong', spec))).err;
    expect(await refusal('{ cronSpec: "* * * * *", replicas: 11 }')).toBe('The CronTab "wrong" is invalid: spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10\n');
    expect(await refusal('{ cronSpec: "* * * * *", replicas: many }')).toContain('spec.replicas in body must be of type integer: "string"');
    expect(await refusal('{ image: x }')).toContain('spec.cronSpec: Required value');
    expect(await refusal('{ cronSpec: "* * * * *", color: red }')).toContain('strict decoding error: unknown field "spec.color"');
    expect(await refusal('{ cronSpec: "* * * * *", image: forbidden }')).toBe('The CronTab "wrong" is invalid: spec: Invalid value: this image is not for you\n');
  });

  test('create, get, and what is shown of all', async () => {
    expect(await kubectl.apply(tab('backup', '{ cronSpec: "0 0 * * *", image: "a:1" }'))).toBe('crontab.stable.example.com/backup created\n');
    expect(await kubectl.run('get', 'ct')).toMatch(/^NAME\s+SPEC\s+REPLICAS\s+AGE\nbackup\s+0 0 \* \* \*\s+1\s+\d+s\n$/);
    expect(await kubectl.run('get', 'ct', '-o', 'wide')).toMatch(/IMAGE\s+AGE\nbackup\s+0 0 \* \* \*\s+1\s+a:1\s/);
    expect(await kubectl.run('get', 'all')).toContain('crontab.stable.example.com/backup');
    expect(await kubectl.run('describe', 'ct', 'backup')).toMatch(/Cron Spec:\s+0 0 \* \* \*/);
  });

  test('patch, edit by apply, scale, status', async () => {
    expect(await kubectl.run('patch', 'ct', 'backup', '--type=merge', '-p', '{"spec":{"image":"a:2"}}')).toContain('patched');
    expect((await kubectl.try(['patch', 'ct', 'backup', '-p', '{"spec":{"image":"a:3"}}'])).err).toContain('strategic-merge-patch+json is not supported by stable.example.com/v1, Kind=CronTab');
    expect(await kubectl.apply(tab('backup', '{ cronSpec: "5 0 * * *" }'))).toContain('configured');
    expect(await kubectl.run('scale', 'ct', 'backup', '--replicas=3')).toContain('scaled');
    await kubectl.run('patch', 'ct', 'backup', '--type=merge', '--subresource=status', '-p', '{"status":{"replicas":3}}');
    const { spec, status } = await kubectl.json('get', 'ct', 'backup');
    expect({ spec, status }).toEqual({ spec: { cronSpec: '5 0 * * *', replicas: 3 }, status: { replicas: 3 } });
  });

  test('server-side apply', async () => {
    expect(await kubectl.apply(tab('shared', '{ cronSpec: "1 1 * * *" }'), '--server-side', '--field-manager=one')).toContain('serverside-applied');
    const other = await kubectl.try(['apply', '--server-side', '--field-manager=two', '-f', '-'], tab('shared', '{ cronSpec: "2 2 * * *" }'));
    expect(other.err).toContain('conflict with "one": .spec.cronSpec');
  });

  test('all of it is there again after a restart', async () => {
    await cluster.run('down');
    await cluster.up();
    expect(await kubectl.run('get', 'ct', '-o', 'name')).toBe('crontab.stable.example.com/backup\ncrontab.stable.example.com/shared\n');
  });

  test('owners and namespaces take custom resources along', async () => {
    await kubectl.run('create', 'namespace', 'short');
    await kubectl.apply(tab('inside', '{ cronSpec: "1 1 * * *" }'), '-n', 'short');
    await kubectl.run('delete', 'namespace', 'short', '--timeout=30s');
    const { metadata } = await kubectl.json('get', 'ct', 'backup');
    await kubectl.apply(`{ apiVersion: v1, kind: ConfigMap, metadata: { name: owned, ownerReferences: [{ apiVersion: stable.example.com/v1, kind: CronTab, name: backup, uid: ${metadata.uid} }] } }`);
    await kubectl.run('delete', 'ct', 'backup');
    await eventually('the garbage collector', async () => (await kubectl.try(['get', 'configmap', 'owned'])).code !== 0);
  });

  test('a definition goes with its objects', async () => {
    expect(await kubectl.run('delete', 'crd', 'crontabs.stable.example.com', '--timeout=30s')).toContain('deleted');
    expect((await kubectl.try(['get', 'ct'])).err).toContain('the server could not find the requested resource');
    expect(await kubectl.apply(definition)).toContain('created');
    await kubectl.run('wait', '--for=condition=Established', 'crd/crontabs.stable.example.com', '--timeout=10s');
    expect(await kubectl.run('get', 'ct', '-o', 'name')).toBe('');
  });
});
