import { describe, expect, it } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import type { KubeObject } from '../object.ts';
import { plainDocument } from './parsed.ts';
import { decode } from './typed.ts';
import { wireForm } from './wire.ts';

function onWire(group: string, kind: string, body: object): any {
  const type = kindType({ group, version: 'v1', kind });
  if (type === undefined) throw new Error(`no ${kind}`);
  const object = decode(plainDocument(body), type).value as KubeObject;
  return { object, written: wireForm(object, type) };
}

describe('the form on the wire', () => {
  it.each<[string, string, object, object]>([
    ['a required list is null where it is empty', 'rbac.authorization.k8s.io/Role', {}, { rules: null }],
    ['also deep inside', '/Pod', { spec: { containers: [], volumes: [{ name: 'v', projected: {} }] } }, { spec: { containers: null, volumes: [{ name: 'v', projected: { sources: null } }] } }],
    ['a list with something in it stays', 'rbac.authorization.k8s.io/Role', { rules: [{ verbs: ['get'] }] }, { rules: [{ verbs: ['get'] }] }],
    ['an optional list is left out', 'rbac.authorization.k8s.io/RoleBinding', { roleRef: {} }, { roleRef: { kind: '', name: '', apiGroup: '' } }],
    ['times are null', '/Pod', { spec: { containers: [{}] }, status: { conditions: [{ type: 'Ready' }] } }, { status: { conditions: [{ type: 'Ready', lastProbeTime: null, lastTransitionTime: null }] } }],
    ['lists in maps', 'apiextensions.k8s.io/CustomResourceDefinition', { status: {} }, { status: { conditions: null, storedVersions: null } }],
  ])('%s', (_, name, body, expected) => {
    const [group = '', kind = ''] = name.split('/');
    expect(onWire(group, kind, body).written).toMatchObject(expected);
  });

  it('has no time of creation where there is none', () => {
    const { written } = onWire('apps', 'Deployment', { spec: { template: { metadata: { labels: { a: 'b' } } } } });
    expect(written.spec.template.metadata).toEqual({ labels: { a: 'b' } });
  });

  it('leaves out what its type leaves out', () => {
    expect(onWire('rbac.authorization.k8s.io', 'RoleBinding', {}).written).not.toHaveProperty('subjects');
  });

  it('shares what needs no null, and changes nothing', () => {
    const { object, written } = onWire('', 'ConfigMap', { data: { a: 'b' } });
    expect(written).toBe(object);
    const role = onWire('rbac.authorization.k8s.io', 'Role', { metadata: { labels: { a: 'b' } } });
    expect(role.object['rules']).toEqual([]);
    expect(role.written.metadata).toBe(role.object.metadata);
  });
});
