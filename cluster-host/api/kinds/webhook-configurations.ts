/** Which webhooks are asked before something is written. */
import { fill } from '../defaults/fill.ts';
import type { V1MutatingWebhook, V1MutatingWebhookConfiguration, V1RuleWithOperations, V1ValidatingWebhook, V1ValidatingWebhookConfiguration } from '../generated/types.ts';
import { validateWebhooks } from '../validation/webhook.ts';
import { ageColumn, count } from './columns.ts';
import { defineKind } from './define-kind.ts';

export const admissionGroup = 'admissionregistration.k8s.io';

export const validatingWebhookConfiguration = defineKind<V1ValidatingWebhookConfiguration>({
  group: admissionGroup,
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  categories: ['api-extensions'],
  namespaced: false,
  anyFinalizer: true,
  setDefaults: ({ webhooks = [] }) => webhooks.forEach(setWebhookDefaults),
  generationOf: ['webhooks'],
  *validate({ webhooks = [] }) {
    yield* validateWebhooks(webhooks);
  },
  columns: [count('Webhooks', 'How many webhooks it names.', ({ webhooks }) => webhooks?.length), ageColumn],
});

export const mutatingWebhookConfiguration = defineKind<V1MutatingWebhookConfiguration>({
  group: admissionGroup,
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  categories: ['api-extensions'],
  namespaced: false,
  anyFinalizer: true,
  setDefaults({ webhooks = [] }) {
    for (const webhook of webhooks) {
      setWebhookDefaults(webhook);
      fill(webhook, { reinvocationPolicy: 'Never' });
    }
  },
  generationOf: ['webhooks'],
  *validate({ webhooks = [] }) {
    yield* validateWebhooks(webhooks);
  },
  columns: [count('Webhooks', 'How many webhooks it names.', ({ webhooks }) => webhooks?.length), ageColumn],
});

function setWebhookDefaults(webhook: V1ValidatingWebhook | V1MutatingWebhook): void {
  fill(webhook, { failurePolicy: 'Fail', matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {}, timeoutSeconds: 10 });
  if (webhook.clientConfig?.service) fill(webhook.clientConfig.service, { port: 443 });
  for (const rule of webhook.rules ?? []) setRuleDefaults(rule);
}

export function setRuleDefaults(rule: V1RuleWithOperations): void {
  fill(rule, { scope: '*' });
}
