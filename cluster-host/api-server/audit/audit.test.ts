import { expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';
import { readPolicy, verdictOf } from './policy.ts';

const policyOf = (rules: string, more = ''): string => `apiVersion: audit.k8s.io/v1\nkind: Policy\n${more}rules:\n${rules}`;

async function audited(policy: string | undefined): Promise<{ it: TestServer; events: any[] }> {
  const events: any[] = [];
  return { it: await createTestServer({ audit: { policy, write: (line) => events.push(JSON.parse(line)) } }), events };
}

const ofPath = (events: readonly any[], part: string): any[] => events.filter(({ requestURI }) => requestURI.includes(part));

test('without a policy: who did what, and no content', async () => {
  const { it, events } = await audited(undefined);
  await it.call('POST', '/api/v1/namespaces/default/secrets', { metadata: { name: 's' }, stringData: { password: 'hunter2' } }, { headers: { 'Audit-ID': 'mine', 'User-Agent': 'test' } });
  expect(ofPath(events, 'secrets')).toEqual([
    {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      auditID: 'mine',
      requestURI: '/api/v1/namespaces/default/secrets',
      verb: 'create',
      user: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
      sourceIPs: ['127.0.0.1'],
      userAgent: 'test',
      objectRef: { resource: 'secrets', namespace: 'default', name: 's', apiVersion: 'v1' },
      stage: 'ResponseComplete',
      responseStatus: { metadata: {}, code: 201 },
      requestReceivedTimestamp: '2026-01-01T00:00:00.000000Z',
      stageTimestamp: '2026-01-01T00:00:00.000000Z',
      annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    },
  ]);
  expect(JSON.stringify(events)).not.toContain('hunter2');
});

test('the first rule that matches says how much is written, of which stages', async () => {
  const rules = `
- level: None
  users: [kubernetes-admin]
- level: Metadata
  resources: [{group: "", resources: [secrets]}]
- level: RequestResponse
  verbs: [create]
  omitStages: [RequestReceived]
  omitManagedFields: true
- level: Request
`;
  const { it, events } = await audited(policyOf(rules));
  const bob = { name: 'bob', groups: ['system:masters', 'system:authenticated'] };
  await it.call('GET', '/api/v1/pods');
  await it.call('POST', '/api/v1/namespaces/default/secrets', { metadata: { name: 's' }, stringData: { k: 'hunter2' } }, { user: bob });
  await it.call('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'c' }, data: { k: 'v' } }, { user: bob });
  await it.call('PATCH', '/api/v1/namespaces/default/configmaps/c', '{"data":{"k":"w"}}', { user: bob, headers: { 'content-type': 'application/merge-patch+json' } });
  expect(events.map(({ verb, level, stage, objectRef }) => [verb, objectRef?.resource, level, stage])).toEqual([
    ['create', 'secrets', 'Metadata', 'RequestReceived'],
    ['create', 'secrets', 'Metadata', 'ResponseComplete'],
    ['create', 'configmaps', 'RequestResponse', 'ResponseComplete'],
    ['patch', 'configmaps', 'Request', 'RequestReceived'],
    ['patch', 'configmaps', 'Request', 'ResponseComplete'],
  ]);
  expect(events[2]).toMatchObject({ requestObject: { data: { k: 'v' } }, responseObject: { kind: 'ConfigMap', metadata: { name: 'c', uid: expect.any(String) } } });
  expect(events[2].responseObject.metadata.managedFields).toBeUndefined();
  expect(events[4]).toMatchObject({ requestObject: { data: { k: 'w' } } });
  expect(events[4].responseObject).toBeUndefined();
  expect(JSON.stringify(events)).not.toContain('hunter2');
});

test('what admission policies have to say', async () => {
  const { it, events } = await audited(policyOf('- level: Metadata\n  resources: [{group: "", resources: [configmaps]}]\n', 'omitStages: [RequestReceived]\n'));
  const root = '/apis/admissionregistration.k8s.io/v1';
  const matchConstraints = { resourceRules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }] };
  await it.create(`${root}/validatingadmissionpolicies`, { metadata: { name: 'p' }, spec: { matchConstraints, validations: [{ expression: 'false', message: 'no' }], auditAnnotations: [{ key: 'k', valueExpression: 'string(object.metadata.name)' }] } });
  await it.create(`${root}/validatingadmissionpolicybindings`, { metadata: { name: 'b' }, spec: { policyName: 'p', validationActions: ['Audit'] } });
  await it.create('/api/v1/namespaces/default/configmaps', { metadata: { name: 'm' } });
  expect(events.at(-1).annotations).toMatchObject({
    'p/k': 'm',
    'validation.policy.admission.k8s.io/validation_failure': '[{"message":"no","policy":"p","binding":"b","expressionIndex":0,"validationActions":["Audit"]}]',
  });
});

test('refusals, acting as somebody else, and watches', async () => {
  const { it, events } = await audited(policyOf('- level: Metadata\n', 'omitStages: [RequestReceived]\n'));
  await it.call('GET', '/api/v1/nodes', undefined, { headers: { 'Impersonate-User': 'eve' } });
  expect(events[0]).toMatchObject({
    user: { username: 'kubernetes-admin' },
    impersonatedUser: { username: 'eve', groups: ['system:authenticated'] },
    responseStatus: { status: 'Failure', reason: 'Forbidden', code: 403 },
    annotations: { 'authorization.k8s.io/decision': 'forbid' },
  });
  const watch = it.server.watch({ user: { name: 'a', groups: ['system:masters'] }, method: 'GET', path: '/api/v1/pods' }, { event: () => undefined, ended: () => undefined });
  await new Promise((resolve) => setImmediate(resolve));
  await it.clock.advance(1000);
  watch.dispose();
  expect(events.slice(1).map(({ verb, stage, stageTimestamp }) => [verb, stage, stageTimestamp])).toEqual([
    ['watch', 'ResponseStarted', '2026-01-01T00:00:00.000000Z'],
    ['watch', 'ResponseComplete', '2026-01-01T00:00:01.000000Z'],
  ]);
});

test.each([
  ['', 'it is no Policy of audit.k8s.io/v1'],
  ['apiVersion: audit.k8s.io/v1\nkind: Policy\n', 'loaded illegal policy with 0 rules'],
  [policyOf('- {}\n'), 'rules[0].level: Required value'],
  [policyOf('- {level: Some}\n'), 'rules[0].level: Unsupported value: "Some": supported values: "None", "Metadata", "Request", "RequestResponse"'],
  [policyOf('- {level: None, nonResourceURLs: [healthz]}\n'), `rules[0].nonResourceURLs[0]: Invalid value: "healthz": non-resource URL rules must begin with a '/' character`],
  [policyOf('- {level: None, omitStages: [Never]}\n'), 'rules[0].omitStages[0]: Invalid value: "Never": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic'],
])('a policy that cannot be used is refused: %#', (text, error) => {
  expect(readPolicy(text)).toEqual({ ok: false, error });
});

test.each([
  [{ resources: [{ group: '', resources: ['pods'] }] }, true],
  [{ resources: [{ group: '', resources: ['pods/log'] }] }, false],
  [{ resources: [{ group: '', resources: ['pods/*'] }] }, true],
  [{ resources: [{ group: '*' }] }, true],
  [{ resources: [{ group: '', resources: ['pods'], resourceNames: ['q'] }] }, false],
  [{ namespaces: ['other'] }, false],
  [{ userGroups: ['g', 'h'], verbs: ['get'] }, true],
  [{ nonResourceURLs: ['*'] }, false],
])('%j matches the reading of a pod: %s', (rule, matched) => {
  const attributes = { type: 'resource', user: { name: 'u', groups: ['h'] }, verb: 'get', group: '', version: 'v1', resource: 'pods', subresource: '', namespace: 'default', name: 'p' } as const;
  expect(verdictOf({ rules: [{ level: 'Request', ...rule }] }, attributes).level).toBe(matched ? 'Request' : 'None');
});
