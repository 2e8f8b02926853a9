/**
 * What is wrong with a field, in Kubernetes' words (k8s.io/apimachinery `field.Error`).
 *
 * A FieldError is data: the API server makes causes of it, the editor finds its path in the text.
 */

/** The reasons that Kubernetes puts into `details.causes[].reason`. */
export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooShort'
  | 'FieldValueTooMany'
  | 'FieldValueTooFew'
  | 'FieldValueTypeInvalid'
  | 'InternalError';

export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.containers[0].ports[1].name`, `metadata.labels[app.kubernetes.io/name]`. */
  readonly field: string;
  /** The text after `field: `, complete: `Invalid value: "x": must be …`. */
  readonly message: string;
}

/** Steps from the root to a value: object keys as strings, list positions as numbers. */
export type Path = readonly (string | number)[];
