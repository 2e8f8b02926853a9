/** Finds the webhooks that a request concerns, and asks one of them. What mutating and validating webhooks have in common. */
import { compileConditions, matchesConditions } from '../../../api/admission/match-conditions.ts';
import type { CompiledExpression } from '../../../api/admission/evaluation.ts';
import type { KindDefinition } from '../../../api/kind.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Labels } from '../../../api/selectors/label-selector.ts';
import { quote } from '../../../api/text.ts';
import type { Platform } from '../../../platform/platform.ts';
import { ApiFailure, badRequest, forbidden, internalError } from '../../failure.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import type { Registries } from '../../registry/registries.ts';
import type { WatchedObjects } from '../../registry/watched-objects.ts';
import { AccessAnswers } from '../policies/access.ts';
import type { AdmissionRequest } from '../admission.ts';
import { outsideView } from '../outside-view.ts';
import { endpointOf } from './endpoint.ts';
import { denialOf, reviewOf, reviewRequest, reviewVersionOf, verdictOf, type ReviewRequest, type ReviewSubject, type Verdict } from './review.ts';
import { isExempt, selectedKind, type Webhook } from './selection.ts';
import type { WebhookCaller } from './webhook-caller.ts';

export interface WebhookSources {
  readonly platform: Platform;
  /** Only to be called while a request is admitted. */
  readonly registries: () => Registries;
  readonly caller: WebhookCaller;
  readonly watched: WatchedObjects;
  readonly authorizer: () => Authorizer;
}

/** A webhook by the name of its configuration. */
export interface ConfiguredWebhook {
  readonly configuration: string;
  readonly webhook: Webhook;
}

const defaultTimeout = 10;
const group = 'admissionregistration.k8s.io';

export class WebhookQuestions {
  readonly #sources: WebhookSources;
  readonly #plural: string;
  readonly #mutating: boolean;
  readonly #conditions = new WeakMap<Webhook, readonly CompiledExpression[]>();

  constructor(sources: WebhookSources, plural: 'mutatingwebhookconfigurations' | 'validatingwebhookconfigurations') {
    this.#sources = sources;
    this.#plural = plural;
    this.#mutating = plural === 'mutatingwebhookconfigurations';
  }

  /** All webhooks that a request of this kind may concern, in the order in which they are asked. */
  async configured({ definition }: AdmissionRequest): Promise<readonly ConfiguredWebhook[]> {
    if (isExempt(definition)) return [];
    const configurations = await this.#sources.watched.all(group, 'v1', this.#plural);
    return configurations.flatMap(({ metadata, ...object }) => ((object['webhooks'] ?? []) as readonly Webhook[]).map((webhook) => ({ configuration: metadata?.name ?? '', webhook })));
  }

  /** What the webhook says; undefined where it is not to be asked, or cannot be and need not. Throws `ApiFailure` where it denies. */
  async ask(webhook: Webhook, asked: AdmissionRequest): Promise<(Verdict & { readonly shown: KindDefinition; readonly object: KubeObject | undefined }) | undefined> {
    const request = inItsNamespace(asked);
    const subject = await this.#subject(webhook, request);
    if (subject === undefined) return undefined;
    const question = reviewRequest(subject);
    if (!(await this.#isWanted(webhook, request, question))) return undefined;
    if (request.dryRun && !['None', 'NoneOnDryRun'].includes(webhook.sideEffects)) throw badRequest(`admission webhook ${quote(webhook.name)} does not support dry run`);
    const verdict = await this.#call(webhook, question);
    if (verdict === undefined) return undefined;
    for (const text of verdict.warnings) request.warn(text);
    for (const [key, value] of Object.entries(verdict.auditAnnotations)) request.annotate(`${webhook.name}/${key}`, value);
    if (!verdict.allowed) throw new ApiFailure(denialOf(webhook.name, verdict.status));
    return { ...verdict, shown: subject.shown, object: subject.object };
  }

  async #subject(webhook: Webhook, request: AdmissionRequest): Promise<ReviewSubject | undefined> {
    const registries = this.#sources.registries();
    const { definition, object, old, operation } = request;
    const shown = selectedKind(webhook, outsideView(request)?.request ?? request, { equivalents: registries.equivalents(definition), namespaceLabels: await this.#namespaceLabels(request) });
    if (shown === undefined) return undefined;
    const view = outsideView(request);
    const uid = this.#sources.platform.random.uuid();
    if (view !== undefined) return { uid, request: view.request, shown, object: view.request.object, old: view.request.old };
    const show = async (one: KubeObject | undefined): Promise<KubeObject | undefined> => (one === undefined || operation === 'CONNECT' ? one : registries.converted(one, definition, shown));
    return { uid, request, shown, object: await show(object), old: await show(old) };
  }

  async #namespaceLabels({ definition, namespace, operation, object, subresource }: AdmissionRequest): Promise<Labels | undefined> {
    if (namespace === '') return undefined;
    // A namespace that is being written has the labels that it will have.
    if (!definition.namespaced && subresource === '' && operation !== 'DELETE') return object?.metadata?.labels ?? {};
    return (await this.#sources.registries().need('', 'v1', 'namespaces').find('', namespace))?.object.metadata?.labels ?? {};
  }

  async #isWanted(webhook: Webhook, request: AdmissionRequest, { object, oldObject, uid: _uid, ...question }: ReviewRequest): Promise<boolean> {
    const { definition, name, user, namespace, subresource } = request;
    if ((webhook.matchConditions ?? []).length === 0) return true;
    const about = { group: definition.group, resource: definition.plural, subresource, namespace, name };
    const outcome = await new AccessAnswers(this.#sources.authorizer(), user).evaluate((ask) => matchesConditions(this.#conditionsOf(webhook), { object, oldObject, request: question, about, ask }));
    if (outcome.ok) return outcome.value;
    if (webhook.failurePolicy === 'Ignore') return false;
    throw forbidden(definition, name, outcome.error);
  }

  /** Compiled once for each state of the webhook: a change of it is another object. */
  #conditionsOf(webhook: Webhook): readonly CompiledExpression[] {
    let conditions = this.#conditions.get(webhook);
    if (conditions === undefined) {
      conditions = compileConditions(webhook.matchConditions ?? [], false);
      this.#conditions.set(webhook, conditions);
    }
    return conditions;
  }

  async #call({ name, clientConfig, admissionReviewVersions, timeoutSeconds = defaultTimeout, failurePolicy }: Webhook, question: ReviewRequest): Promise<Verdict | undefined> {
    const { platform, caller, registries } = this.#sources;
    try {
      const version = reviewVersionOf(admissionReviewVersions);
      if (version === undefined) throw new Error('webhook does not accept known AdmissionReview versions (v1, v1beta1)');
      const endpoint = await endpointOf(clientConfig, timeoutSeconds, { registries, pick: (count) => Math.floor(platform.random.float() * count) });
      const answer = await caller.post(endpoint, reviewOf(version, question), timeoutSeconds);
      const verdict = verdictOf(answer, version, question.uid, this.#mutating);
      if (!verdict.ok) throw new Error(verdict.error);
      return verdict.value;
    } catch (error) {
      platform.log.warn('a webhook could not be called', { webhook: name, error });
      if (failurePolicy === 'Ignore') return undefined;
      throw internalError(`failed calling webhook ${quote(name)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Of a namespace itself, the request is said to be in it. */
function inItsNamespace(request: AdmissionRequest): AdmissionRequest {
  const { definition, name } = request;
  return definition.group === '' && definition.plural === 'namespaces' ? { ...request, namespace: name, warn: (text) => request.warn(text), annotate: (key, value) => request.annotate(key, value) } : request;
}
