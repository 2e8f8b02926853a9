/**
 * The protobuf form of the version 2 document, which clients before 1.24 ask for: messages of the gnostic project's `OpenAPIv2`
 * (github.com/google/gnostic-models). Only the parts that Kubernetes' documents use are written.
 */
import protobuf from 'protobufjs/minimal.js';
import type { JsonObject } from '../values.ts';

type Writer = protobuf.Writer;
/** Writes one field of a message. */
type Put = (writer: Writer, number: number, value: any) => void;
/** Field numbers and how each field is written; what is not listed goes into the message's vendor extensions if it starts with `x-`. */
type Message = Readonly<Record<string, readonly [number, Put]>>;

const text: Put = (writer, number, value) => void writer.uint32((number << 3) | 2).string(String(value));
const truth: Put = (writer, number, value) => void writer.uint32(number << 3).bool(value);
const texts: Put = (writer, number, values) => values.forEach((value: string) => text(writer, number, value));

function nested(writer: Writer, number: number, write: (inner: Writer) => void): void {
  writer.uint32((number << 3) | 2).fork();
  write(writer);
  writer.ldelim();
}

/** `Any`: YAML in field 2; JSON is YAML. */
const any: Put = (writer, number, value) => nested(writer, number, (inner) => text(inner, 2, JSON.stringify(value)));
const message =
  (fields: () => Message, extensions?: number): Put =>
  (writer, number, value) =>
    nested(writer, number, (inner) => writeMessage(fields(), extensions, inner, value));
/** A map as a message with a list of name and value. */
const named =
  (value: Put, list = 1): Put =>
  (writer, number, map) =>
    nested(writer, number, (inner) => {
      for (const [name, item] of Object.entries(map)) nested(inner, list, (entry) => (text(entry, 1, name), value(entry, 2, item)));
    });
const wrapped =
  (put: Put, at = 1): Put =>
  (writer, number, value) =>
    nested(writer, number, (inner) => put(inner, at, value));
const each =
  (put: Put): Put =>
  (writer, number, values) =>
    values.forEach((value: unknown) => put(writer, number, value));

function writeMessage(fields: Message, extensions: number | undefined, writer: Writer, value: JsonObject): void {
  for (const [name, item] of Object.entries(value)) {
    const field = fields[name];
    if (field !== undefined) field[1](writer, field[0], item);
    else if (extensions !== undefined && name.startsWith('x-')) nested(writer, extensions, (entry) => (text(entry, 1, name), any(entry, 2, item)));
  }
}

const schema: Put = message(() => schemaFields, 31);
const schemaFields: Message = {
  $ref: [1, text],
  format: [2, text],
  description: [4, text],
  default: [5, any],
  required: [19, texts],
  additionalProperties: [21, (writer, number, value) => nested(writer, number, (inner) => (typeof value === 'boolean' ? truth(inner, 2, value) : schema(inner, 1, value)))],
  type: [22, wrapped(text)],
  items: [23, wrapped(schema)],
  properties: [25, named(schema)],
};

const bodyParameter: Message = { description: [1, text], name: [2, text], in: [3, text], required: [4, truth], schema: [5, schema] };
const queryParameter: Message = { required: [1, truth], in: [2, text], description: [3, text], name: [4, text], type: [6, text], format: [7, text], uniqueItems: [20, truth] };
const pathParameter: Message = { required: [1, truth], in: [2, text], description: [3, text], name: [4, text], type: [5, text], format: [6, text], uniqueItems: [19, truth] };

/** ParametersItem.parameter.(body_parameter | non_body_parameter.(query | path)). */
const parameter: Put = (writer, number, value) =>
  nested(writer, number, (item) =>
    nested(item, 1, (choice) => {
      if (value.in === 'body') message(() => bodyParameter, 6)(choice, 1, value);
      else nested(choice, 2, (other) => (value.in === 'query' ? message(() => queryParameter, 23)(other, 3, value) : message(() => pathParameter, 22)(other, 4, value)));
    }),
  );

const response: Message = { description: [1, text], schema: [2, wrapped(schema)] };
const operationFields: Message = {
  tags: [1, texts],
  description: [3, text],
  operationId: [5, text],
  produces: [6, texts],
  consumes: [7, texts],
  parameters: [8, each(parameter)],
  responses: [9, (writer, number, value) => nested(writer, number, (inner) => Object.entries(value).forEach(([code, item]) => nested(inner, 1, (entry) => (text(entry, 1, code), wrapped(message(() => response, 5))(entry, 2, item)))))],
  schemes: [10, texts],
};
const operation = message(() => operationFields, 13);
const pathItem: Message = { get: [2, operation], put: [3, operation], post: [4, operation], delete: [5, operation], options: [6, operation], head: [7, operation], patch: [8, operation], parameters: [9, each(parameter)] };

const documentFields: Message = {
  swagger: [1, text],
  info: [2, message(() => ({ title: [1, text], version: [2, text], description: [3, text] }))],
  paths: [8, named(message(() => pathItem, 10), 2)],
  definitions: [9, named(schema)],
};

export function openApiV2Protobuf(document: JsonObject): Uint8Array {
  const writer = protobuf.Writer.create();
  writeMessage(documentFields, undefined, writer, document);
  return writer.finish();
}
