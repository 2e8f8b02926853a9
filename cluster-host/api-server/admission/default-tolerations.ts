/** DefaultTolerationSeconds: a pod stays five minutes on a node that is lost, unless it says otherwise. */
import type { V1Pod, V1Toleration } from '../../api/generated/types.ts';
import type { AdmissionPlugin } from './admission.ts';

const tolerationSeconds = 300;
const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

export const defaultTolerations: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  mutate({ operation, definition, subresource, object }) {
    if (operation === 'DELETE' || definition.group !== '' || definition.plural !== 'pods' || subresource !== '' || object === undefined) return;
    const { spec }: V1Pod = object;
    if (spec === undefined) return;
    const tolerations = spec.tolerations ?? [];
    const missing = keys.filter((key) => !tolerations.some((toleration) => tolerates(toleration, key)));
    if (missing.length > 0) spec.tolerations = [...tolerations, ...missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds }))];
  },
};

function tolerates({ key = '', effect = '' }: V1Toleration, wanted: string): boolean {
  return (key === wanted || key === '') && (effect === 'NoExecute' || effect === '');
}
