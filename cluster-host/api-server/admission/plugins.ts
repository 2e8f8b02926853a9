/** The admission plugins in their order, which is Kubernetes' own. A row a plugin. */
import type { AdmissionPlugin } from './admission.ts';

export function admissionPlugins(): readonly AdmissionPlugin[] {
  return [];
}
