/** A container's security context joined with its pod's (kubernetes.io/docs/tasks/configure-pod-container/security-context). Pure. */
import type { V1Container, V1Pod } from '../../api/generated/types.ts';
import { containersOf } from '../pods/pod-facts.ts';
import type { ContainerSecurity } from '../runtime/runtime.ts';

/** `localhostProfile`: name of a seccomp profile among the node's files. `imageUser`: the user in the image's configuration. The problem is the reason why the container may not be made. */
export function containerSecurity(pod: V1Pod, container: V1Container, imageUser: string): { readonly security: ContainerSecurity; readonly localhostProfile?: string; readonly problem?: string } {
  const ofPod = pod.spec?.securityContext ?? {};
  const own = container.securityContext ?? {};
  const uid = own.runAsUser ?? ofPod.runAsUser;
  const gid = own.runAsGroup ?? ofPod.runAsGroup;
  const profile = own.seccompProfile ?? ofPod.seccompProfile;
  const problem = (own.runAsNonRoot ?? ofPod.runAsNonRoot) === true ? rootProblem(pod, container, uid, imageUser) : undefined;
  const user = uid === undefined ? (gid === undefined ? undefined : `${imageUser.split(':')[0] || '0'}:${gid}`) : gid === undefined ? String(uid) : `${uid}:${gid}`;
  return {
    security: {
      ...(user === undefined ? {} : { user }),
      supplementalGroups: [...(ofPod.fsGroup === undefined ? [] : [ofPod.fsGroup]), ...(ofPod.supplementalGroups ?? [])],
      privileged: own.privileged === true,
      readOnlyRootFilesystem: own.readOnlyRootFilesystem === true,
      noNewPrivileges: own.allowPrivilegeEscalation === false,
      addCapabilities: own.capabilities?.add ?? [],
      dropCapabilities: own.capabilities?.drop ?? [],
      ...(profile?.type === 'RuntimeDefault' ? { seccompProfile: 'RuntimeDefault' as const } : {}),
    },
    ...(profile?.type === 'Localhost' ? { localhostProfile: profile.localhostProfile ?? '' } : {}),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Uid of the user as whom every container runs, as far as the pod says it. */
export function commonUser(pod: V1Pod): number | undefined {
  const users = new Set(containersOf(pod).map(({ spec }) => spec.securityContext?.runAsUser ?? pod.spec?.securityContext?.runAsUser));
  const [only] = users;
  return users.size === 1 ? only : undefined;
}

function rootProblem(pod: V1Pod, container: V1Container, uid: number | undefined, imageUser: string): string | undefined {
  const where = `(pod: "${pod.metadata?.name}_${pod.metadata?.namespace}(${pod.metadata?.uid})", container: ${container.name})`;
  if (uid === 0) return `container's runAsUser breaks non-root policy ${where}`;
  if (uid !== undefined) return undefined;
  const [user = ''] = imageUser.split(':');
  if (user === '' || user === '0') return `container has runAsNonRoot and image will run as root ${where}`;
  return /^\d+$/.test(user) ? undefined : `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`;
}
