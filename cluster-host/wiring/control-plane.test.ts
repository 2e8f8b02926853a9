import { expect, test } from 'vitest';
import { defaultClusterRoleBindings, defaultRoleBindings } from '../api-server/bootstrap/rbac.ts';
import { serviceAccountOf } from '../client/controller.ts';
import { controllers } from '../controllers/controllers.ts';

test('every controller acts as a service account that has a role', () => {
  const bound = new Set([...defaultClusterRoleBindings(), ...defaultRoleBindings()].flatMap(({ subjects }) => (subjects as { name: string }[]).map(({ name }) => name)));
  const accounts = controllers({ clusterCidr: '10.244.0.0/16', caCertificate: '', signCertificate: () => '', signLegacyToken: () => '' }).flatMap((definition) => serviceAccountOf(definition) ?? []);
  expect(accounts.filter((account) => !bound.has(account))).toEqual([]);
});
