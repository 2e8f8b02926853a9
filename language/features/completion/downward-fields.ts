/** Completion of what a container can be told about its own pod: `fieldRef.fieldPath` and `resourceFieldRef.resource`. */
import { envFields, fileFields } from '../../../cluster-host/api/validation/downward-fields.ts';
import type { Completer, Completion } from './completer.ts';

const resources = ['limits', 'requests'].flatMap((kind) => ['cpu', 'memory', 'ephemeral-storage'].map((resource) => `${kind}.${resource}`));

export const completeDownwardFields: Completer = ({ cursor: { path, on }, manifest }) => {
  if (on === 'key') return [];
  const [holder, field] = path.slice(-2);
  if (holder === 'resourceFieldRef' && field === 'resource') return completions(resources, 'resource of the container');
  if (holder !== 'fieldRef' || field !== 'fieldPath') return [];
  // Labels are taken one by one, and in files all together.
  const labels = (manifest?.facts.podLabels ?? []).map(({ key }) => `metadata.labels['${key}']`);
  return completions([...(path.includes('env') ? envFields : fileFields), ...labels], 'field of the pod');
};

function completions(fields: readonly string[], detail: string): readonly Completion[] {
  return fields.map((label) => ({ label, kind: 'name', detail }));
}
