/** Why one container of a pod does not run: by the reason that the kubelet gives. */
import type { V1ContainerStatus } from '../../cluster-host/api/generated/types.ts';
import { t } from '../l10n.ts';
import type { Finding } from './finding.ts';

type Explanation = (status: V1ContainerStatus, message: string) => Finding;

const image: Explanation = ({ name, image: reference }, message) => {
  const missing = /not found|no such|manifest unknown|repository does not exist/i.test(message);
  const denied = /denied|unauthorized|authentication|forbidden/i.test(message);
  if (denied && !missing) return { sentence: t('The registry does not give out the image "{0}" of "{1}".', reference, name), remedy: t('Add a pull secret (imagePullSecrets), or check the image name.') };
  if (missing) return { sentence: t('The image "{0}" of "{1}" does not exist.', reference, name), remedy: t('Check its name and tag, or build it.') };
  return { sentence: t('The image "{0}" of "{1}" cannot be pulled: {2}', reference, name, message), remedy: t('Check its name and tag, and whether the registry can be reached.') };
};

const configuration: Explanation = ({ name }, message) => {
  const [, kind, object] = /(configmap|secret) "([^"]+)" not found/i.exec(message) ?? [];
  if (object !== undefined) return { sentence: t('"{0}" needs the {1} "{2}", which does not exist.', name, kind?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap', object), remedy: t('Create it, or mend its name in the manifest.') };
  const [, key, holder] = /couldn't find key (\S+) in (?:ConfigMap|Secret) (\S+)/i.exec(message) ?? [];
  if (key !== undefined) return { sentence: t('"{0}" needs the key "{1}" of {2}, which is not in it.', name, key, holder ?? ''), remedy: t('Add the key, or mend its name in the manifest.') };
  return { sentence: t('The configuration of "{0}" is not possible: {1}', name, message), remedy: t('Mend the manifest.') };
};

const start: Explanation = ({ name }, message) => ({ sentence: t('"{0}" cannot be started: {1}', name, message), remedy: t('Check its command, arguments and mounts.') });

const crash: Explanation = ({ name, state, lastState, restartCount }) => {
  const ended = state?.terminated ?? lastState?.terminated;
  if (ended?.reason === 'OOMKilled') return { sentence: t('"{0}" used more memory than its limit and was ended.', name), remedy: t('Raise the memory limit, or let it use less.'), crashed: true };
  if (ended?.exitCode === 0) return { sentence: t('"{0}" ends by itself as soon as it has run, and is started again.', name), remedy: t('A program that ends belongs into a Job; others must stay in the foreground.'), crashed: true };
  if (ended?.exitCode === 127 || ended?.exitCode === 126) return { sentence: t('"{0}" cannot run its command (exit code {1}).', name, ended.exitCode), remedy: t('Check that the command exists in the image and may be executed.'), crashed: true };
  return { sentence: t('"{0}" crashes: exit code {1}, {2} restarts.', name, ended?.exitCode ?? '?', restartCount), remedy: t('Its last log lines say why.'), crashed: true };
};

const waiting: Readonly<Record<string, Explanation>> = {
  ErrImagePull: image,
  ImagePullBackOff: image,
  ImageInspectError: image,
  InvalidImageName: ({ name, image: reference }) => ({ sentence: t('"{0}" is not the name of an image ("{1}").', reference, name), remedy: t('Mend the image name.') }),
  ErrImageNeverPull: ({ name, image: reference }) => ({ sentence: t('The image "{0}" of "{1}" is not on the node, and its pull policy is Never.', reference, name), remedy: t('Build or load the image, or change imagePullPolicy.') }),
  CreateContainerConfigError: configuration,
  CreateContainerError: start,
  RunContainerError: start,
  CrashLoopBackOff: crash,
};

/** Undefined for a container that runs, ended well, or is about to start. */
export function diagnoseContainer(status: V1ContainerStatus): Finding | undefined {
  const { state } = status;
  if (state?.waiting !== undefined) return waiting[state.waiting.reason ?? '']?.(status, state.waiting.message ?? '');
  return state?.terminated !== undefined && state.terminated.exitCode !== 0 ? crash(status, '') : undefined;
}
