import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { ownedBy, pick, sameFor } from './owned.ts';

const fieldsV1 = {
  'f:spec': {
    'f:replicas': {},
    'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:name': {}, 'f:image': {} } } } },
    'f:finalizers': { 'v:"a"': {} },
  },
};

function deployment(change: object = {}, resourceVersion = '1'): KubeObject {
  return {
    metadata: { name: 'web', resourceVersion, annotations: { revision: resourceVersion }, managedFields: [{ manager: 'kubicle', operation: 'Apply', fieldsV1 }] },
    spec: { replicas: 2, paused: false, finalizers: ['a', 'b'], template: { spec: { containers: [{ name: 'side', image: 'x' }, { name: 'web', image: 'nginx', imagePullPolicy: 'Always' }] } }, ...change },
  };
}

describe('pick', () => {
  it('gives what the manager stated, list items by key and by value', () => {
    expect(pick(deployment(), ownedBy('kubicle', deployment()))).toEqual({ spec: { replicas: 2, finalizers: ['a'], template: { spec: { containers: [{ name: 'web', image: 'nginx' }] } } } });
  });

  it('gives nothing to a stranger', () => expect(pick(deployment(), ownedBy('helm', deployment()))).toEqual({}));
});

describe('sameFor', () => {
  it('ignores what others write', () => expect(sameFor('kubicle', deployment(), deployment({ paused: true }, '2'))).toBe(true));
  it('sees a change of what it states', () => expect(sameFor('kubicle', deployment(), deployment({ replicas: 3 }, '2'))).toBe(false));
});
