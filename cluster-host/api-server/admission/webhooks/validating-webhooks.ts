/** ValidatingAdmissionWebhook: webhooks that may refuse what is written, asked all at once. */
import type { AdmissionPlugin } from '../admission.ts';
import { WebhookQuestions, type WebhookSources } from './webhook-questions.ts';

export function validatingWebhooks(sources: WebhookSources): AdmissionPlugin {
  const questions = new WebhookQuestions(sources, 'validatingwebhookconfigurations');
  return {
    name: 'ValidatingAdmissionWebhook',
    async validate(request) {
      const answers = await Promise.allSettled((await questions.configured(request)).map(({ webhook }) => questions.ask(webhook, request)));
      const refusal = answers.find(({ status }) => status === 'rejected');
      if (refusal?.status === 'rejected') throw refusal.reason;
    },
  };
}
