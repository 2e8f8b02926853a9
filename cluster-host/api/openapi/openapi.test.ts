import { describe, expect, it } from 'vitest';
import { oraclePath, readOracle } from '../../../test/support/oracle.ts';
import { kinds } from '../kinds/kinds.ts';
import { canonicalJson } from '../values.ts';
import { openApiV2, openApiV3 } from './documents.ts';

const core: any = openApiV3(kinds, '', 'v1');

/** Every `$ref` inside a document. */
function references(value: unknown): readonly string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
}

describe('OpenAPI v3', () => {
  it('lets kubectl explain a resource: its path tells the kind, the kind its schema', () => {
    const path = core.paths['/api/v1/namespaces/{namespace}/pods'];
    expect(path.get['x-kubernetes-group-version-kind']).toEqual({ group: '', version: 'v1', kind: 'Pod' });
    const schema = core.components.schemas['io.k8s.api.core.v1.Pod'];
    expect(schema['x-kubernetes-group-version-kind']).toEqual([{ group: '', version: 'v1', kind: 'Pod' }]);
    expect(schema.description).toContain('collection of containers');
    expect(core.components.schemas['io.k8s.api.core.v1.PodSpec'].properties.containers).toMatchObject({ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], 'x-kubernetes-patch-merge-key': 'name' });
  });

  it('tells kubectl which parameters a patch knows', () => {
    const names = core.paths['/api/v1/namespaces/{namespace}/pods/{name}'].patch.parameters.map((one: { name: string }) => one.name);
    expect(names).toEqual(expect.arrayContaining(['dryRun', 'fieldManager', 'fieldValidation', 'force']));
  });

  it('refers only to schemas that it holds', () => {
    for (const document of [core, openApiV3(kinds, 'apps', 'v1'), openApiV2(kinds)] as any[]) {
      const held = Object.keys(document.components?.schemas ?? document.definitions).map((name) => `${document.definitions === undefined ? '#/components/schemas' : '#/definitions'}/${name}`);
      expect(references(document).filter((one) => !held.includes(one))).toEqual([]);
    }
  });

  it('names each operation once', () => {
    const document: any = openApiV2(kinds);
    const ids = Object.values<any>(document.paths).flatMap((path) => Object.values<any>(path).flatMap((operation) => operation.operationId ?? []));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('readCoreV1NamespacedPod');
  });
});

const swaggerFile = 'kubernetes/openapi/swagger-v1.36.json';

describe.skipIf(oraclePath(swaggerFile) === undefined)("OpenAPI beside Kubernetes' own (skipped where that is absent)", () => {
  it('publishes operations that Kubernetes publishes, under the same names, with the same bodies', () => {
    const theirs = JSON.parse(readOracle(swaggerFile)).paths;
    const ours: any = (openApiV2(kinds) as any).paths;
    for (const [path, methods] of Object.entries<any>(ours)) {
      for (const [method, operation] of Object.entries<any>(methods)) {
        if (method === 'parameters') continue;
        const other = theirs[path]?.[method];
        expect(other?.operationId, `${method} ${path}`).toBe(operation.operationId);
        expect(other['x-kubernetes-action'], path).toBe(operation['x-kubernetes-action']);
        expect(other['x-kubernetes-group-version-kind'], path).toEqual(operation['x-kubernetes-group-version-kind']);
      }
    }
  });

  const v3File = 'kubernetes/openapi/v3-1.35/apis__apps__v1.json';

  it('gives fields of version 3 the types and defaults that Kubernetes gives them', () => {
    const theirs = JSON.parse(readOracle(v3File)).components.schemas;
    const ours: any = (openApiV3(kinds, 'apps', 'v1') as any).components.schemas;
    // Granular is what a map is without saying so.
    const plain = (schema: any) =>
      canonicalJson(JSON.parse(JSON.stringify({ ...schema, description: undefined, 'x-kubernetes-list-type': undefined }).replace(',"x-kubernetes-map-type":"granular"', '')));
    let compared = 0;
    const different: string[] = [];
    for (const [name, schema] of Object.entries<any>(ours)) {
      for (const [field, property] of Object.entries<any>(schema.properties ?? {})) {
        const other = theirs[name]?.properties?.[field];
        if (other === undefined) continue;
        compared++;
        if (plain(other) !== plain(property)) different.push(`${name}.${field}: ${plain(property)} instead of ${plain(other)}`);
      }
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(500);
  });
});
