import { beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const good = { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true', expiration: '2026-01-01T01:00:00Z', 'auth-extra-groups': 'system:bootstrappers:workers' };

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
});

const reviewed = async (token: string): Promise<any> => (await it.call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token } })).body.status;
const keep = (stringData: object, type = 'bootstrap.kubernetes.io/token') => it.create('/api/v1/namespaces/kube-system/secrets', { metadata: { name: 'bootstrap-token-abcdef' }, type, stringData });

test('a bootstrap token says who joins, until it ends', async () => {
  await keep(good);
  expect(await reviewed('abcdef.0123456789abcdef')).toMatchObject({ authenticated: true, user: { username: 'system:bootstrap:abcdef', groups: ['system:bootstrappers', 'system:bootstrappers:workers', 'system:authenticated'] } });
  expect(await reviewed('abcdef.0123456789abcdee')).toEqual({ user: {}, error: 'invalid bearer token' });
  await it.clock.advance(3_600_000);
  expect((await reviewed('abcdef.0123456789abcdef')).authenticated).toBeUndefined();
});

test.each([
  ['another type', good, 'Opaque'],
  ['another id', { ...good, 'token-id': 'fedcba' }],
  ['no use for authentication', { ...good, 'usage-bootstrap-authentication': 'false' }],
  ['a group of somebody else', { ...good, 'auth-extra-groups': 'system:masters' }],
  ['an end that cannot be read', { ...good, expiration: 'soon' }],
])('a secret with %s is no token', async (_what, data, type?: string) => {
  await keep(data, type);
  expect((await reviewed('abcdef.0123456789abcdef')).authenticated).toBeUndefined();
});
