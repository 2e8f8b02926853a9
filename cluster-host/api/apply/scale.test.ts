import { expect, it } from 'vitest';
import { parentManagedFields, scaleManagedFields } from './scale.ts';

const entry = (manager: string, fieldsV1: object, more: object = {}) => ({ manager, operation: 'Apply', apiVersion: 'apps/v1', fieldsType: 'FieldsV1', fieldsV1, ...more });
const parent = {
  managedFields: [entry('one', { 'f:spec': { 'f:replicas': {}, 'f:paused': {} } }), entry('two', { 'f:spec': { 'f:paused': {} } })],
  apiVersion: 'apps/v1',
  replicasPaths: new Map([['apps/v1', '.spec.replicas'], ['apps/v2', '.spec.count'], ['apps/v3', undefined]]),
};
const replicas = { 'f:spec': { 'f:replicas': {} } };
const scaler = { manager: 'scaler', operation: 'Update', apiVersion: 'autoscaling/v1', subresource: 'scale', fieldsType: 'FieldsV1', fieldsV1: replicas };

it('shows who owns the replicas', () => {
  expect(scaleManagedFields(parent)).toEqual([entry('one', replicas, { apiVersion: 'autoscaling/v1' })]);
});

it('moves the replicas to whoever scaled, who has no time in the parent', () => {
  expect(parentManagedFields(parent, [{ ...scaler, time: '2026-01-01T00:00:00Z' }])).toEqual([
    entry('one', { 'f:spec': { 'f:paused': {} } }),
    entry('two', { 'f:spec': { 'f:paused': {} } }),
    { ...scaler, apiVersion: 'apps/v1' },
  ]);
});

it('leaves owners that the Scale still names', () => {
  expect(parentManagedFields(parent, scaleManagedFields(parent))).toEqual(parent.managedFields);
});

it('finds the replicas where each version keeps them, and forgets versions that are not served', () => {
  const others = [entry('count', { 'f:spec': { 'f:count': {} } }, { apiVersion: 'apps/v2' }), entry('none', replicas, { apiVersion: 'apps/v3' }), entry('past', replicas, { apiVersion: 'apps/v0' })];
  const mixed = { ...parent, managedFields: others };
  expect(scaleManagedFields(mixed)).toEqual([entry('count', replicas, { apiVersion: 'autoscaling/v1' })]);
  expect(parentManagedFields(mixed, [scaler])).toEqual([entry('none', replicas, { apiVersion: 'apps/v3' }), { ...scaler, apiVersion: 'apps/v1' }]);
});
