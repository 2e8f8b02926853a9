import { expect, it } from 'vitest';
import { readable, wanted } from './readable.ts';

const object = { status: { replicas: 1 }, spec: { replicas: 1 }, kind: 'Deployment', metadata: { name: 'web', resourceVersion: '7', managedFields: [] }, apiVersion: 'apps/v1' };

it('puts a live object in the order of a manifest, without managed fields', () => {
  expect(JSON.stringify(readable(object))).toBe('{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","resourceVersion":"7"},"spec":{"replicas":1},"status":{"replicas":1}}');
});

it('leaves out what nobody asked for', () => {
  expect(wanted(object)).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 1 } });
});
