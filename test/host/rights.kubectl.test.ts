/** Identity and rights as a real kubectl meets them. With the simulated runtime: no engine is asked. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certificateRequest } from '../support/certificate-request.ts';
import { Kubectl } from '../support/kubectl.ts';
import { eventually, TestCluster } from '../support/kubicle.ts';

const cluster = new TestCluster('rights', 'simulated');
const auditLog = join(cluster.state, 'audit.log');
const auditPolicy = join(cluster.state, 'audit-policy.yaml');
const policy = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: Metadata, resources: [{group: "", resources: [secrets]}]}
- {level: Request, verbs: [create], resources: [{group: ""}]}
`;
let kubectl: Kubectl;

beforeAll(async () => {
  writeFileSync(auditPolicy, policy);
  await cluster.up('--audit-log', auditLog, '--audit-policy', auditPolicy);
  kubectl = new Kubectl(cluster.kubeconfig);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const requestOf = (name: string, request: string, signerName: string, ...usages: string[]): string =>
  JSON.stringify({ apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name }, spec: { request: btoa(request), signerName, usages, expirationSeconds: 3600 } });

const issued = (name: string): Promise<string> => eventually(`a certificate for ${name}`, async () => (await kubectl.json('get', 'csr', name)).status?.certificate as string | undefined);

test('a user with an approved certificate logs in, and may do what a role says', async () => {
  const { key, request } = certificateRequest('jane', 'dev');
  await kubectl.apply(requestOf('jane', request, 'kubernetes.io/kube-apiserver-client', 'client auth'));
  await kubectl.run('certificate', 'approve', 'jane');
  const [keyFile, certificateFile] = [join(cluster.state, 'jane.key'), join(cluster.state, 'jane.crt')];
  writeFileSync(keyFile, key, { mode: 0o600 });
  writeFileSync(certificateFile, atob(await issued('jane')));
  await kubectl.run('config', 'set-credentials', 'jane', `--client-key=${keyFile}`, `--client-certificate=${certificateFile}`);
  expect((await kubectl.json('--user=jane', 'auth', 'whoami')).status.userInfo).toMatchObject({ username: 'jane', groups: ['dev', 'system:authenticated'] });
  expect(await kubectl.try(['--user=jane', 'get', 'pods'])).toMatchObject({ code: 1, err: 'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"\n' });
  await kubectl.run('create', 'rolebinding', 'dev', '--clusterrole=edit', '--group=dev');
  expect(await kubectl.run('--user=jane', 'auth', 'can-i', 'create', 'deployments')).toBe('yes\n');
  expect(await kubectl.run('--user=jane', 'auth', 'can-i', '--list')).toMatch(/^secrets +\[\] +\[\] +\[get list watch create delete deletecollection patch update\]$/m);
});

test('a request for the rights of an administrator is refused, and one that no signer likes has failed', async () => {
  const refused = await kubectl.try(['create', '-f', '-'], requestOf('root', certificateRequest('root', 'system:masters').request, 'kubernetes.io/kube-apiserver-client', 'client auth'));
  expect(refused.err).toContain('use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed');
  await kubectl.apply(requestOf('odd', certificateRequest('odd').request, 'kubernetes.io/kube-apiserver-client', 'client auth', 'server auth'));
  await kubectl.run('certificate', 'approve', 'odd');
  const failed = await eventually('a verdict', async () => (await kubectl.json('get', 'csr', 'odd')).status.conditions.find(({ type }: { type: string }) => type === 'Failed'));
  expect(failed).toMatchObject({ reason: 'SignerValidationFailure', message: 'invalid usage for client certificate: server auth' });
});

test('a node joins with a bootstrap token, and gets its certificate without anybody’s help', async () => {
  const data = { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true', 'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token' };
  await kubectl.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' }, type: 'bootstrap.kubernetes.io/token', stringData: data }));
  await kubectl.run('config', 'set-credentials', 'joining', '--token=abcdef.0123456789abcdef');
  const { request } = certificateRequest('system:node:far', 'system:nodes');
  const sent = requestOf('far', request, 'kubernetes.io/kube-apiserver-client-kubelet', 'client auth', 'digital signature');
  const created = await kubectl.try(['--user=joining', 'create', '-f', '-'], sent);
  expect(created).toMatchObject({ code: 0 });
  await issued('far');
  const { spec, status } = await kubectl.json('get', 'csr', 'far');
  expect(spec).toMatchObject({ username: 'system:bootstrap:abcdef', groups: ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token', 'system:authenticated'] });
  expect(status.conditions).toMatchObject([{ type: 'Approved', reason: 'AutoApproved', message: 'Auto approving kubelet client certificate after SubjectAccessReview.' }]);
});

test('tokens end with what they are bound to', async () => {
  await kubectl.run('create', 'serviceaccount', 'robot');
  const whoami = async (token: string): Promise<string> => {
    await kubectl.run('config', 'set-credentials', 'robot', `--token=${token}`);
    const { code, out, err } = await kubectl.try(['--user=robot', 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}']);
    return code === 0 ? out : err.trim();
  };
  const robot = 'system:serviceaccount:default:robot';
  const gone = 'error: You must be logged in to the server (Unauthorized)';
  await kubectl.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'robot', annotations: { 'kubernetes.io/service-account.name': 'robot' } }, type: 'kubernetes.io/service-account-token' }));
  const lasting = await eventually('a token in the secret', async () => (await kubectl.json('get', 'secret', 'robot')).data?.token as string | undefined);
  const bound = (await kubectl.run('create', 'token', 'robot', '--bound-object-kind=Secret', '--bound-object-name=robot')).trim();
  expect([await whoami(atob(lasting)), await whoami(bound)]).toEqual([robot, robot]);
  await kubectl.run('delete', 'secret', 'robot');
  expect([await whoami(atob(lasting)), await whoami(bound)]).toEqual([gone, gone]);
  expect((await kubectl.try(['create', 'token', 'robot', '--duration=1m'])).err).toContain('spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes');
});

test('the audit log has what the policy says, and no secret', async () => {
  await kubectl.run('create', 'secret', 'generic', 'hidden', '--from-literal=password=hunter2');
  await kubectl.run('create', 'configmap', 'shown', '--from-literal=key=value');
  const named = (name: string) => eventually(`an event about ${name}`, () => Promise.resolve(readFileSync(auditLog, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)).find(({ verb, objectRef }) => verb === 'create' && objectRef?.name === name)));
  expect(await named('hidden')).toMatchObject({ level: 'Metadata', user: { username: 'kubernetes-admin' }, objectRef: { resource: 'secrets' }, responseStatus: { code: 201 }, annotations: { 'authorization.k8s.io/decision': 'allow' } });
  expect(await named('shown')).toMatchObject({ level: 'Request', requestObject: { data: { key: 'value' } }, sourceIPs: ['127.0.0.1'] });
  expect(readFileSync(auditLog, 'utf8')).not.toContain('hunter2');
});

test('no component of the host is refused what it does', async () => {
  const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } } } };
  await kubectl.apply(JSON.stringify(manifest));
  await kubectl.run('rollout', 'status', 'deployment/web');
  await kubectl.run('delete', 'deployment', 'web');
  expect(readFileSync(join(cluster.state, 'host.log'), 'utf8')).not.toMatch(/User \\"system:[^"]*\\" cannot/);
});
