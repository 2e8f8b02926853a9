/** PATCH bodies: what a patch makes of an object (https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply). */
import { schemaOf } from '../../api/catalogue/kind-schema.ts';
import type { KubeObject } from '../../api/object.ts';
import { applyPatch, type PatchKind } from '../../api/patch/patch.ts';
import { ApiFailure, unsupportedMediaType } from '../failure.ts';
import { bodyLimit, contentTypeOf, textOf } from '../negotiation/body.ts';
import type { RequestContext } from '../request.ts';
import { applyType } from './apply.ts';
import type { DocumentKind } from './decode-object.ts';
import type { FieldValidation } from './options.ts';

/** The patched form of an object, without defaults; throws `ApiFailure` where the patch does not fit. */
export type Patcher = (object: KubeObject) => KubeObject;

const patchKinds: Readonly<Record<string, PatchKind>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

export async function patcherOf(context: RequestContext, { custom, model }: DocumentKind, fieldValidation: FieldValidation): Promise<Patcher> {
  // Strategic merge needs to know how lists merge, which only Kubernetes' own kinds say.
  const accepted = Object.entries(patchKinds).filter(([, one]) => custom === undefined || one !== 'strategic');
  const kind = accepted.find(([type]) => type === contentTypeOf(context.request))?.[1];
  if (kind === undefined) throw unsupportedMediaType([...accepted.map(([type]) => type), applyType]);
  const body = await context.request.body(bodyLimit);
  const text = body.type === 'value' ? JSON.stringify(body.value) : textOf(body);
  const type = schemaOf({ model, ...(custom && { custom }) });
  let warned = false;
  return (object) => {
    const outcome = applyPatch({ kind, text, object, type, fieldValidation, ...(custom && { decode: (document) => custom.decode(document) }) });
    if (!outcome.ok) throw new ApiFailure(outcome.status);
    // A patch that is tried again warns once.
    if (!warned) context.warnings.push(...outcome.warnings);
    warned = true;
    return outcome.object;
  };
}
