/** POST of an Eviction: a deletion that disruption budgets may refuse (https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/). */
import { plainDocument } from '../../api/decode/parsed.ts';
import type { V1Eviction, V1Pod, V1PodDisruptionBudget } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { matchesLabels, validSelectorOf } from '../../api/selectors/label-selector.ts';
import { success, tooManyRequests } from '../../api/status.ts';
import { ApiFailure, badRequest, internalError } from '../failure.ts';
import { decodeDocument, type DocumentKind } from '../handlers/decode-object.ts';
import { writeContextOf } from '../handlers/handler.ts';
import { writeOptionsOf } from '../handlers/options.ts';
import { readDocument } from '../negotiation/body.ts';
import { timestamp } from '../registry/metadata.ts';
import type { Registries } from '../registry/registries.ts';
import type { Registry, WriteContext } from '../registry/registry.ts';
import type { Answer } from '../request.ts';
import type { SubresourceRequest } from './strategy.ts';

const evictionKind: DocumentKind = { group: 'policy', version: 'v1', kind: 'Eviction', model: 'V1Eviction' };

export function eviction(registries: () => Registries, now: () => number): (request: SubresourceRequest) => Promise<Answer> {
  return async ({ context, registry, namespace, name }) => {
    const document = await readDocument(context.request, 'Eviction');
    const sent = decodeDocument(context, document ?? plainDocument(undefined), evictionKind, 'Ignore');
    const { metadata, deleteOptions = {} }: V1Eviction = sent;
    if ((metadata?.name ?? name) !== name) throw badRequest('name in URL does not match name in Eviction object');
    const dryRun = writeOptionsOf(context.request.query, 'CreateOptions').dryRun || (deleteOptions.dryRun ?? []).length > 0;
    const write = writeContextOf(context, dryRun);
    await registry.admitCreation(namespace, name, 'eviction', sent, write);
    const { object } = await registry.get(namespace, name);
    const budgets = registries().find('policy', 'v1', 'poddisruptionbudgets');
    if (budgets !== undefined && isProtected(object)) await askBudget(budgets, object, now(), write);
    await registry.delete(namespace, name, deleteOptions, write);
    return { type: 'object', status: 201, object: success() as KubeObject };
  };
}

/** Pods that do not run, or are on their way out, cost no budget. */
function isProtected({ metadata, status }: V1Pod): boolean {
  return metadata?.deletionTimestamp === undefined && !['Succeeded', 'Failed', 'Pending'].includes(status?.phase ?? '');
}

async function askBudget(budgets: Registry, pod: V1Pod, now: number, write: WriteContext): Promise<void> {
  const { namespace = '', name = '', labels } = pod.metadata ?? {};
  const all = await budgets.all(namespace);
  const own = all.map(({ object }): V1PodDisruptionBudget => object).filter(({ spec }) => spec?.selector !== undefined && matchesLabels(validSelectorOf(spec.selector), labels));
  if (own.length > 1) throw internalError('This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  const [budget] = own;
  if (budget === undefined || mayGoUnready(pod, budget)) return;
  const next = (current: KubeObject): KubeObject => {
    const { metadata, status }: V1PodDisruptionBudget = current;
    if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) throw refused(`The disruption budget ${metadata?.name} is still being processed by the server.`, 10);
    if ((status?.disruptionsAllowed ?? 0) <= 0) {
      throw refused(`The disruption budget ${metadata?.name} needs ${status?.desiredHealthy ?? 0} healthy pods and has ${status?.currentHealthy ?? 0} currently`, 0);
    }
    const disruptedPods = { ...status?.disruptedPods, [name]: timestamp(now) };
    return { ...current, status: { ...status, disruptionsAllowed: (status?.disruptionsAllowed ?? 0) - 1, disruptedPods } };
  };
  await budgets.update(namespace, budget.metadata?.name ?? '', { subresource: 'status', next }, write);
}

/** A pod that is not ready may go where the budget says so, or has enough healthy pods without it. */
function mayGoUnready({ status }: V1Pod, { spec, status: budget }: V1PodDisruptionBudget): boolean {
  const ready = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;
  if (ready) return false;
  return spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow' || ((budget?.desiredHealthy ?? 0) > 0 && (budget?.currentHealthy ?? 0) >= (budget?.desiredHealthy ?? 0));
}

function refused(message: string, retryAfterSeconds: number): ApiFailure {
  const status = tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", retryAfterSeconds);
  const causes = [{ reason: 'DisruptionBudget', message }];
  return new ApiFailure({ ...status, details: { ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}), causes } });
}
