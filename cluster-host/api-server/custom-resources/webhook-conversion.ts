/** Custom resources that a webhook converts between their versions. */
import { conversionReview, conversionVersionOf, convertedBy } from '../../api/custom/conversion-review.ts';
import type { V1CustomResourceDefinition } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Platform } from '../../platform/platform.ts';
import { endpointOf } from '../admission/webhooks/endpoint.ts';
import type { WebhookCaller } from '../admission/webhooks/webhook-caller.ts';
import { ApiFailure } from '../failure.ts';
import type { Conversion } from '../registry/conversions.ts';
import type { Registries } from '../registry/registries.ts';

export interface WebhookSources {
  readonly registries: () => Registries;
  readonly platform: Platform;
  readonly caller: WebhookCaller;
}

const timeoutSeconds = 30;

/** Undefined where the definition converts nothing, or by changing the version alone. */
export function webhookConversion({ spec }: V1CustomResourceDefinition, { registries, platform, caller }: WebhookSources): Conversion['convertOutside'] {
  const { strategy, webhook } = spec.conversion ?? {};
  if (strategy !== 'Webhook' || webhook?.clientConfig === undefined) return undefined;
  const { clientConfig, conversionReviewVersions } = webhook;
  return async (objects, apiVersion) => {
    const version = conversionVersionOf(conversionReviewVersions);
    if (version === undefined) throw failure('no supported conversion review versions');
    const uid = platform.random.uuid();
    const answer = await call(conversionReview(version, uid, objects, apiVersion), objects);
    const converted = convertedBy(answer, { version, uid, objects, apiVersion });
    if (!converted.ok) throw failure(converted.error);
    return converted.value;
  };

  async function call(review: object, [first = {}]: readonly KubeObject[]): Promise<unknown> {
    try {
      const endpoint = await endpointOf(clientConfig ?? {}, timeoutSeconds, { registries, pick: (count) => Math.floor(platform.random.float() * count) });
      return await caller.post(endpoint, review, timeoutSeconds);
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).replace(/^failed to call webhook: /, '');
      platform.log.warn('a conversion webhook could not be called', { kind: first.kind, error });
      throw failure(`conversion webhook for ${first.apiVersion}, Kind=${first.kind} failed: ${why}`);
    }
  }
}

function failure(message: string): ApiFailure {
  return new ApiFailure({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 });
}
