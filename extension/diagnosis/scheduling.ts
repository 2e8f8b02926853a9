/** What the scheduler's message says, filter by filter: `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s).` */
import { t } from '../l10n.ts';
import type { Finding } from './finding.ts';

interface Refusal {
  readonly pattern: RegExp;
  readonly says: (count: string, detail: string) => string;
  readonly remedy: () => string;
}

const refusals: readonly Refusal[] = [
  {
    pattern: /^(\d+) Insufficient (\S+)$/,
    says: (count, resource) => t('{0} without enough free {1}', count, resource),
    remedy: () => t('Ask for less in the resource requests, scale something down, or add a node.'),
  },
  { pattern: /^(\d+) Too many pods$/, says: (count) => t('{0} full of pods', count), remedy: () => t('Scale something down, or add a node.') },
  {
    pattern: /^(\d+) node\(s\) had untolerated taints?(?:\(s\))?\s*(.*)$/,
    says: (count, taint) => t('{0} with a taint that it does not tolerate {1}', count, taint).trim(),
    remedy: () => t('Add a toleration for the taint, or take the taint off the node.'),
  },
  {
    pattern: /^(\d+) node\(s\) (?:didn't|did not) match (?:Pod's )?node (?:affinity\/selector|selector|affinity)$/,
    says: (count) => t('{0} that its node selector or affinity rules out', count),
    remedy: () => t('Label a node as the pod wants it, or change nodeSelector and affinity.'),
  },
  {
    pattern: /^(\d+) node\(s\) (?:didn't|did not) match pod (?:anti-)?affinity.*$/,
    says: (count) => t('{0} ruled out by pod affinity', count),
    remedy: () => t('Relax podAffinity or podAntiAffinity, or add a node.'),
  },
  {
    pattern: /^(\d+) node\(s\) (?:didn't|did not) match pod topology spread constraints.*$/,
    says: (count) => t('{0} ruled out by topology spread', count),
    remedy: () => t('Relax topologySpreadConstraints, or add a node.'),
  },
  { pattern: /^(\d+) node\(s\) were unschedulable$/, says: (count) => t('{0} cordoned', count), remedy: () => t('Uncordon a node.') },
  {
    pattern: /^(\d+) node\(s\) (?:didn't|did not) have free ports.*$/,
    says: (count) => t('{0} where its host port is taken', count),
    remedy: () => t('Leave hostPort out, or run fewer pods a node.'),
  },
  {
    pattern: /^(\d+) node\(s\) had (?:no available volume zone|volume node affinity conflict).*$/,
    says: (count) => t('{0} that its volume cannot be used on', count),
    remedy: () => t('Use a volume that the node can reach.'),
  },
];

const unboundClaims = /unbound immediate PersistentVolumeClaims/;
const missingClaim = /persistentvolumeclaim "([^"]+)" not found/;

export function unschedulable(message: string): Finding {
  const missing = missingClaim.exec(message);
  if (missing !== null) return { sentence: t('It waits for the PersistentVolumeClaim "{0}", which does not exist.', missing[1] ?? ''), remedy: t('Create the claim, or mend its name in the pod.') };
  if (unboundClaims.test(message)) {
    return { sentence: t('It waits for a PersistentVolumeClaim that has no volume yet.'), remedy: t('Look at the claim: its StorageClass may be missing, or no volume fits.') };
  }
  const found = partsOf(message).flatMap((part) => {
    for (const { pattern, says, remedy } of refusals) {
      const match = pattern.exec(part);
      if (match !== null) return [{ text: says(match[1] ?? '', match[2] ?? ''), remedy: remedy() }];
    }
    return [];
  });
  const [first] = found;
  if (first === undefined) return { sentence: t('No node takes it: {0}', message === '' ? '?' : message), remedy: t('Look at the nodes and at what the pod asks for.') };
  return { sentence: t('No node takes it. Nodes: {0}.', found.map(({ text }) => text).join(', ')), remedy: first.remedy };
}

/** The reasons of the first sentence; what follows is about preemption. A taint's braces may hold commas. */
function partsOf(message: string): readonly string[] {
  const [, list = ''] = /nodes are available: (.*?)\.(?: |$)(?=preemption|no new claims|$)/s.exec(message) ?? /nodes are available: (.*?)\.?$/s.exec(message) ?? [];
  return list.split(/, (?=\d+ )/).map((part) => part.trim());
}
