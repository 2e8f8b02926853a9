import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf } from '../../test/support/schema-arbitrary.ts';
import { kindType } from './catalogue/catalogue.ts';
import { checkManifest } from './check.ts';
import { plainDocument } from './decode/parsed.ts';
import { parseYaml } from './decode/yaml.ts';
import { kinds } from './kinds/kinds.ts';
import { apiVersionOf } from './object.ts';

const options = { now: Date.parse('2026-01-01T00:00:00Z') };

function check(text: string) {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return checkManifest(parsed.value, options).map(({ path, rule, message }) => [path.join('/'), rule, message]);
}

describe('checkManifest', () => {
  it('finds nothing in a good manifest', () => {
    expect(check('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  key: "1"\n')).toEqual([]);
    expect(check('')).toEqual([]);
  });

  it('asks for apiVersion and kind', () => {
    expect(check('metadata: {}')).toEqual([['apiVersion', 'kind', 'apiVersion not set'], ['kind', 'kind', 'kind not set']]);
    expect(check('- a')).toHaveLength(1);
    expect(check('apiVersion: 1\nkind: Pod')).toEqual([['apiVersion', 'type', 'apiVersion must be a string']]);
  });

  it('knows which kinds there are, and leaves those of others alone', () => {
    expect(check('apiVersion: v1\nkind: Pd')).toEqual([['kind', 'kind', 'no matches for kind "Pd" in version "v1"']]);
    expect(check('apiVersion: extensions/v1beta1\nkind: Deployment')).toEqual([['apiVersion', 'kind', 'no matches for kind "Deployment" in version "extensions/v1beta1"']]);
    expect(check('apiVersion: apps/v1beta1\nkind: Deployment')).toEqual([['apiVersion', 'kind', 'no matches for kind "Deployment" in version "apps/v1beta1"']]);
    expect(check('apiVersion: cert-manager.io/v1\nkind: Certificate\nspec: 1')).toEqual([]);
  });

  it('speaks as strict decoding does', () => {
    expect(check('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labls: {}\ndata:\n  a: "1"\n  a: "2"\n')).toEqual([
      ['metadata/labls', 'unknown-field', 'unknown field "metadata.labls"'],
      ['data/a', 'duplicate-field', 'duplicate field "data.a"'],
    ]);
    expect(check('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: 1\n')).toEqual([
      ['data/a', 'type', 'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string'],
    ]);
  });

  it('validates, in lists too', () => {
    expect(check('apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {}\n')).toEqual([
      ['items/0/metadata/name', 'FieldValueRequired', 'metadata.name: Required value: name or generateName is required'],
    ]);
    expect(check('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: a-\n')).toEqual([]);
  });

  it('never throws, whatever a document holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.constantFrom('Pod', 'ConfigMap', 'Namespace'), (metadata, spec, kind) => {
        checkManifest(plainDocument({ apiVersion: 'v1', kind, metadata, spec, data: spec }), options);
      }),
    );
  });

  it.each(kinds.map((kind) => [`${kind.kind} of ${apiVersionOf(kind)}`, kind] as const))('judges every %s', (_, kind) => {
    const type = kindType(kind);
    if (type === undefined) throw new Error(`the catalogue lacks ${kind.kind}`);
    fc.assert(
      fc.property(documentOf(type), (document) => {
        checkManifest(plainDocument({ ...(document as object), apiVersion: apiVersionOf(kind), kind: kind.kind }), options);
      }),
      { numRuns: 15 },
    );
  });
});
