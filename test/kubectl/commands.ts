/** The commands of kubectl 1.36, and the transcripts that show them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandsOf, parseTranscript } from './transcript.ts';

const families: Readonly<Record<string, readonly string[]>> = {
  create: ['clusterrole', 'clusterrolebinding', 'configmap', 'cronjob', 'deployment', 'ingress', 'job', 'namespace', 'poddisruptionbudget', 'priorityclass', 'quota', 'role', 'rolebinding', 'secret docker-registry', 'secret generic', 'secret tls', 'service clusterip', 'service externalname', 'service loadbalancer', 'service nodeport', 'serviceaccount', 'token'],
  set: ['env', 'image', 'resources', 'selector', 'serviceaccount', 'subject'],
  rollout: ['history', 'pause', 'restart', 'resume', 'status', 'undo'],
  certificate: ['approve', 'deny'],
  'cluster-info': ['dump'],
  top: ['node', 'pod'],
  auth: ['can-i', 'reconcile', 'whoami'],
  apply: ['edit-last-applied', 'set-last-applied', 'view-last-applied'],
  config: ['current-context', 'get-contexts', 'set-context', 'view'],
};
const others = ['annotate', 'api-resources', 'api-versions', 'apply', 'attach', 'autoscale', 'cluster-info', 'completion', 'cordon', 'cp', 'create', 'debug', 'delete', 'describe', 'diff', 'drain', 'edit', 'events', 'exec', 'explain', 'expose', 'get', 'kustomize', 'label', 'logs', 'options', 'patch', 'plugin', 'port-forward', 'proxy', 'replace', 'run', 'scale', 'taint', 'uncordon', 'version', 'wait'];

/** As they are typed: `create configmap`. Commands that only change files (`config set-cluster` and its like, `kuberc`) are left out. */
export const kubectlCommands: readonly string[] = [...others, ...Object.entries(families).flatMap(([family, names]) => names.map((name) => `${family} ${name}`))].toSorted();

export const transcriptFolder = join(import.meta.dirname, 'transcripts');

/** Paths below the folder: `docker/containers.txt`. */
export function transcripts(): readonly string[] {
  return readdirSync(transcriptFolder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.txt')).toSorted();
}

/** For each command, the transcripts it stands in. */
export function transcriptsByCommand(): ReadonlyMap<string, readonly string[]> {
  const byCommand = new Map<string, string[]>(kubectlCommands.map((command) => [command, []]));
  for (const path of transcripts()) {
    const steps = parseTranscript(readFileSync(join(transcriptFolder, path), 'utf8'));
    for (const command of commandsOf(steps, kubectlCommands)) byCommand.get(command)?.push(path);
  }
  return byCommand;
}
