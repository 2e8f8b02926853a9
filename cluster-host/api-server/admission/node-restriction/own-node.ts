/** A node's own Node object: it says what it is, not what may run on it. Pure. */
import type { V1Node } from '../../../api/generated/types.ts';
import { equal } from '../../../api/values.ts';
import type { AdmissionRequest } from '../admission.ts';

type Labels = Readonly<Record<string, string>>;

/** Labels of Kubernetes' own that a kubelet may set (https://kubernetes.io/docs/reference/labels-annotations-taints/). */
const kubeletLabels: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
]);
const kubeletDomains = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const restrictedDomain = 'node-restriction.kubernetes.io';

export function admitNode(node: string, { operation, name, object, old }: AdmissionRequest): string | undefined {
  if (name !== node) return `node ${JSON.stringify(node)} is not allowed to modify node ${JSON.stringify(name)}`;
  const wanted: V1Node = object ?? {};
  if (operation === 'CREATE') {
    if (wanted.spec?.configSource !== undefined) return `node ${JSON.stringify(node)} is not allowed to create pods with a non-nil configSource`;
    const labels = forbiddenLabels(wanted.metadata?.labels ?? {}, {});
    return labels.length === 0 ? undefined : `node ${JSON.stringify(node)} is not allowed to set the following labels: ${labels.join(', ')}`;
  }
  return operation === 'UPDATE' ? updateProblem(node, wanted, old ?? {}) : undefined;
}

function updateProblem(node: string, wanted: V1Node, old: V1Node): string | undefined {
  const who = `node ${JSON.stringify(node)}`;
  if (wanted.spec?.configSource !== undefined && !equal(wanted.spec.configSource, old.spec?.configSource)) return `${who} is not allowed to update configSource to a new non-nil configSource`;
  if (!equal(wanted.spec?.taints ?? [], old.spec?.taints ?? [])) return `${who} is not allowed to modify taints`;
  // An owner that is not there would have the garbage collector delete the node, and it could come back with other taints.
  if (!equal(wanted.metadata?.ownerReferences ?? [], old.metadata?.ownerReferences ?? [])) return `${who} is not allowed to modify ownerReferences`;
  const labels = forbiddenLabels(wanted.metadata?.labels ?? {}, old.metadata?.labels ?? {});
  return labels.length === 0 ? undefined : `is not allowed to modify labels: ${labels.join(', ')}`;
}

function forbiddenLabels(wanted: Labels, old: Labels): readonly string[] {
  const modified = [...new Set([...Object.keys(wanted), ...Object.keys(old)])].filter((key) => wanted[key] !== old[key]);
  return modified.filter((key) => !isKubeletLabel(key)).toSorted();
}

/** Whether a node may give itself the label: any of somebody else's, and a few of Kubernetes' own. */
function isKubeletLabel(key: string): boolean {
  const domain = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  const isBelow = (parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`);
  if (isBelow(restrictedDomain)) return false;
  return !(isBelow('kubernetes.io') || isBelow('k8s.io')) || kubeletLabels.has(key) || kubeletDomains.some(isBelow);
}
