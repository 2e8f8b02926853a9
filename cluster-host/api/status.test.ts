import { describe, expect, it } from 'vitest';
import { required } from './field-errors.ts';
import * as status from './status.ts';

const deployments = { group: 'apps', plural: 'deployments' };
const pods = { group: '', plural: 'pods' };

describe('status', () => {
  it('names the resource in message and details', () => {
    expect(status.notFound(deployments, 'web')).toEqual({
      kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'deployments.apps "web" not found', reason: 'NotFound',
      details: { name: 'web', group: 'apps', kind: 'deployments' }, code: 404,
    });
    expect(status.alreadyExists(pods, 'a')).toMatchObject({ message: 'pods "a" already exists', code: 409, details: { name: 'a', kind: 'pods' } });
    expect(status.conflict(pods, 'a', status.objectModified).message).toBe(
      'Operation cannot be fulfilled on pods "a": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(status.forbidden(pods, '', 'no').message).toBe('pods is forbidden: no');
    expect(status.methodNotSupported(pods, 'patch').message).toBe('patch is not supported on resources of kind "pods"');
  });

  it('lists each invalid field once in the message, all as causes', () => {
    const one = status.invalid({ group: '', kind: 'Pod' }, 'web', [required('spec.containers')]);
    expect(one.message).toBe('Pod "web" is invalid: spec.containers: Required value');
    const two = status.invalid({ group: 'apps', kind: 'Deployment' }, 'web', [required('spec.selector'), required('spec.template', 'x')]);
    expect(two.message).toBe('Deployment.apps "web" is invalid: [spec.selector: Required value, spec.template: Required value: x]');
    expect(two.details).toEqual({
      name: 'web', group: 'apps', kind: 'Deployment',
      causes: [
        { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' },
        { reason: 'FieldValueRequired', message: 'Required value: x', field: 'spec.template' },
      ],
    });
  });
});
