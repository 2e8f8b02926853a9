/** A request as webhooks and policies are shown it: some subresources are kinds of their own there. Pure. */
import type { V1Pod } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { getPath, scaleOf, setPath } from '../../api/scale.ts';
import type { AdmissionRequest } from './admission.ts';

export interface OutsideView {
  /** What is shown. Its objects say by themselves what kind they are, where that is not the resource's. */
  readonly request: AdmissionRequest;
  /** The kind is that of the subresource: it has no other versions. */
  readonly isOwnKind: boolean;
  /** Takes over what somebody outside made of the object that was shown. */
  takeBack(changed: KubeObject): void;
}

/** Undefined where the request is shown as it is. */
export function outsideView(request: AdmissionRequest): OutsideView | undefined {
  const { definition, subresource, object, old } = request;
  const shown = (view: Partial<AdmissionRequest>): AdmissionRequest => ({ ...request, ...view, warn: (text) => request.warn(text), annotate: (key, value) => request.annotate(key, value) });
  const { scale } = definition;
  if (request.operation === 'UPDATE' && subresource === 'scale' && scale !== undefined && object !== undefined && old !== undefined) {
    return {
      request: shown({ object: scaleOf(object, scale), old: scaleOf(old, scale) }),
      isOwnKind: true,
      takeBack: (changed) => setPath(object, scale.specReplicas, getPath(changed, '.spec.replicas')),
    };
  }
  if (definition.group === '' && definition.plural === 'pods' && subresource === 'binding' && object !== undefined) {
    return { request: shown({ operation: 'CREATE', object: bindingOf(object as V1Pod), old: undefined }), isOwnKind: true, takeBack: () => undefined };
  }
  return undefined;
}

function bindingOf({ metadata: { name = '', namespace = '', uid = '' } = {}, spec }: V1Pod): KubeObject {
  return { kind: 'Binding', apiVersion: 'v1', metadata: { name, namespace, uid }, target: { kind: 'Node', name: spec?.nodeName ?? '' } } as KubeObject;
}
