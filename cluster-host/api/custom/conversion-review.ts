/** ConversionReview: the question to a webhook that converts custom resources, and its answer (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#webhook-request-and-response). Pure. */
import { parseApiVersion, type KubeObject } from '../object.ts';
import { failed, ok, type Result } from '../result.ts';
import { aggregate, quote } from '../text.ts';
import { fieldErrorText } from '../field-errors.ts';
import { validateAnnotations, validateLabels } from '../validation/object-meta.ts';
import { equal, isObject } from '../values.ts';

export type ReviewVersion = 'v1' | 'v1beta1';

/** The first of the accepted versions that is known here. */
export function conversionVersionOf(accepted: readonly string[]): ReviewVersion | undefined {
  return accepted.find((version): version is ReviewVersion => version === 'v1' || version === 'v1beta1');
}

export function conversionReview(version: ReviewVersion, uid: string, objects: readonly KubeObject[], desiredAPIVersion: string): object {
  return { kind: 'ConversionReview', apiVersion: `apiextensions.k8s.io/${version}`, request: { uid, desiredAPIVersion, objects } };
}

interface Question {
  readonly version: ReviewVersion;
  readonly uid: string;
  readonly objects: readonly KubeObject[];
  readonly apiVersion: string;
}

/** The converted objects in the order of the question; metadata but labels and annotations stays what it was. The error is what Kubernetes says of the answer. */
export function convertedBy(answer: unknown, { version, uid, objects, apiVersion }: Question): Result<readonly KubeObject[]> {
  const about = `conversion webhook for ${gvkText(objects[0] ?? {})}`;
  const given = responseOf(answer, version, uid);
  if (!given.ok) return failed(`${about} failed: ${given.error}`);
  if (given.value.length !== objects.length) return failed(`${about} returned ${given.value.length} objects, expected ${objects.length}`);
  const converted: KubeObject[] = [];
  for (const [index, original] of objects.entries()) {
    const object = given.value[index];
    const problem = isObject(object) ? problemOf(original, object, apiVersion) : `unexpected type at index ${index}`;
    if (problem !== undefined) return failed(`${about} returned invalid object at index ${index}: ${problem}`);
    const metadata = restoredMetadata(original, object as KubeObject);
    if (!metadata.ok) return failed(`${about} returned invalid metadata: ${metadata.error}`);
    converted.push({ ...(object as KubeObject), metadata: metadata.value });
  }
  return ok(converted);
}

function gvkText({ apiVersion = '', kind = '' }: KubeObject): string {
  return `${apiVersion}, Kind=${kind}`;
}

function responseOf(answer: unknown, version: ReviewVersion, uid: string): Result<readonly unknown[]> {
  const { kind = '', apiVersion = '', response } = (isObject(answer) ? answer : {}) as KubeObject;
  if (version === 'v1' && (kind !== 'ConversionReview' || apiVersion !== 'apiextensions.k8s.io/v1')) {
    return failed(`expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got ${gvkText({ apiVersion, kind })}`);
  }
  if (!isObject(response)) return failed('no response provided');
  const { uid: answered = '', result, convertedObjects } = response as Readonly<Record<string, any>>;
  if (version === 'v1' && answered !== uid) return failed(`expected response.uid=${quote(uid)}, got ${quote(String(answered))}`);
  const { status = '', message = '' } = (isObject(result) ? result : {}) as { status?: string; message?: string };
  if (status !== 'Success') return failed(message === '' ? `response.result.status was '${status}', not 'Success'` : message);
  return ok(Array.isArray(convertedObjects) ? convertedObjects : []);
}

function problemOf(original: KubeObject, { apiVersion = '', kind = '', metadata = {} }: KubeObject, expected: string): string | undefined {
  if (apiVersion !== expected) return `invalid groupVersion (expected ${groupVersionText(expected)}, received ${groupVersionText(apiVersion)})`;
  if (kind !== original.kind) return `invalid kind (expected ${original.kind}, received ${kind})`;
  const names = { name: 'name', namespace: 'namespace', uid: 'UID' } as const;
  for (const field of ['name', 'namespace', 'uid'] as const) {
    const [before = '', after = ''] = [original.metadata?.[field], metadata[field]];
    if (before !== after) return `must have the same ${names[field]}: ${before} != ${after}`;
  }
  return undefined;
}

function groupVersionText(apiVersion: string): string {
  return parseApiVersion(apiVersion) === undefined ? '' : apiVersion;
}

function restoredMetadata(original: KubeObject, { metadata }: KubeObject): Result<NonNullable<KubeObject['metadata']>> {
  if (metadata === undefined) return failed('missing metadata in converted object');
  const { labels: _labels, annotations: _annotations, ...kept } = original.metadata ?? {};
  const { labels, annotations } = metadata;
  const problems = [
    ...(labels === undefined || equal(labels, original.metadata?.labels) ? [] : validateLabels(labels, 'metadata.labels')),
    ...(annotations === undefined || equal(annotations, original.metadata?.annotations) ? [] : validateAnnotations(annotations, 'metadata.annotation')),
  ];
  if (problems.length > 0) return failed(aggregate(problems.map(fieldErrorText)));
  return ok({ ...kept, ...(labels && { labels }), ...(annotations && { annotations }) });
}
