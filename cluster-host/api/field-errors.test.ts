import { describe, expect, it } from 'vitest';
import * as errors from './field-errors.ts';
import { quote } from './text.ts';

const texts = (...list: readonly { field: string; message: string }[]) => list.map((one) => `${one.field}: ${one.message}`);

describe('field errors', () => {
  it('words each type as Kubernetes does', () => {
    expect(
      texts(
        errors.required('spec.name'),
        errors.required('spec.name', 'must be set'),
        errors.invalid('spec.replicas', -1, 'must be greater than or equal to 0'),
        errors.invalid('metadata.name', 'A"', 'bad'),
        errors.invalid('spec.selector', { matchLabels: { a: '<b>' } }, errors.fieldImmutable),
        errors.invalid('spec.x', null, 'bad'),
        errors.notSupported('spec.restartPolicy', 'Sometimes', ['Always', 'Never']),
        errors.forbidden('spec', 'may not change'),
        errors.duplicate('spec.containers[1].name', 'a'),
        errors.notFound('spec.volumeMounts[0].name', 'data'),
        errors.tooLong('metadata.annotations', 262144),
        errors.tooMany('spec.x', 3, 1),
        errors.tooMany('spec.x', undefined, 2),
        errors.internalError('spec', 'oops'),
      ),
    ).toEqual([
      'spec.name: Required value',
      'spec.name: Required value: must be set',
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      'metadata.name: Invalid value: "A\\"": bad',
      'spec.selector: Invalid value: {"matchLabels":{"a":"\\u003cb\\u003e"}}: field is immutable',
      'spec.x: Invalid value: null: bad',
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never"',
      'spec: Forbidden: may not change',
      'spec.containers[1].name: Duplicate value: "a"',
      'spec.volumeMounts[0].name: Not found: "data"',
      'metadata.annotations: Too long: may not be more than 262144 bytes',
      'spec.x: Too many: 3: must have at most 1 item',
      'spec.x: Too many: must have at most 2 items',
      'spec: Internal error: oops',
    ]);
  });

  it('finds the steps of a path again', () => {
    expect(errors.parsePath('spec.containers[0].ports[1].name')).toEqual(['spec', 'containers', 0, 'ports', 1, 'name']);
    expect(errors.parsePath('metadata.labels[app.kubernetes.io/name]')).toEqual(['metadata', 'labels', 'app.kubernetes.io/name']);
    expect(errors.formatPath(['spec', 'containers', 0, 'name'])).toBe('spec.containers[0].name');
  });

  it('quotes as Go does', () => {
    expect(quote('tab\t "é" \u0001\u200b')).toBe('"tab\\t \\"é\\" \\x01\\u200b"');
  });
});
