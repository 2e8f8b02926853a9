/** Objects that somebody outside changed while they were admitted. */
import { decodeKind } from '../../api/catalogue/kind-schema.ts';
import { plainDocument } from '../../api/decode/parsed.ts';
import { decodeError } from '../../api/decode/typed.ts';
import type { KindDefinition } from '../../api/kind.ts';
import { apiVersionOf, type KubeObject } from '../../api/object.ts';
import { internalError } from '../failure.ts';

/** The changed document as an object of its kind, with defaults, without what the kind does not know. Throws `ApiFailure`. */
export function decodedAgain(changed: unknown, definition: KindDefinition): KubeObject {
  const { value, problems } = decodeKind(plainDocument(changed), definition);
  const wrong = decodeError(problems);
  if (wrong !== undefined) throw internalError(wrong);
  const object: KubeObject = { ...(value as KubeObject), kind: definition.kind, apiVersion: apiVersionOf(definition) };
  definition.setDefaults(object);
  return object;
}

/** The object stays the same one; what it holds is replaced. */
export function replaceContent(object: KubeObject, content: KubeObject): void {
  for (const key of Object.keys(object)) delete object[key];
  Object.assign(object, content);
}
