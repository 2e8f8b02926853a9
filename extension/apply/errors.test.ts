import { describe, expect, it } from 'vitest';
import { ApiError } from '../../cluster-host/client/client.ts';
import { applyErrorOf, conflictsOf, needsReplacement, warningsOf } from './errors.ts';

describe('applyErrorOf', () => {
  it('carries the causes of an invalid object', () => {
    const causes = [{ field: 'spec.replicas', reason: 'FieldValueInvalid', message: 'Invalid value: -1' }];
    expect(applyErrorOf(new ApiError({ code: 422, reason: 'Invalid', message: 'm', details: { causes } })).causes).toEqual([{ field: 'spec.replicas', message: 'Invalid value: -1' }]);
  });

  it('finds the fields of a strict decoding error', () => {
    const error = new ApiError({ code: 400, reason: 'BadRequest', message: 'strict decoding error: unknown field "spec.replica", unknown field "spec.x"' });
    expect(applyErrorOf(error).causes.map(({ field }) => field)).toEqual(['spec.replica', 'spec.x']);
  });

  it.each([
    ['.spec.replica: field not declared in schema', ['spec.replica']],
    ['errors:\n  .spec.a: field not declared in schema\n  .spec.list[name="web"].b: field not declared in schema', ['spec.a', 'spec.list[name="web"].b']],
  ])('finds the fields of an apply that fits no schema: %j', (problems, fields) => {
    const error = new ApiError({ code: 500, message: `failed to create typed patch object (default/web; apps/v1, Kind=Deployment): ${problems}` });
    expect(applyErrorOf(error).causes.map(({ field }) => field)).toEqual(fields);
  });
});

it('reads warnings', () => {
  expect(warningsOf('299 - "unknown field \\"a\\"", 299 - "b, c"')).toEqual(['unknown field "a"', 'b, c']);
  expect(warningsOf(undefined)).toEqual([]);
});


it('names the fields of a conflict, and who has them', () => {
  const causes = [{ reason: 'FieldManagerConflict', field: '.spec.replicas', message: 'conflict with "kubectl-edit" using apps/v1' }];
  const error = applyErrorOf(new ApiError({ code: 409, reason: 'Conflict', message: 'Apply failed with 1 conflict', details: { causes } }));
  expect(conflictsOf(error)).toEqual([{ field: 'spec.replicas', manager: 'kubectl-edit' }]);
});

it.each([
  ['spec.template: Invalid value: {}: field is immutable', true],
  ['Pod "x" is invalid: spec: Forbidden: pod updates may not change fields other than image', true],
  ['spec.replicas: Invalid value: -1', false],
  ['spec: Forbidden: updates to statefulset spec for fields other than replicas, template are forbidden', true],
])('%s: another object is needed: %s', (message, expected) => expect(needsReplacement({ reason: 'Invalid', message, causes: [] })).toBe(expected));
