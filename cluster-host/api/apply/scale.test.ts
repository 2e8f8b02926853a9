import { expect, it } from 'vitest';
import { parentManagedFields, scaleManagedFields } from './scale.ts';

const entry = (manager: string, fieldsV1: object, more: object = {}) => ({ manager, operation: 'Apply', apiVersion: 'apps/v1', fieldsType: 'FieldsV1', fieldsV1, ...more });
const parent = {
  managedFields: [entry('one', { 'f:spec': { 'f:replicas': {}, 'f:paused': {} } }), entry('two', { 'f:spec': { 'f:paused': {} } })],
  apiVersion: 'apps/v1',
  replicasPath: '.spec.replicas',
};
const replicas = { 'f:spec': { 'f:replicas': {} } };

it('shows who owns the replicas', () => {
  expect(scaleManagedFields(parent)).toEqual([entry('one', replicas, { apiVersion: 'autoscaling/v1' })]);
});

it('moves the replicas to whoever scaled', () => {
  const scaler = { manager: 'scaler', operation: 'Update', apiVersion: 'autoscaling/v1', subresource: 'scale', fieldsType: 'FieldsV1', fieldsV1: replicas };
  expect(parentManagedFields(parent, [scaler])).toEqual([
    entry('one', { 'f:spec': { 'f:paused': {} } }),
    entry('two', { 'f:spec': { 'f:paused': {} } }),
    { ...scaler, apiVersion: 'apps/v1' },
  ]);
});

it('leaves owners that the Scale still names', () => {
  expect(parentManagedFields(parent, scaleManagedFields(parent))).toEqual(parent.managedFields);
});
