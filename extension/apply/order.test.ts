import { expect, it } from 'vitest';
import { inApplyOrder } from './order.ts';

it('puts first what others need, and last what judges others', () => {
  const kinds = ['ValidatingWebhookConfiguration', 'Deployment', 'Gadget', 'Service', 'Pod', 'CustomResourceDefinition', 'Namespace'];
  expect(inApplyOrder(kinds.map((kind) => ({ kind }))).map(({ kind }) => kind)).toEqual(['Namespace', 'CustomResourceDefinition', 'Service', 'Deployment', 'Gadget', 'Pod', 'ValidatingWebhookConfiguration']);
});
