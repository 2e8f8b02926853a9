/** Whether a default of a custom resource's schema is a value of that schema. */
import { applyDefaults } from '../custom/defaults.ts';
import { prune } from '../custom/prune.ts';
import { validateValue, wholeValue } from '../custom/values.ts';
import { invalid } from '../field-errors.ts';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { copy } from '../values.ts';
import type { Errors } from './errors.ts';

export function* defaultProblems(value: unknown, schema: V1JSONSchemaProps, field: string): Errors {
  const known = { value: copy(value) };
  const around: V1JSONSchemaProps = { type: 'object', properties: { value: schema } };
  const unknown = prune(known, around);
  if (unknown.length > 0) yield invalid(field, value, 'must not have unknown fields');
  // What a default leaves out may have a default of its own.
  applyDefaults(known.value, schema);
  for (const problem of validateValue(known.value, schema, '')) yield { ...problem, field: problem.field === wholeValue ? field : `${field}.${problem.field}` };
}
