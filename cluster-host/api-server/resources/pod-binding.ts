/** POST of a Binding: the scheduler's word on which node a pod runs. */
import { plainDocument } from '../../api/decode/parsed.ts';
import type { V1Binding, V1Pod } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { required, notSupported } from '../../api/field-errors.ts';
import { success } from '../../api/status.ts';
import { conflict, invalid } from '../failure.ts';
import { decodeDocument, type DocumentKind } from '../handlers/decode-object.ts';
import { writeContextOf } from '../handlers/handler.ts';
import { writeOptionsOf } from '../handlers/options.ts';
import { readDocument } from '../negotiation/body.ts';
import { timestamp } from '../registry/metadata.ts';
import type { Answer } from '../request.ts';
import type { Registries } from '../registry/registries.ts';
import type { ResourceStrategy, SubresourceRequest } from './strategy.ts';

const bindingKind: DocumentKind = { group: '', version: 'v1', kind: 'Binding', model: 'V1Binding' };

export function binding(now: () => number): (request: SubresourceRequest) => Promise<Answer> {
  return async (request) => bind(request, request.name, now());
}

/** The older way: a Binding by itself, named after its pod. */
export function bindingStrategy(registries: () => Registries, now: () => number): ResourceStrategy {
  return { answerCreate: (request) => bind({ ...request, registry: registries().need('', 'v1', 'pods') }, '', now()) };
}

/** `named`: the pod's name; empty where only the binding has it. */
async function bind({ context, registry, namespace }: SubresourceRequest, named: string, now: number): Promise<Answer> {
  const { dryRun } = writeOptionsOf(context.request.query, 'CreateOptions');
  const document = await readDocument(context.request, 'Binding');
  const sent = decodeDocument(context, document ?? plainDocument(undefined), bindingKind, 'Ignore') as unknown as V1Binding;
  const name = named === '' ? (sent.metadata?.name ?? '') : named;
  checkBinding(sent, name);
  const next = (current: KubeObject): KubeObject => bound(current, sent, name, now);
  // What a binding sets has no owner: the scheduler does not manage pods.
  await registry.update(namespace, name, { subresource: 'binding', next, tracked: true }, writeContextOf(context, dryRun));
  return { type: 'object', status: 201, object: success() as KubeObject };
}

function checkBinding({ target }: V1Binding, name: string): void {
  const errors = [];
  if (!['', 'Node'].includes(target.kind ?? '')) errors.push(notSupported('target.kind', target.kind, ['Node', '<empty>']));
  if ((target.name ?? '') === '') errors.push(required('target.name'));
  if (errors.length > 0) throw invalid({ group: '', kind: 'Binding' }, name, errors);
}

function bound(pod: V1Pod & KubeObject, { target, metadata }: V1Binding, name: string, now: number): KubeObject {
  const refuse = (why: string): Error => conflict({ group: '', plural: 'pods/binding' }, name, why);
  const { spec } = pod;
  if (spec === undefined || pod.metadata?.deletionTimestamp !== undefined) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if ((spec.nodeName ?? '') !== '') throw refuse(`pod ${name} is already assigned to node "${spec.nodeName}"`);
  if ((spec.schedulingGates ?? []).length > 0) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  spec.nodeName = target.name ?? '';
  if (metadata?.annotations !== undefined) pod.metadata = { ...pod.metadata, annotations: { ...pod.metadata?.annotations, ...metadata.annotations } };
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  // The node that preemption made room on is of no interest any more.
  const { nominatedNodeName: _, ...status } = pod.status ?? {};
  pod.status = { ...status, conditions: [...others, { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp(now) }] };
  return pod;
}
