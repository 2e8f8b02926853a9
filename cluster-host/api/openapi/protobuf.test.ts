import protobuf from 'protobufjs/minimal.js';
import { expect, test } from 'vitest';
import { openApiV2Protobuf } from './protobuf.ts';

/** The fields of a message by number, undecoded. */
function fieldsOf(bytes: Uint8Array): Map<number, Uint8Array[]> {
  const reader = protobuf.Reader.create(bytes);
  const fields = new Map<number, Uint8Array[]>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) !== 2) reader.skipType(tag & 7);
    else fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), reader.bytes()]);
  }
  return fields;
}

/** Follows field numbers down. */
function at(bytes: Uint8Array, ...path: readonly number[]): string {
  const [number, ...rest] = path;
  if (number === undefined) return Buffer.from(bytes).toString();
  const [first] = fieldsOf(bytes).get(number) ?? [];
  if (first === undefined) throw new Error(`no field ${path.join('.')}`);
  return at(first, ...rest);
}

test('definitions, extensions and operations lie where clients look for them', () => {
  const bytes = openApiV2Protobuf({
    swagger: '2.0',
    info: { title: 'Kubernetes', version: 'v1.36.0' },
    paths: { '/api/v1/pods': { get: { operationId: 'listPods', parameters: [{ name: 'limit', in: 'query', type: 'integer' }], responses: { 200: { description: 'OK', schema: { $ref: '#/definitions/Pods' } } }, 'x-kubernetes-action': 'list' } } },
    definitions: { Pod: { type: 'object', properties: { spec: { $ref: '#/definitions/PodSpec' } }, 'x-kubernetes-group-version-kind': [{ kind: 'Pod' }] } },
  });
  expect(at(bytes, 1)).toBe('2.0');
  expect(at(bytes, 2, 1)).toBe('Kubernetes');
  expect(at(bytes, 8, 2, 1)).toBe('/api/v1/pods');
  expect(at(bytes, 8, 2, 2, 2, 5)).toBe('listPods');
  expect(at(bytes, 8, 2, 2, 2, 8, 1, 2, 3, 4)).toBe('limit');
  expect(at(bytes, 8, 2, 2, 2, 9, 1, 2, 1, 2, 1, 1)).toBe('#/definitions/Pods');
  expect(at(bytes, 8, 2, 2, 2, 13, 1)).toBe('x-kubernetes-action');
  expect(at(bytes, 9, 1, 1)).toBe('Pod');
  expect(at(bytes, 9, 1, 2, 22, 1)).toBe('object');
  expect(at(bytes, 9, 1, 2, 25, 1, 2, 1)).toBe('#/definitions/PodSpec');
  expect(at(bytes, 9, 1, 2, 31, 2, 2)).toBe('[{"kind":"Pod"}]');
});
