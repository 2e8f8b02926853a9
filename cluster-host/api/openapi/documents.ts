/**
 * The OpenAPI documents that clients read: one of version 3 a group-version, one of version 2 for all
 * (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-interface-definition).
 *
 * kubectl takes field documentation from them, finds kinds by the paths of resources, and asks which query parameters
 * a kind's requests know. They are large and change only with the kinds: make them once, when first asked for.
 */
import type { KindDefinition } from '../kind.ts';
import type { JsonObject } from '../values.ts';
import { operationsOf, type Operation } from './operations.ts';
import { parameterSchema, pathParameters } from './parameters.ts';
import { reference, schemasOf, type Dialect } from './schemas.ts';

const info = { title: 'Kubernetes', version: 'unversioned' };
const produced = ['application/json', 'application/yaml'];
const bearerToken = { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' };

/** Version 3 of one group-version's document. */
export function openApiV3(kinds: readonly KindDefinition[], group: string, version: string): JsonObject {
  const published = kinds.filter((kind) => kind.group === group && kind.version === version);
  const operations = published.flatMap(operationsOf);
  return {
    openapi: '3.0.0',
    info,
    paths: pathsOf(operations, operationV3, 'v3'),
    components: { schemas: schemasOf(definitionsOf(operations), 'v3', published), securitySchemes: { BearerToken: bearerToken } },
  };
}

/** Version 2 of everything that is served. */
export function openApiV2(kinds: readonly KindDefinition[]): JsonObject {
  const operations = kinds.flatMap(operationsOf);
  return {
    swagger: '2.0',
    info,
    paths: pathsOf(operations, operationV2, 'v2'),
    definitions: schemasOf(definitionsOf(operations), 'v2', kinds),
    securityDefinitions: { BearerToken: bearerToken },
    security: [{ BearerToken: [] }],
  };
}

function definitionsOf(operations: readonly Operation[]): readonly string[] {
  return [...new Set(operations.flatMap(({ body, response }) => (body === undefined ? [response] : [body, response])))];
}

function pathsOf(operations: readonly Operation[], write: (operation: Operation) => JsonObject, dialect: Dialect): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    const path = (paths[operation.path] ??= { parameters: pathParameters(operation.path, dialect) });
    path[operation.method] = write(operation);
  }
  return Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function common({ id, description, tag, action, gvk }: Operation): JsonObject {
  return { description, operationId: id, tags: [tag], 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': { group: gvk.group, version: gvk.version, kind: gvk.kind } };
}

function operationV3(operation: Operation): JsonObject {
  const { body, response, query, method, created, consumes } = operation;
  const content = (types: readonly string[], definition: string) => Object.fromEntries(types.map((type) => [type, { schema: { $ref: reference(definition, 'v3') } }]));
  const answer = (description: string) => ({ description, content: content(produced, response) });
  return {
    ...common(operation),
    parameters: query.map((name) => parameterSchema(name, 'v3')),
    ...(body === undefined ? {} : { requestBody: { content: content(consumes, body), ...(method === 'delete' ? {} : { required: true }) } }),
    responses: { '200': answer('OK'), ...(created === true ? { '201': answer('Created') } : {}), '401': { description: 'Unauthorized' } },
  };
}

function operationV2(operation: Operation): JsonObject {
  const { body, response, query, method, created, consumes } = operation;
  const schema = (definition: string) => ({ $ref: reference(definition, 'v2') });
  const answer = (description: string) => ({ description, schema: schema(response) });
  const bodyParameter = body === undefined ? [] : [{ in: 'body', name: 'body', ...(method === 'delete' ? {} : { required: true }), schema: schema(body) }];
  return {
    ...common(operation),
    consumes,
    produces: produced,
    schemes: ['https'],
    parameters: [...bodyParameter, ...query.map((name) => parameterSchema(name, 'v2'))],
    responses: { '200': answer('OK'), ...(created === true ? { '201': answer('Created') } : {}), '401': { description: 'Unauthorized' } },
  };
}
