import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import { copy } from '../values.ts';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { applyPatch, type PatchKind } from './patch.ts';

const type = kindType({ group: '', version: 'v1', kind: 'Pod' });
if (type === undefined) throw new Error('no Pod');

const pod = {
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', labels: { app: 'x' }, finalizers: ['a/b', 'c/d'] },
  spec: {
    containers: [{ name: 'one', image: 'i1', resources: {}, env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }] }, { name: 'two', image: 'i2', resources: {} }],
    volumes: [{ name: 'v', emptyDir: {} }],
    tolerations: [{ key: 'k' }],
  },
  status: {},
};

function patch(kind: PatchKind, body: unknown, fieldValidation: 'Ignore' | 'Warn' | 'Strict' = 'Warn') {
  const before = copy(pod);
  const outcome = applyPatch({ kind, text: typeof body === 'string' ? body : JSON.stringify(body), object: pod, type: type!, fieldValidation });
  expect(pod).toEqual(before);
  return outcome;
}

function patched(kind: PatchKind, body: unknown): any {
  const outcome = patch(kind, body);
  if (!outcome.ok) throw new Error(outcome.status.message);
  return outcome.object;
}

function refusal(kind: PatchKind, body: unknown, fieldValidation: 'Warn' | 'Strict' = 'Warn') {
  const outcome = patch(kind, body, fieldValidation);
  return outcome.ok ? 'accepted' : [outcome.status.code, outcome.status.message];
}

const containerNames = (object: any) => object.spec.containers.map((one: any) => one.name);

describe('strategic merge patch', () => {
  it('merges lists by their keys, new items first where the patch names them first', () => {
    const object = patched('strategic', { spec: { containers: [{ name: 'two', image: 'new' }, { name: 'three', image: 'i3' }] } });
    expect(containerNames(object)).toEqual(['one', 'two', 'three']);
    expect(object.spec.containers[1].image).toBe('new');
    expect(patched('strategic', { spec: { containers: [{ name: 'one', env: [{ name: 'C', value: '3' }] }] } }).spec.containers[0].env.map((one: any) => one.name)).toEqual(['C', 'A', 'B']);
  });

  it('replaces lists without a merge key, and merges texts', () => {
    expect(patched('strategic', { spec: { tolerations: [{ key: 'z' }] } }).spec.tolerations).toEqual([{ key: 'z' }]);
    expect(patched('strategic', { metadata: { finalizers: ['e/f', 'a/b'] } }).metadata.finalizers.toSorted()).toEqual(['a/b', 'c/d', 'e/f']);
  });

  it('knows $patch', () => {
    expect(containerNames(patched('strategic', { spec: { containers: [{ name: 'one', $patch: 'delete' }] } }))).toEqual(['two']);
    expect(containerNames(patched('strategic', { spec: { containers: [{ $patch: 'replace' }, { name: 'new', image: 'x' }] } }))).toEqual(['new']);
    expect(patched('strategic', { metadata: { labels: { $patch: 'replace', b: 'y' } } }).metadata.labels).toEqual({ b: 'y' });
    expect(patched('strategic', { metadata: { labels: { $patch: 'delete' } } }).metadata.labels).toBeUndefined();
    expect(refusal('strategic', { metadata: { labels: { $patch: 'merge' } } })).toEqual([500, 'unknown patch type: merge in map: map[$patch:merge]']);
  });

  it('knows $retainKeys', () => {
    const object = patched('strategic', { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] } });
    expect(object.spec.volumes).toEqual([{ name: 'v', hostPath: { path: '/x' } }]);
    expect(refusal('strategic', { spec: { volumes: [{ name: 'v', $retainKeys: ['name'], hostPath: { path: '/x' } }] } })).toEqual([400, 'invalid patch format of retainKeys']);
  });

  it('knows $deleteFromPrimitiveList', () => {
    expect(patched('strategic', { metadata: { '$deleteFromPrimitiveList/finalizers': ['a/b'] } }).metadata.finalizers).toEqual(['c/d']);
    expect(refusal('strategic', { metadata: { $deleteFromPrimitiveList: ['a/b'] } })).toEqual([400, 'invalid patch format of primitive list']);
  });

  it('knows $setElementOrder', () => {
    const ordered = { spec: { '$setElementOrder/containers': [{ name: 'two' }, { name: 'one' }], containers: [{ name: 'one', image: 'z' }] } };
    expect(containerNames(patched('strategic', ordered))).toEqual(['two', 'one']);
    const added = { spec: { '$setElementOrder/containers': [{ name: 'new' }, { name: 'one' }], containers: [{ name: 'new', image: 'z' }] } };
    expect(containerNames(patched('strategic', added))).toEqual(['new', 'one', 'two']);
    expect(refusal('strategic', { spec: { '$setElementOrder/containers': [{ name: 'one' }], containers: [{ name: 'two' }] } })).toEqual([500, "The order in patch list:\n[map[name:two]]\n doesn't match $setElementOrder list:\n[map[name:one]]\n"]);
  });

  it('asks for the merge key', () => {
    expect(refusal('strategic', { spec: { containers: [{ image: 'x' }] } })).toEqual([500, 'map: map[image:x] does not contain declared merge key: name']);
  });

  it('removes with null and drops nulls of what it adds', () => {
    expect(patched('strategic', { spec: { volumes: null, nodeSelector: { a: null, b: 'c' } } }).spec).not.toHaveProperty('volumes');
    expect(patched('strategic', { spec: { nodeSelector: { a: null, b: 'c' } } }).spec.nodeSelector).toEqual({ b: 'c' });
  });
});

describe('merge patch', () => {
  it('merges, removes and replaces (the examples of RFC 7386)', () => {
    const examples: readonly (readonly [unknown, unknown, unknown])[] = [
      [{ a: 'b' }, { a: 'c' }, { a: 'c' }], [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }], [{ a: 'b' }, { a: null }, {}], [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
      [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }], [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }], [{ e: null }, { a: 1 }, { e: null, a: 1 }], [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ];
    for (const [document, change, result] of examples) expect(applyMergePatch(document, change)).toEqual(result);
  });

  it('changes nothing twice', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (document, change) => {
        const once = applyMergePatch(document, change);
        expect(applyMergePatch(once, change)).toEqual(once);
      }),
    );
  });

  it('is refused with the decoder’s words', () => {
    expect(refusal('merge', '{')).toEqual([400, 'error decoding patch: unexpected end of JSON input']);
    expect(refusal('merge', '[]')).toEqual([400, 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}']);
    expect(refusal('merge', 'null')).toEqual([400, 'Invalid JSON Patch']);
    expect(refusal('merge', { spec: { nodeName: 1 } })).toMatchObject([422, expect.stringContaining('patch: Invalid value')]);
    expect(refusal('merge', '{"metadata":{"labels":{"a":"1","a":"2"}},"foo":1}', 'Strict')).toMatchObject([422, expect.stringContaining('strict decoding error: duplicate field \\"metadata.labels.a\\", unknown field \\"foo\\"'.replaceAll('\\', ''))]);
  });

  it('warns where asked to', () => {
    expect(patch('merge', { foo: 1 })).toMatchObject({ ok: true, warnings: ['unknown field "foo"'] });
  });
});

describe('JSON patch', () => {
  it('applies each operation', () => {
    const document = { a: [1, 2, 3], b: { 'c/d': 1, 'e~f': 2 } };
    const result = (...operations: readonly object[]) => applyJsonPatch(document, operations);
    expect(result({ op: 'add', path: '/a/1', value: 9 })).toMatchObject({ a: [1, 9, 2, 3] });
    expect(result({ op: 'add', path: '/a/-', value: 9 })).toMatchObject({ a: [1, 2, 3, 9] });
    expect(result({ op: 'add', path: '/a/-1', value: 9 })).toMatchObject({ a: [1, 2, 3, 9] });
    expect(result({ op: 'remove', path: '/b/c~1d' }, { op: 'replace', path: '/b/e~0f', value: 3 })).toEqual({ a: [1, 2, 3], b: { 'e~f': 3 } });
    expect(result({ op: 'replace', path: '/b/new', value: 1 })).toMatchObject({ b: { new: 1 } });
    expect(result({ op: 'move', from: '/a/0', path: '/b/x' })).toMatchObject({ a: [2, 3], b: { x: 1 } });
    expect(result({ op: 'copy', from: '/a', path: '/c' }, { op: 'add', path: '/c/0', value: 0 })).toMatchObject({ a: [1, 2, 3], c: [0, 1, 2, 3] });
    expect(result({ op: 'copy', from: '/missing', path: '/c' })).toMatchObject({ c: null });
    expect(result({ op: 'test', path: '/missing', value: null })).toEqual(document);
    expect(result({ op: 'replace', path: '', value: {} })).toEqual({});
    expect(result({ op: 'replace', path: '', value: 1 })).toEqual(document);
  });

  it.each([
    [[{ op: 'remove', path: '/metadata/nope' }]],
    [[{ op: 'add', path: '/spec/nope/deep', value: 1 }]],
    [[{ op: 'add', path: '/spec/containers/7', value: {} }]],
    [[{ op: 'test', path: '/kind', value: 'Node' }]],
    [[{ op: 'move', from: '/nope', path: '/x' }]],
    [[{ op: 'dance', path: '/kind' }]],
    [[{ path: '/kind' }]],
    [[null]],
    [[{ op: null, path: null }]],
    [[{ op: 'add', path: 'kind', value: 1 }]],
  ])('refuses %j', (operations) => {
    expect(refusal('json', operations)).toEqual([422, 'the server rejected our request due to an error in our request']);
  });

  it('has limits and a form', () => {
    expect(refusal('json', Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/kind', value: 'Pod' })))).toEqual([413, 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001']);
    expect(refusal('json', {})).toEqual([400, 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp']);
    expect(refusal('json', [{ op: 1 }])).toEqual([400, 'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string']);
    const doubling = [{ op: 'add', path: '/metadata/annotations', value: { a: 'x'.repeat(100_000) } }, ...Array.from({ length: 40 }, () => ({ op: 'copy', from: '/metadata/annotations', path: '/metadata/annotations/b' }))];
    expect(refusal('json', doubling)).toMatchObject([422, expect.anything()]);
  });
});

it('answers every patch with an object or a status', () => {
  fc.assert(
    fc.property(fc.constantFrom<PatchKind>('json', 'merge', 'strategic'), fc.oneof(fc.json(), fc.array(fc.record({ op: fc.constantFrom('add', 'remove', 'replace', 'copy', 'move', 'test'), path: fc.constantFrom('/spec', '/spec/containers/0', '', '/metadata/labels/x'), from: fc.constantFrom('/spec', '/kind'), value: fc.jsonValue() })).map((list) => JSON.stringify(list))), (kind, text) => {
      expect(typeof patch(kind, text).ok).toBe('boolean');
    }),
  );
});
