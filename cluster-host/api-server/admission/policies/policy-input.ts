/** A request as expressions of policies see it. */
import type { AdmissionInput } from '../../../api/admission/evaluation.ts';
import type { KindDefinition } from '../../../api/kind.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Labels } from '../../../api/selectors/label-selector.ts';
import type { Registries } from '../../registry/registries.ts';
import type { AdmissionRequest } from '../admission.ts';
import { outsideView } from '../outside-view.ts';
import { reviewRequest } from '../webhooks/review.ts';

export interface NamespaceFacts {
  /** What selectors look at; undefined where the request is in no namespace. */
  readonly labels: Labels | undefined;
  /** What expressions see as `namespaceObject`; a namespace is not in one. */
  readonly object: KubeObject | undefined;
}

export async function namespaceOf({ definition, namespace, name, operation, object, subresource }: AdmissionRequest, registries: Registries): Promise<NamespaceFacts> {
  const isNamespace = definition.group === '' && definition.plural === 'namespaces';
  // A namespace that is being written has the labels that it will have.
  if (isNamespace && subresource === '' && operation !== 'DELETE') return { labels: object?.metadata?.labels ?? {}, object: undefined };
  const within = isNamespace ? name : namespace;
  if (within === '') return { labels: undefined, object: undefined };
  const found = (await registries.need('', 'v1', 'namespaces').find('', within))?.object;
  return { labels: found?.metadata?.labels ?? {}, object: isNamespace ? undefined : found };
}

/** `object` may be one that policies before have changed. */
export async function inputOf(request: AdmissionRequest, shown: KindDefinition, object: KubeObject | undefined, namespace: NamespaceFacts, registries: Registries): Promise<AdmissionInput> {
  const view = outsideView(request);
  const show = async (one: KubeObject | undefined): Promise<KubeObject | undefined> => (one === undefined || request.operation === 'CONNECT' ? one : registries.converted(one, request.definition, shown));
  const subject = view === undefined ? { request, object: await show(object), old: await show(request.old) } : { request: view.request, object: view.request.object, old: view.request.old };
  const { uid: _uid, object: seen, oldObject, ...rest } = reviewRequest({ uid: '', shown, ...subject });
  const { group, plural } = request.definition;
  return {
    object: seen,
    oldObject,
    request: rest,
    namespaceObject: namespace.object === undefined ? null : seenNamespace(namespace.object),
    about: { group, resource: plural, subresource: request.subresource, namespace: request.namespace, name: request.name },
  };
}

/** Only what is declared of a namespace. */
function seenNamespace({ metadata = {}, ...object }: KubeObject): object {
  const { managedFields: _fields, ownerReferences: _owners, ...seen } = metadata;
  return { metadata: seen, spec: object['spec'], status: object['status'] };
}
