import { describe, expect, it } from 'vitest';
import { oraclePath, readOracle } from '../../../test/support/oracle.ts';
import { kindType, listKinds, listModels, modelType } from './catalogue.ts';
import { docOf } from './docs.ts';
import type { Field, Type } from './schema.ts';
import { typeAt } from './schema.ts';

const pod = { group: '', version: 'v1', kind: 'Pod' };

describe('catalogue', () => {
  it('finds kinds and walks paths', () => {
    const type = kindType(pod);
    expect(type?.model).toBe('V1Pod');
    expect(type && typeAt(type, ['spec', 'containers', 0, 'ports', 1, 'containerPort'])).toMatchObject({ scalar: 'int32' });
    expect(type && typeAt(type, ['metadata', 'labels', 'app'])).toMatchObject({ scalar: 'string' });
    expect(type && typeAt(type, ['spec', 'nope'])).toBeUndefined();
    expect(kindType({ group: '', version: 'v1', kind: 'Nope' })).toBeUndefined();
    expect(listKinds()).toContainEqual({ group: 'apps', version: 'v1', kind: 'Deployment' });
  });

  it('knows what the models do not say', () => {
    const container = modelType('V1Container');
    expect(container?.fields.get('ports')).toMatchObject({ type: { merge: 'map', keys: ['containerPort', 'protocol'] }, patchStrategies: ['merge'], patchMergeKey: 'containerPort' });
    expect(container?.fields.get('imagePullPolicy')?.type).toMatchObject({ goType: 'v1.PullPolicy', values: ['Always', 'Never', 'IfNotPresent'] });
    expect(modelType('V1ContainerPort')?.fields.get('protocol')?.default).toBe('TCP');
    expect(modelType('V1ResourceRequirements')?.fields.get('limits')?.type).toMatchObject({ kind: 'map', goType: 'v1.ResourceList', value: { scalar: 'quantity' } });
    expect(modelType('V1Volume')?.fields.get('configMap')).toMatchObject({ embeddedIn: ['VolumeSource'], pointer: true });
  });

  it('has the documentation of types and fields', () => {
    expect(docOf('V1Pod')).toContain('Pod is a collection of containers');
    expect(docOf('V1PodSpec', 'nodeName')).toContain('NodeName indicates');
    expect(docOf('V1Pod', 'spec')).toContain('PodSpec is a description');
    expect(docOf('V1Pod', 'nope')).toBe('');
    expect(docOf('Nope')).toBe('');
  });

  it('refers only to types that it has', () => {
    for (const model of listModels()) expect([...model.fields.values()].every((field) => field.type.goType !== '')).toBe(true);
  });
});

interface SwaggerSchema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly items?: SwaggerSchema;
  readonly additionalProperties?: SwaggerSchema;
  readonly properties?: Readonly<Record<string, SwaggerSchema>>;
  readonly required?: readonly string[];
  readonly [extension: `x-kubernetes-${string}`]: any;
}

const swaggerFile = 'kubernetes/openapi/swagger-v1.36.json';

describe.skipIf(oraclePath(swaggerFile) === undefined)("catalogue beside Kubernetes' own OpenAPI document (skipped where that is absent)", () => {
  const definitions = (): Readonly<Record<string, SwaggerSchema>> => JSON.parse(readOracle(swaggerFile)).definitions;

  const referred: Readonly<Record<string, string>> = {
    'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
    'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
    'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'microTime',
    'io.k8s.apimachinery.pkg.runtime.RawExtension': 'object',
    'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'object',
  };
  const scalars: Readonly<Record<string, string>> = { 'string/': 'string', 'string/byte': 'bytes', 'boolean/': 'bool', 'integer/int32': 'int32', 'integer/int64': 'int64', 'number/double': 'float64' };

  function shapeOfSwagger(schema: SwaggerSchema): string {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.replace('#/definitions/', '');
      return referred[name] ?? (/JSON$|JSONSchemaPropsOr/.test(name) ? 'any' : name.endsWith('SubresourceStatus') ? 'object' : name);
    }
    if (schema.type === 'array') return `[]${shapeOfSwagger(schema.items ?? {})}`;
    if (schema.additionalProperties !== undefined) return `{}${shapeOfSwagger(schema.additionalProperties)}`;
    return scalars[`${schema.type}/${schema.format ?? ''}`] ?? 'any';
  }

  function shape(type: Type): string {
    if (type.kind === 'list') return `[]${shape(type.item)}`;
    if (type.kind === 'map') return `{}${shape(type.value)}`;
    return type.kind === 'struct' ? (type as unknown as { definition?: string }).definition ?? type.goType : type.scalar;
  }

  function described(field: Field): unknown {
    const list = field.type.kind === 'list' ? field.type : undefined;
    return [field.required, list === undefined || list.merge === 'atomic' ? '' : [list.merge, ...list.keys].join(), field.patchStrategies.join(), field.patchMergeKey ?? ''];
  }

  it('agrees on every field: type, required, list type and keys, patch strategy and merge key', () => {
    const all = definitions();
    let compared = 0;
    for (const model of listModels()) {
      const theirs = all[model.definition];
      expect(theirs, model.definition).toBeDefined();
      expect([...model.fields.keys()].toSorted(), model.definition).toEqual(Object.keys(theirs?.properties ?? {}).toSorted());
      expect(model.atomic, model.definition).toBe(theirs?.['x-kubernetes-map-type'] === 'atomic');
      for (const [name, schema] of Object.entries(theirs?.properties ?? {})) {
        const field = model.fields.get(name);
        if (field === undefined) continue;
        if (!(field.type.kind === 'struct' && !('definition' in field.type))) expect(shape(field.type), `${model.definition}.${name}`).toBe(shapeOfSwagger(schema));
        const listType = schema['x-kubernetes-list-type'];
        expect(described(field), `${model.definition}.${name}`).toEqual([
          theirs?.required?.includes(name) ?? false,
          listType === undefined || listType === 'atomic' ? '' : [listType, ...(schema['x-kubernetes-list-map-keys'] ?? [])].join(),
          schema['x-kubernetes-patch-strategy'] ?? '',
          schema['x-kubernetes-patch-merge-key'] ?? '',
        ]);
        const mapType = schema['x-kubernetes-map-type'];
        if (field.type.kind === 'map' || mapType !== undefined) expect('atomic' in field.type && field.type.atomic, `${model.definition}.${name}`).toBe(mapType === 'atomic');
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(2500);
  });

  it('has every kind of the stable versions, under the right group', () => {
    const served = Object.values(definitions()).flatMap((schema) => {
      const gvks = (schema['x-kubernetes-group-version-kind'] ?? []) as { group: string; version: string; kind: string }[];
      return gvks.length === 1 ? gvks : [];
    });
    for (const gvk of served) if (/^v\d+$/.test(gvk.version) && !['APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions', 'Status'].includes(gvk.kind)) expect(kindType(gvk), `${gvk.group}/${gvk.kind}`).toBeDefined();
  });
});
