/**
 * Values that are one of two things in JSON (a schema or a flag, a schema or several) and a message with a field for each in
 * protobuf: parts of the schemas of CustomResourceDefinitions.
 */

export interface Choice {
  /** Field number of the plain choice, and whether it is a truth value, a list of schemas or a list of texts. */
  readonly other: number;
  readonly is: 'flag' | 'schemas' | 'texts';
  /** Field number of the single schema. */
  readonly schema: number;
}

/** By the Go type that the catalogue names. */
export const choices: Readonly<Record<string, Choice>> = {
  'v1.JSONSchemaPropsOrBool': { other: 1, is: 'flag', schema: 2 },
  'v1.JSONSchemaPropsOrArray': { other: 2, is: 'schemas', schema: 1 },
  'v1.JSONSchemaPropsOrStringArray': { other: 2, is: 'texts', schema: 1 },
};

export const schemaModel = 'V1JSONSchemaProps';
