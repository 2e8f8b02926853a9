/** Objects of several kinds with one thing wrong each: which fields are told, and how. */
import { describe, expect, it } from 'vitest';
import { jane } from '../certificates/testing/requests.ts';
import { certificateSigningRequest } from '../kinds/certificate-signing-request.ts';
import { flowSchema, priorityLevelConfiguration } from '../kinds/flow-control.ts';
import { job } from '../kinds/job.ts';
import { podDisruptionBudget } from '../kinds/pod-disruption-budget.ts';
import { service } from '../kinds/service.ts';
import { volumeAttachment } from '../kinds/storage-attachments.ts';
import type { KindDefinition } from '../kind.ts';
import type { KubeObject } from '../object.ts';
import { validateRequestUpdate } from './certificate-signing-request.ts';

const context = { now: 0 };
const told = (errors: Iterable<{ readonly field: string; readonly message: string }>): string[] => [...errors].map(({ field, message }) => `${field}: ${message}`);

function problems(kind: KindDefinition, object: KubeObject): string[] {
  const copy = structuredClone(object);
  kind.setDefaults(copy);
  kind.prepareForCreate(copy);
  return told(kind.validate(copy, context));
}

function statusProblems(kind: KindDefinition, object: KubeObject, old: object, status: object): string[] {
  const metadata = { ...object.metadata, resourceVersion: '1' };
  return told(kind.status?.validateUpdate({ ...object, metadata, status }, { ...object, metadata, status: old }, context) ?? []);
}

describe('certificate signing requests', () => {
  const pem = (type: string, body = 'AAAA'): string => btoa(`-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`);
  const request = (status: object = {}): KubeObject => ({
    metadata: { name: 'r', resourceVersion: '1' },
    spec: { request: btoa(jane), signerName: 'a.example/b', usages: ['client auth'] },
    status,
  });
  const approved = { type: 'Approved', status: 'True' };

  it.each<[string, object, object, { mayIssue?: true; mayDecide?: true }, string[]]>([
    ['may be approved where that is asked', {}, { conditions: [approved] }, { mayDecide: true }, []],
    ['may not be approved otherwise', {}, { conditions: [approved] }, { mayIssue: true }, ['status.conditions: Forbidden: updates may not add a condition of type "Approved"']],
    ['stay approved', { conditions: [approved] }, {}, { mayDecide: true }, ['status.conditions: Forbidden: updates may not remove a condition of type "Approved"']],
    ['keep the reason', { conditions: [approved] }, { conditions: [{ ...approved, reason: 'x' }] }, {}, ['status.conditions: Forbidden: updates may not modify a condition of type "Approved"']],
    ['get a certificate where that is asked', {}, { certificate: pem('CERTIFICATE') }, {}, ['status.certificate: Forbidden: updates may not set certificate content']],
    ['get it once', { certificate: pem('CERTIFICATE') }, { certificate: pem('CERTIFICATE', 'BBBB') }, { mayIssue: true }, ['status.certificate: Forbidden: updates may not modify existing certificate content']],
    ['get no key', {}, { certificate: pem('PRIVATE KEY') }, { mayIssue: true }, ['status.certificate: Invalid value: "<certificate data>": only CERTIFICATE PEM blocks are allowed, found "PRIVATE KEY"']],
    ['get no headers', {}, { certificate: pem('CERTIFICATE', 'a: b') }, { mayIssue: true }, ['status.certificate: Invalid value: "<certificate data>": no PEM block headers are permitted']],
    ['get something', {}, { certificate: btoa('x') }, { mayIssue: true }, ['status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block']],
  ])('%s', (_, old, status, changes, expected) => {
    expect(told(validateRequestUpdate(request(status) as never, request(old) as never, changes))).toEqual(expected);
  });

  it('say what they are for', () => {
    expect(problems(certificateSigningRequest, { ...request(), spec: { ...request()['spec'], usages: [] } })).toEqual(['spec.usages: Required value: usages must be provided']);
  });
});

describe('jobs', () => {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i', terminationMessagePolicy: 'File', imagePullPolicy: 'Always' }] } };
  const make = (spec: object): KubeObject => ({ metadata: { name: 'j', namespace: 'default', uid: 'u' }, spec: { template, ...spec } });
  const indexed = { completionMode: 'Indexed', completions: 10, parallelism: 1 };
  const success = (rule: object): object => ({ ...indexed, successPolicy: { rules: [rule] } });
  const onFailure = (rule: object): object => ({ podFailurePolicy: { rules: [rule] } });

  it.each<[object, string[]]>([
    [{ managedBy: 'x' }, ['spec.managedBy: Invalid value: "x": must be a domain-prefixed path (such as "acme.io/foo")']],
    [{ managedBy: `acme.io/${'x'.repeat(60)}` }, ['spec.managedBy: Too long: may not be more than 63 bytes']],
    [{ ...indexed, completions: 200_000, backoffLimitPerIndex: 1 }, ['spec.maxFailedIndexes: Required value: must be specified when completions is above 100000']],
    [{ ...indexed, completions: 200_000, backoffLimitPerIndex: 1, maxFailedIndexes: 10_001 }, [
      'spec.maxFailedIndexes: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
    ]],
    [onFailure({ action: 'FailIndex', onExitCodes: { operator: 'In', values: [1] } }), ['spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set']],
    [success({ succeededIndexes: '0,2-4' }), []],
    [success({ succeededIndexes: '0-2', succeededCount: 4 }), ['spec.successPolicy.rules[0].succeededCount: Invalid value: 4: must be less than or equal to 3 (the number of indexes in the specified succeededIndexes field)']],
    [success({ succeededIndexes: '3,1' }), ['spec.successPolicy.rules[0].succeededIndexes: Invalid value: "3,1": error parsing succeededIndexes: non-increasing order, previous: 3, current: 1']],
    [success({ succeededIndexes: '10' }), ['spec.successPolicy.rules[0].succeededIndexes: Invalid value: "10": error parsing succeededIndexes: too large index: "10"']],
    [success({ succeededIndexes: 'x' }), ['spec.successPolicy.rules[0].succeededIndexes: Invalid value: "x": error parsing succeededIndexes: cannot convert string to integer for index: "x"']],
    [success({ succeededIndexes: '1-2-3' }), [
      `spec.successPolicy.rules[0].succeededIndexes: Invalid value: "1-2-3": error parsing succeededIndexes: the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by '-'`,
    ]],
  ])('%j', (spec, expected) => {
    expect(problems(job, make(spec))).toEqual(expected);
  });

  it('an indexed one has a name that leaves room for the index', () => {
    const name = 'x'.repeat(62);
    expect(problems(job, { ...make(indexed), metadata: { name, namespace: 'default', uid: 'u' } })).toEqual([`metadata.name: Invalid value: "${name}": will not able to create pod with invalid DNS label: ${name}-9`]);
  });

  it('an indexed one completes or fails each index', () => {
    const status = { startTime: '2026-01-01T00:00:00Z', completedIndexes: '0-3', failedIndexes: '2,5' };
    expect(statusProblems(job, make({ ...indexed, backoffLimitPerIndex: 1 }), {}, status)).toEqual(['status.failedIndexes: Invalid value: "2,5": failedIndexes and completedIndexes overlap at index: 2']);
  });

  const condition = (type: string, status = 'True'): object => ({ type, status });
  const started = { startTime: '2026-01-01T00:00:00Z' };
  const done = { ...started, completionTime: '2026-01-01T00:01:00Z', conditions: [condition('SuccessCriteriaMet'), condition('Complete')] };
  it.each<[string, object, object, string[]]>([
    ['ends with its criteria met', started, done, []],
    ['ends after criteria', started, { ...done, conditions: [condition('Complete')] }, ['status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition']],
    ['fails after a verdict', started, { ...started, conditions: [condition('Failed')] }, ['status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition']],
    ['ends with a time', started, { ...done, completionTime: undefined }, ['status.completionTime: Required value: completionTime is required for Complete jobs']],
    ['ends after it started', started, { ...done, completionTime: '2025-01-01T00:00:00Z' }, ['status.completionTime: Invalid value: "2025-01-01T00:00:00Z": completionTime cannot be set before startTime']],
    ['stays done', done, started, ['status.conditions: Invalid value: cannot disable the terminal Complete=True condition', 'status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition']],
    ['keeps its start', started, {}, ['status.startTime: Required value: startTime cannot be removed for unsuspended job']],
    ['may start anew after a rest', { ...started, conditions: [condition('Suspended')] }, { startTime: '2026-01-02T00:00:00Z', conditions: [condition('Suspended', 'False')] }, []],
    ['has criteria or a failure', started, { ...started, conditions: [condition('SuccessCriteriaMet'), condition('FailureTarget')] }, ['status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and FailureTarget=true conditions']],
    ['has indexes where it is indexed', started, { ...started, completedIndexes: '0' }, ['status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode']],
    ['counts up', { ...started, failed: 2 }, { ...started, failed: 1 }, ['status.failed: Invalid value: 1: cannot decrease the failed counter']],
    ['has no more ready than active', started, { ...started, ready: 1 }, ['status.ready: Invalid value: 1: cannot set more ready pods than active']],
    ['counts each pod once', started, { ...started, uncountedTerminatedPods: { succeeded: ['a'], failed: ['a', ''] } }, [
      'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
      'status.uncountedTerminatedPods.failed[1]: Invalid value: "": must not be empty',
    ]],
  ])('a status %s', (_, old, status, expected) => {
    expect(statusProblems(job, make({}), old, status)).toEqual(expected);
  });
});

describe('flow control', () => {
  it('has schemas and levels that stay as they are', () => {
    const level = (name: string, spec: object): string[] => problems(priorityLevelConfiguration, { metadata: { name }, spec });
    expect(level('exempt', { type: 'Exempt', exempt: { lendablePercent: 50 } })).toEqual([]);
    expect(level('catch-all', { type: 'Limited', limited: { nominalConcurrencyShares: 6, limitResponse: { type: 'Reject' } } })).toEqual([
      expect.stringMatching(/^spec: Invalid value: .*: spec of 'catch-all' must equal the fixed value$/),
    ]);
    const schema = { priorityLevelConfiguration: { name: 'catch-all' }, matchingPrecedence: 9000, rules: [] };
    expect(problems(flowSchema, { metadata: { name: 'catch-all' }, spec: schema })).toEqual([expect.stringMatching(/^spec: Invalid value: .*: spec of 'catch-all' must equal the fixed value$/)]);
  });
});

describe('volumes and services', () => {
  it('an attachment may describe its volume, but not what belongs to a volume of its own', () => {
    const inlineVolumeSpec = { accessModes: ['ReadWriteOnce'], csi: { driver: 'd.example', volumeHandle: 'h' }, capacity: { storage: '1Gi' }, volumeMode: 'Block' };
    expect(problems(volumeAttachment, { metadata: { name: 'a' }, spec: { attacher: 'd.example', nodeName: 'n', source: { inlineVolumeSpec } } })).toEqual([
      'spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes',
      'spec.source.inlineVolumeSpec.volumeMode: Forbidden: may not specify volumeMode other than Filesystem in the context of inline volumes',
    ]);
  });

  it('a load balancer leaves the port of kubelets alone', () => {
    const spec = { type: 'LoadBalancer', ports: [{ port: 10_250 }] };
    expect(problems(service, { metadata: { name: 's', namespace: 'default' }, spec })).toEqual(['spec.ports[0]: Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet']);
  });

  it('the conditions of a disruption budget are complete', () => {
    const budget: KubeObject = { metadata: { name: 'b', namespace: 'default' }, spec: { minAvailable: 1 } };
    const status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, conditions: [{ type: 'DisruptionAllowed', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z', reason: 'not ok' }] };
    expect(statusProblems(podDisruptionBudget, budget, {}, status)).toEqual([expect.stringContaining('status.conditions[0].reason: Invalid value: "not ok": a condition reason must start')]);
  });
});
