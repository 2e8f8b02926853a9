/** MutatingAdmissionWebhook: webhooks that may change what is written, asked one after the other. */
import type { V1MutatingWebhook } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/object.ts';
import { applyJsonPatch } from '../../../api/patch/json-patch.ts';
import { PatchProblem } from '../../../api/patch/problem.ts';
import { quote } from '../../../api/text.ts';
import { copy, equal } from '../../../api/values.ts';
import { internalError } from '../../failure.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../admission.ts';
import { decodedAgain, replaceContent } from '../changed-object.ts';
import { outsideView } from '../outside-view.ts';
import { WebhookQuestions, type ConfiguredWebhook, type WebhookSources } from './webhook-questions.ts';

/** The state of an object after a webhook was asked, by `configuration/webhook`. */
type Asked = Map<string, KubeObject | undefined>;

export function mutatingWebhooks(sources: WebhookSources): AdmissionPlugin {
  const questions = new WebhookQuestions(sources, 'mutatingwebhookconfigurations');
  const askedBefore = new WeakMap<AdmissionRequest, Asked>();

  /** Whether the object was changed. */
  async function askOne({ configuration, webhook }: ConfiguredWebhook, request: AdmissionRequest, asked: Asked): Promise<boolean> {
    const { object, definition } = request;
    const answer = await questions.ask(webhook, request);
    if (answer === undefined) return false;
    const { patch = [], shown, object: seen } = answer;
    if (patch.length > 0) {
      if (object === undefined || seen === undefined) throw internalError(`admission webhook ${quote(webhook.name)} attempted to modify the object, which is not supported for this operation`);
      const view = outsideView(request);
      if (view !== undefined) view.takeBack(patchedBy(patch, seen) as KubeObject);
      else if (request.operation === 'CONNECT') replaceContent(object, applyJsonPatch(seen, patch) as KubeObject);
      else replaceContent(object, await sources.registries().converted(decodedAgain(patchedBy(patch, seen), shown), shown, definition));
    }
    asked.set(`${configuration}/${webhook.name}`, copy(object));
    return patch.length > 0;
  }

  return {
    name: 'MutatingAdmissionWebhook',
    async mutate(request) {
      const before = askedBefore.get(request);
      const asked: Asked = before ?? new Map();
      askedBefore.set(request, asked);
      let changed = false;
      for (const one of await questions.configured(request)) {
        if (before !== undefined && !isAskedAgain(one, asked, request.object)) continue;
        changed = (await askOne(one, request, asked)) || changed;
      }
      return changed && before === undefined ? 'again' : undefined;
    },
  };
}

/** Whoever wants to be asked again is, once, where somebody changed the object since. */
function isAskedAgain({ configuration, webhook }: ConfiguredWebhook, asked: Asked, object: KubeObject | undefined): boolean {
  const key = `${configuration}/${webhook.name}`;
  return (webhook as V1MutatingWebhook).reinvocationPolicy === 'IfNeeded' && asked.has(key) && !equal(asked.get(key), object);
}

function patchedBy(patch: readonly object[], object: KubeObject): unknown {
  try {
    return applyJsonPatch(object, patch);
  } catch (error) {
    if (error instanceof PatchProblem) throw internalError(error.message);
    throw error;
  }
}
