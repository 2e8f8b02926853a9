/** AdmissionReview: the question to a webhook and its answer (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#webhook-request-and-response). Pure. */
import type { V1Status } from '../../../api/generated/types.ts';
import type { KindDefinition } from '../../../api/kind.ts';
import { parseApiVersion, type GroupVersionKind, type KubeObject } from '../../../api/object.ts';
import { failed, ok, type Result } from '../../../api/result.ts';
import { quote } from '../../../api/text.ts';
import { isObject } from '../../../api/values.ts';
import type { AdmissionOperation, AdmissionRequest } from '../admission.ts';

export interface ReviewSubject {
  readonly uid: string;
  readonly request: AdmissionRequest;
  /** The kind in which the webhook is shown the objects. */
  readonly shown: KindDefinition;
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
}

const optionKinds: Readonly<Partial<Record<AdmissionOperation, string>>> = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' };

/** The `request` of a review. */
export interface ReviewRequest {
  readonly uid: string;
  readonly object: KubeObject | null;
  readonly oldObject: KubeObject | null;
  readonly [field: string]: unknown;
}

export function reviewRequest({ uid, request, shown, object, old }: ReviewSubject): ReviewRequest {
  const { definition, operation, subresource, name, namespace, dryRun, user } = request;
  const part = subresource === '' ? {} : { subResource: subresource };
  const asked = subresource === '' ? {} : { requestSubResource: subresource };
  const optionKind = optionKinds[operation];
  return {
    uid,
    kind: kindOf(shown, request),
    resource: resourceOf(shown),
    ...part,
    requestKind: kindOf(definition, request),
    requestResource: resourceOf(definition),
    ...asked,
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation,
    userInfo: { username: user.name, ...(user.uid === undefined ? {} : { uid: user.uid }), groups: user.groups, ...(user.extra === undefined ? {} : { extra: user.extra }) },
    object: object ?? null,
    oldObject: old ?? null,
    dryRun,
    options: optionKind === undefined ? null : { kind: optionKind, apiVersion: 'meta.k8s.io/v1', ...(dryRun ? { dryRun: ['All'] } : {}) },
  };
}

/** What is connected to is told by the kind of its options; a subresource may have a kind of its own. */
function kindOf({ group, version, kind }: KindDefinition, { operation, object, subresource }: AdmissionRequest): GroupVersionKind {
  const tellsItself = operation === 'CONNECT' || subresource === 'scale' || subresource === 'binding';
  if (!tellsItself || object?.kind === undefined) return { group, version, kind };
  return { ...(parseApiVersion(object.apiVersion ?? '') ?? { group, version }), kind: object.kind };
}

function resourceOf({ group, version, plural }: KindDefinition): object {
  return { group, version, resource: plural };
}

export type ReviewVersion = 'v1' | 'v1beta1';

/** The first version that both sides know. */
export function reviewVersionOf(accepted: readonly string[]): ReviewVersion | undefined {
  return accepted.find((version): version is ReviewVersion => version === 'v1' || version === 'v1beta1');
}

export function reviewOf(version: ReviewVersion, request: ReviewRequest): object {
  return { kind: 'AdmissionReview', apiVersion: `admission.k8s.io/${version}`, request };
}

export interface Verdict {
  readonly allowed: boolean;
  readonly status: V1Status | undefined;
  /** Operations of a JSON patch; undefined where the object stays as it is. */
  readonly patch: readonly object[] | undefined;
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

/** What a webhook's answer says, or what is wrong with it. */
export function verdictOf(answer: unknown, version: ReviewVersion, uid: string, mutating: boolean): Result<Verdict> {
  if (!isObject(answer)) return invalid(`expected webhook response of admission.k8s.io/${version}, Kind=AdmissionReview`);
  const { kind = '', apiVersion = '', response } = answer as KubeObject;
  if (version === 'v1' && (kind !== 'AdmissionReview' || apiVersion !== 'admission.k8s.io/v1')) {
    return invalid(`expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${apiVersion}, Kind=${kind}`);
  }
  if (!isObject(response)) return invalid('webhook response was nil');
  const { uid: answered = '', allowed, status, patch = '', patchType = '', warnings, auditAnnotations } = response as Readonly<Record<string, any>>;
  if (version === 'v1' && answered !== uid) return invalid(`expected response.uid=${quote(uid)}, got ${quote(String(answered))}`);
  const judged = { allowed: allowed === true, status: isObject(status) ? (status as V1Status) : undefined, warnings: Array.isArray(warnings) ? warnings.map(String) : [], auditAnnotations: isObject(auditAnnotations) ? (auditAnnotations as Record<string, string>) : {} };
  if (!mutating) return version === 'v1' && patch !== '' ? invalid('webhook may not return response.patch') : ok({ ...judged, patch: undefined });
  if (patch === '') return version === 'v1' && patchType !== '' ? invalid('webhook returned response.patchType but not response.patch') : ok({ ...judged, patch: undefined });
  if (version === 'v1' && patchType === '') return invalid('webhook returned response.patch but not response.patchType');
  if (patchType !== '' && patchType !== 'JSONPatch') return invalid(`webhook returned invalid response.patchType of ${quote(String(patchType))}`);
  const operations = operationsOf(String(patch));
  return operations === undefined ? invalid('webhook returned a response.patch that is not a JSON patch') : ok({ ...judged, patch: operations });
}

function operationsOf(base64: string): readonly object[] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(base64, 'base64').toString());
    return Array.isArray(parsed) ? (parsed as readonly object[]) : undefined;
  } catch {
    return undefined;
  }
}

function invalid(why: string): Result<Verdict> {
  return failed(`received invalid webhook response: ${why}`);
}

/** The refusal that a client gets for a denial. */
export function denialOf(webhook: string, status: V1Status | undefined): V1Status {
  const denied = `admission webhook ${quote(webhook)} denied the request`;
  const why = status?.message || status?.reason;
  const { code = 0 } = status ?? {};
  return { kind: 'Status', apiVersion: 'v1', ...status, metadata: {}, status: 'Failure', message: why ? `${denied}: ${why}` : `${denied} without explanation`, code: Math.max(code, 400) };
}
