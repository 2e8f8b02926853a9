import { forbidden, invalid, required } from '../field-errors.ts';
import type { V1APIService, V1APIServiceSpec } from '../generated/types.ts';
import { checkDns1035Label, checkDnsSubdomain, checkPortNumber, nameIsPathSegment } from '../names.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, requiredText } from '../validation/errors.ts';
import { ageColumn, text } from './columns.ts';
import { authoredMetadata, defineKind } from './define-kind.ts';

export const apiService = defineKind<V1APIService>({
  group: 'apiregistration.k8s.io',
  kind: 'APIService',
  plural: 'apiservices',
  categories: ['api-extensions'],
  namespaced: false,
  anyFinalizer: true,
  validateName: nameIsPathSegment,
  setDefaults({ spec }) {
    if (spec?.service) spec.service.port ??= 443;
  },
  prepareForCreate(object) {
    // What no other server serves is served here.
    if (object.spec && !object.spec.service) object.status = { conditions: [{ type: 'Available', status: 'True', reason: 'Local', message: 'Local APIServices are always available' }] };
  },
  *validate({ metadata, spec }) {
    const name = `${spec?.version ?? ''}.${spec?.group ?? ''}`;
    if (metadata?.name && metadata.name !== name) yield invalid('metadata.name', metadata.name, `must be \`spec.version+"."+spec.group\`: "${name}"`);
    if (spec) yield* validateSpec(spec);
  },
  *validateUpdate({ spec }) {
    if (spec) yield* validateSpec(spec);
  },
  status: { keptMetadata: authoredMetadata },
  columns: [
    text('Service', 'Who serves it.', ({ spec }) => (spec?.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local')),
    text('Available', 'Whether it can be reached.', availableText),
    ageColumn,
  ],
});

function availableText({ status }: V1APIService): string {
  const condition = (status?.conditions ?? []).find(({ type }) => type === 'Available');
  if (condition === undefined) return 'Unknown';
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason ?? ''})`;
}

function* validateSpec(spec: V1APIServiceSpec): Errors {
  const { group = '', version = '', service, groupPriorityMinimum: groupPriority = 0, versionPriority = 0 } = spec;
  if (group !== '') yield* invalidFor('spec.group', group, checkDnsSubdomain(group));
  else if (version !== 'v1') yield required('spec.group', 'only v1 may have an empty group and it better be legacy kube');
  yield* invalidFor('spec.version', version, checkDns1035Label(version));
  if (groupPriority <= 0 || groupPriority > 20_000) yield invalid('spec.groupPriorityMinimum', groupPriority, 'must be positive and less than 20000');
  if (versionPriority <= 0 || versionPriority > 1000) yield invalid('spec.versionPriority', versionPriority, 'must be positive and less than 1000');
  if (!service) {
    if (spec.caBundle) yield forbidden('spec.caBundle', 'local APIServices may not have a caBundle');
    if (spec.insecureSkipTLSVerify === true) yield forbidden('spec.insecureSkipTLSVerify', 'local APIServices may not have insecureSkipTLSVerify');
    return;
  }
  yield* requiredText('spec.service.namespace', service.namespace);
  yield* requiredText('spec.service.name', service.name);
  const problems = checkPortNumber(service.port ?? 0);
  if (problems.length > 0) yield invalid('spec.service.port', service.port ?? 0, `port is not valid: ${problems.join(', ')}`);
  if (spec.insecureSkipTLSVerify === true && spec.caBundle) yield invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present');
}
