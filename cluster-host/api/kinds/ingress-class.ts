import { fill } from '../defaults/fill.ts';
import { forbidden, immutable, notSupported, required, tooLong } from '../field-errors.ts';
import type { V1IngressClass, V1IngressClassParametersReference } from '../generated/types.ts';
import { nameIsDnsLabel } from '../names.ts';
import { byteLength } from '../text.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor } from '../validation/errors.ts';
import { validateHttpDomainPath } from '../validation/signer-name.ts';
import { ageColumn, none, text } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { validateTypedReference } from './ingress.ts';

const maxControllerLength = 250;

export const ingressClass = defineKind<V1IngressClass>({
  group: 'networking.k8s.io',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  setDefaults({ spec }) {
    if (spec?.parameters) fill(spec.parameters, { scope: 'Cluster' });
  },
  generationOf: ['spec'],
  *validate({ spec = {} }) {
    const controller = spec.controller ?? '';
    if (byteLength(controller) > maxControllerLength) yield tooLong('spec.controller', maxControllerLength);
    yield* validateHttpDomainPath('spec.controller', controller);
    if (spec.parameters) yield* validateParameters(spec.parameters, 'spec.parameters');
  },
  *validateUpdate({ spec = {} }, old) {
    const controller = spec.controller ?? '';
    if (controller !== (old.spec?.controller ?? '')) yield immutable('spec.controller', controller);
    yield* validateHttpDomainPath('spec.controller', controller);
    if (spec.parameters) yield* validateParameters(spec.parameters, 'spec.parameters');
  },
  columns: [
    text('Controller', 'The controller of its ingresses.', ({ spec }) => spec?.controller ?? ''),
    text('Parameters', 'Where its settings are.', ({ spec }) => parametersText(spec?.parameters)),
    ageColumn,
  ],
});

function parametersText(parameters: V1IngressClassParametersReference | undefined): string {
  if (!parameters) return none;
  const { apiGroup, kind, name } = parameters;
  return apiGroup ? `${kind}.${apiGroup}/${name}` : `${kind}/${name}`;
}

function* validateParameters(parameters: V1IngressClassParametersReference, field: string): Errors {
  yield* validateTypedReference(parameters, field);
  const { scope, namespace } = parameters;
  if (scope === undefined) {
    yield required(`${field}.scope`);
  } else if (scope !== 'Cluster' && scope !== 'Namespace') {
    yield notSupported(`${field}.scope`, scope, ['Cluster', 'Namespace']);
  } else if (scope === 'Cluster') {
    if (namespace !== undefined) yield forbidden(`${field}.namespace`, '`parameters.scope` is set to \'Cluster\'');
  } else if (namespace) {
    yield* invalidFor(`${field}.namespace`, namespace, nameIsDnsLabel(namespace, false));
  } else {
    yield required(`${field}.namespace`, '`parameters.scope` is set to \'Namespace\'');
  }
}
