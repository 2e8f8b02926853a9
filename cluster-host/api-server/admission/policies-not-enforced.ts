/** Admission policies are kept, but not evaluated: whoever binds one is told. */
import type { AdmissionPlugin } from './admission.ts';

const bindings: ReadonlySet<string> = new Set(['validatingadmissionpolicybindings', 'mutatingadmissionpolicybindings']);

export const policiesNotEnforced: AdmissionPlugin = {
  name: 'PoliciesNotEnforced',
  validate(request) {
    const { operation, definition } = request;
    if (operation !== 'CREATE' || definition.group !== 'admissionregistration.k8s.io' || !bindings.has(definition.plural)) return;
    request.warn('this cluster does not enforce admission policies: the binding is kept without effect');
  },
};
