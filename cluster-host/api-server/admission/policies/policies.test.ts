/** Admission policies through the whole request chain. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
});

const root = '/apis/admissionregistration.k8s.io/v1';
const maps = '/api/v1/namespaces/default/configmaps';
const matchConstraints = { resourceRules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }] };

async function bind(type: 'validating' | 'mutating', spec: object, binding: object = {}): Promise<void> {
  await it.create(`${root}/${type}admissionpolicies`, { metadata: { name: 'p' }, spec: { matchConstraints, ...(type === 'mutating' && { reinvocationPolicy: 'Never' }), ...spec } });
  await it.create(`${root}/${type}admissionpolicybindings`, { metadata: { name: 'b' }, spec: { policyName: 'p', ...(type === 'validating' && { validationActions: ['Deny'] }), ...binding } });
}

async function post(data: Record<string, string> = {}, metadata: object = {}): Promise<any> {
  const { status, body, headers } = await it.call('POST', maps, { metadata: { name: 'm', ...metadata }, data });
  return { status, body, message: body.message, warning: headers['warning'] };
}

describe('a validating policy', () => {
  const validations = [{ expression: "!has(object.data.bad)", message: 'bad data' }];

  test('refuses in its own words, with its reason', async () => {
    await bind('validating', { validations });
    const refused = await post({ bad: 'x' });
    expect(refused.message).toBe(`configmaps "m" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: bad data`);
    expect(refused.body).toMatchObject({ code: 422, reason: 'Invalid', details: { name: 'm', kind: 'configmaps', causes: [{ message: `ValidatingAdmissionPolicy 'p' with binding 'b' denied request: bad data` }] } });
    expect((await post({ good: 'x' })).status).toBe(201);
  });

  test.each([
    [{ expression: 'false' }, 'failed expression: false'],
    [{ expression: 'false', messageExpression: "'no ' + object.metadata.name", message: 'x' }, 'no m'],
    [{ expression: 'false', messageExpression: 'string(object.data.missing)', message: 'x' }, 'x'],
    [{ expression: 'object.data.missing == "a"' }, `expression 'object.data.missing == "a"' resulted in error: no such key: data`],
  ])('%j says %s', async (validation, message) => {
    await bind('validating', { validations: [validation] });
    expect((await post()).message).toContain(`denied request: ${message}`);
  });

  test('warns instead, where its binding says so', async () => {
    await bind('validating', { validations }, { validationActions: ['Warn', 'Audit'] });
    const { status, warning } = await post({ bad: 'x' });
    expect([status, warning]).toEqual([201, `299 - "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': bad data"`]);
  });

  test('looks at variables, the request, the namespace and the rights of who asks', async () => {
    await bind('validating', {
      variables: [{ name: 'keys', expression: 'object.data.map(key, key)' }, { name: 'count', expression: 'variables.keys.size()' }],
      validations: [
        { expression: 'variables.count < 2', messageExpression: "'at most one of ' + string(variables.count)" },
        { expression: "request.operation == 'CREATE' && namespaceObject.metadata.name == 'default' && oldObject == null" },
        { expression: "authorizer.group('').resource('pods').namespace('x').check('get').allowed() && authorizer.requestResource.check('create').allowed()" },
        { expression: "!authorizer.serviceAccount('default', 'nobody').group('').resource('pods').check('get').allowed()" },
      ],
    });
    expect((await post({ a: '1' })).status).toBe(201);
    expect((await post({ a: '1', b: '2' }, { name: 'n' })).message).toContain('denied request: at most one of 2');
  });

  test('is asked only where it is meant', async () => {
    await bind('validating', { validations: [{ expression: 'false' }], matchConditions: [{ name: 'c', expression: "object.metadata.name != 'free'" }] }, { matchResources: { objectSelector: { matchLabels: { checked: 'yes' } } } });
    expect((await post()).status).toBe(201);
    expect((await post({}, { name: 'free', labels: { checked: 'yes' } })).status).toBe(201);
    expect((await post({}, { name: 'n', labels: { checked: 'yes' } })).status).toBe(422);
  });

  test('takes parameters', async () => {
    const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
    const conditions = { matchConditions: [{ name: 'c', expression: "object.metadata.name == 'm'" }] };
    await bind('validating', { paramKind, ...conditions, validations: [{ expression: 'object.data.size() <= int(params.data.max)', messageExpression: "'more than ' + params.data.max" }] }, { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } });
    expect((await post()).message).toContain("denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction");
    await it.call('DELETE', `${root}/validatingadmissionpolicybindings/b`);
    await it.create(maps, { metadata: { name: 'limits', labels: { limits: 'yes' } }, data: { max: '1' } });
    await it.create(`${root}/validatingadmissionpolicybindings`, { metadata: { name: 'b' }, spec: { policyName: 'p', validationActions: ['Deny'], paramRef: { selector: { matchLabels: { limits: 'yes' } }, parameterNotFoundAction: 'Deny' } } });
    expect((await post({ a: '', b: '' })).message).toContain('denied request: more than 1');
    expect((await post({ a: '' })).status).toBe(201);
  });

  test('is forgiving where it says so', async () => {
    await bind('validating', { failurePolicy: 'Ignore', validations: [{ expression: 'object.nothing == 1' }] });
    expect((await post()).status).toBe(201);
  });

  test.each([
    [{ validations: [{ expression: 'object.a ==' }] }, 'spec.validations[0].expression: Invalid value: "object.a ==": compilation failed: ERROR: <input>:1:12: Syntax error: mismatched input \'<EOF>\' expecting'],
    [{ validations: [{ expression: "'a'" }] }, `spec.validations[0].expression: Invalid value: "'a'": must evaluate to bool but got string`],
    [{ validations: [{ expression: 'params.a' }] }, "undeclared reference to 'params' (in container '')"],
    [{ validations: [{ expression: 'variables.b == 1' }], variables: [{ name: 'a', expression: '1' }] }, "undefined field 'b'"],
    [{ validations: [{ expression: 'true', messageExpression: '1' }] }, 'spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string but got int'],
    [{ validations: [{ expression: 'true' }], auditAnnotations: [{ key: 'k', valueExpression: 'true' }] }, 'spec.auditAnnotations[0].valueExpression: Invalid value: "true": must evaluate to one of [string null_type] but got bool'],
    [{ validations: [{ expression: 'request.nothing == 1' }] }, "undefined field 'nothing'"],
  ])('%j is refused', async (spec, message) => {
    const { status, body } = await it.call('POST', `${root}/validatingadmissionpolicies`, { metadata: { name: 'p' }, spec: { matchConstraints, ...spec } });
    expect(status).toBe(422);
    expect(body.message).toContain(message);
  });
});

test('what does not fit the kinds of a policy is told in its status', async () => {
  const deployments = { resourceRules: [{ operations: ['*'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] }] };
  await it.create(`${root}/validatingadmissionpolicies`, { metadata: { name: 'p' }, spec: { matchConstraints: deployments, validations: [{ expression: "object.spec.replicas > 1 && object.metadata.labels['a'] == 'b'" }, { expression: "object.spec.replicas > '1'" }, { expression: 'object.replicas > 1' }] } });
  await it.clock.advance(100);
  const status = async (): Promise<any> => (await it.call('GET', `${root}/validatingadmissionpolicies/p`)).body.status;
  await expect.poll(async () => (await status())?.observedGeneration).toBe(1);
  expect((await status()).typeChecking.expressionWarnings).toEqual([
    { fieldRef: 'spec.validations[1].expression', warning: "apps/v1, Kind=Deployment: compilation failed: ERROR: <input>:1:22: found no matching overload for '_>_' applied to '(int, string)'\n | object.spec.replicas > '1'\n | .....................^\n" },
    { fieldRef: 'spec.validations[2].expression', warning: "apps/v1, Kind=Deployment: compilation failed: ERROR: <input>:1:7: undefined field 'replicas'\n | object.replicas > 1\n | ......^\n" },
  ]);
});

describe('a mutating policy', () => {
  test('applies a configuration', async () => {
    await bind('mutating', { mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: "Object{ metadata: Object.metadata{ labels: {'made': 'here'} } }" } }] });
    expect((await post({ a: '1' }, { labels: { own: 'x' } })).body).toMatchObject({ metadata: { labels: { made: 'here', own: 'x' } }, data: { a: '1' } });
  });

  test('makes a JSON patch', async () => {
    await bind('mutating', { mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: "[JSONPatch{op: 'add', path: '/metadata/annotations', value: {}}, JSONPatch{op: 'add', path: '/metadata/annotations/' + jsonpatch.escapeKey('a/b'), value: object.metadata.name}]" } }] });
    expect((await post()).body.metadata.annotations).toEqual({ 'a/b': 'm' });
  });

  test('says what it cannot do', async () => {
    await bind('mutating', { mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: "[JSONPatch{op: 'add', path: '/metadata/name', value: object.data.missing}]" } }] });
    const { body } = await post();
    expect(body).toMatchObject({ code: 403, reason: 'Invalid', message: `policy 'p' with binding 'b' denied request: expression '[JSONPatch{op: 'add', path: '/metadata/name', value: object.data.missing}]' resulted in error: no such key: data` });
  });

  test('is refused where it makes no patch', async () => {
    const spec = { matchConstraints, reinvocationPolicy: 'Never', mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: '1' } }] };
    expect((await it.call('POST', `${root}/mutatingadmissionpolicies`, { metadata: { name: 'p' }, spec })).body.message).toContain('spec.mutations[0].jsonPatch.expression: Invalid value: "1": must evaluate to list(JSONPatch) but got int');
  });
});
