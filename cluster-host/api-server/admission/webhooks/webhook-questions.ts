/** Finds the webhooks that a request concerns, and asks one of them. What mutating and validating webhooks have in common. */
import type { KindDefinition } from '../../../api/kind.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Labels } from '../../../api/selectors/label-selector.ts';
import { quote } from '../../../api/text.ts';
import type { Platform } from '../../../platform/platform.ts';
import { ApiFailure, badRequest, forbidden, internalError } from '../../failure.ts';
import type { Registries } from '../../registry/registries.ts';
import type { AdmissionRequest } from '../admission.ts';
import { endpointOf } from './endpoint.ts';
import { matchesConditions } from './match-conditions.ts';
import { denialOf, reviewOf, reviewRequest, reviewVersionOf, verdictOf, type ReviewRequest, type ReviewSubject, type Verdict } from './review.ts';
import { isExempt, selectedKind, type Webhook } from './selection.ts';
import type { WebhookCaller } from './webhook-caller.ts';

export interface WebhookSources {
  readonly platform: Platform;
  /** Only to be called while a request is admitted. */
  readonly registries: () => Registries;
  readonly caller: WebhookCaller;
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

  constructor(sources: WebhookSources, plural: 'mutatingwebhookconfigurations' | 'validatingwebhookconfigurations') {
    this.#sources = sources;
    this.#plural = plural;
    this.#mutating = plural === 'mutatingwebhookconfigurations';
  }

  /** All webhooks that a request of this kind may concern, in the order in which they are asked. */
  async configured({ definition }: AdmissionRequest): Promise<readonly ConfiguredWebhook[]> {
    if (isExempt(definition)) return [];
    const configurations = await this.#sources.registries().need(group, 'v1', this.#plural).all('');
    return configurations
      .map(({ object }) => ({ configuration: object.metadata?.name ?? '', webhooks: (object['webhooks'] ?? []) as readonly Webhook[] }))
      .toSorted((a, b) => (a.configuration < b.configuration ? -1 : 1))
      .flatMap(({ configuration, webhooks }) => webhooks.map((webhook) => ({ configuration, webhook })));
  }

  /** What the webhook says; undefined where it is not to be asked, or cannot be and need not. Throws `ApiFailure` where it denies. */
  async ask(webhook: Webhook, asked: AdmissionRequest): Promise<(Verdict & { readonly shown: KindDefinition; readonly object: KubeObject | undefined }) | undefined> {
    const request = inItsNamespace(asked);
    const subject = await this.#subject(webhook, request);
    if (subject === undefined) return undefined;
    const question = reviewRequest(subject);
    if (!this.#isWanted(webhook, request, question)) return undefined;
    if (request.dryRun && !['None', 'NoneOnDryRun'].includes(webhook.sideEffects)) throw badRequest(`admission webhook ${quote(webhook.name)} does not support dry run`);
    const verdict = await this.#call(webhook, question);
    if (verdict === undefined) return undefined;
    for (const text of verdict.warnings) request.warn(text);
    if (!verdict.allowed) throw new ApiFailure(denialOf(webhook.name, verdict.status));
    return { ...verdict, shown: subject.shown, object: subject.object };
  }

  async #subject(webhook: Webhook, request: AdmissionRequest): Promise<ReviewSubject | undefined> {
    const registries = this.#sources.registries();
    const { definition, object, old, operation } = request;
    const shown = selectedKind(webhook, request, { equivalents: registries.equivalents(definition), namespaceLabels: await this.#namespaceLabels(request) });
    if (shown === undefined) return undefined;
    const show = (one: KubeObject | undefined): KubeObject | undefined => (one === undefined || operation === 'CONNECT' ? one : registries.convert(one, definition, shown));
    return { uid: this.#sources.platform.random.uuid(), request, shown, object: show(object), old: show(old) };
  }

  async #namespaceLabels({ definition, namespace, operation, object, subresource }: AdmissionRequest): Promise<Labels | undefined> {
    if (namespace === '') return undefined;
    // A namespace that is being written has the labels that it will have.
    if (!definition.namespaced && subresource === '' && operation !== 'DELETE') return object?.metadata?.labels ?? {};
    return (await this.#sources.registries().need('', 'v1', 'namespaces').find('', namespace))?.object.metadata?.labels ?? {};
  }

  #isWanted({ matchConditions = [], failurePolicy }: Webhook, { definition, name }: AdmissionRequest, { object, oldObject, ...request }: ReviewRequest): boolean {
    if (matchConditions.length === 0) return true;
    const outcome = matchesConditions(matchConditions, { object, oldObject, request });
    if (outcome.ok) return outcome.value;
    if (failurePolicy === 'Ignore') return false;
    throw forbidden(definition, name, outcome.error);
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
  return definition.group === '' && definition.plural === 'namespaces' ? { ...request, namespace: name, warn: (text) => request.warn(text) } : request;
}
