import type { V1JSONSchemaProps } from '../generated/types.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../field-error.ts';
export function validateRules(_o: KubeObject, _old: KubeObject | undefined, _s: V1JSONSchemaProps): readonly FieldError[] { return []; }
