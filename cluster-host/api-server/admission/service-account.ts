/**
 * ServiceAccount: every pod runs as a service account that exists, and finds its token, the cluster's CA and its namespace in
 * a projected volume (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#service-account-admission-controller).
 */
import type { V1Container, V1Pod, V1PodSpec, V1ServiceAccount, V1Volume } from '../../api/generated/types.ts';
import type { Platform } from '../../platform/platform.ts';
import { forbidden } from '../failure.ts';
import { generatedName } from '../registry/metadata.ts';
import type { Registries } from '../registry/registries.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const mirrorAnnotation = 'kubernetes.io/config.mirror';
/** Seconds; the seven make a token of this plugin known by its lifetime. */
const tokenLifetime = 3607;
/** A new namespace's `default` account comes a moment after it. */
const attempts = 10;
const pause = 100;

export function serviceAccountAdmission(registries: () => Registries, platform: Platform): AdmissionPlugin {
  const find = async (namespace: string, name: string): Promise<V1ServiceAccount | undefined> => {
    for (let attempt = 1; ; attempt++) {
      const found = await registries().need('', 'v1', 'serviceaccounts').find(namespace, name);
      if (found !== undefined || name !== 'default' || attempt === attempts) return found?.object;
      await platform.clock.sleep(pause);
    }
  };
  return {
    name: 'ServiceAccount',
    async mutate(request) {
      if (!isNewPod(request)) return;
      const pod: V1Pod = request.object ?? {};
      const { spec } = pod;
      if (spec === undefined || pod.metadata?.annotations?.[mirrorAnnotation] !== undefined) return;
      if ((spec.serviceAccountName ?? '') === '') spec.serviceAccountName = 'default';
      const name = spec.serviceAccountName ?? '';
      spec.serviceAccount = name;
      const account = await find(request.namespace, name);
      if (account === undefined) throw forbidden(request.definition, request.name, `error looking up service account ${request.namespace}/${name}: serviceaccount "${name}" not found`);
      if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(spec, generatedName('kube-api-access-', platform.random));
      if ((spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0) spec.imagePullSecrets = (account.imagePullSecrets ?? []).map((secret) => ({ ...secret }));
    },
  };
}

function isNewPod({ operation, definition, subresource }: AdmissionRequest): boolean {
  return operation === 'CREATE' && definition.group === '' && definition.plural === 'pods' && subresource === '';
}

/** Containers that mount something of their own there keep it. */
function mountToken(spec: V1PodSpec, volumeName: string): void {
  let used = false;
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) used = mountInto(container, volumeName) || used;
  if (used) spec.volumes = [...(spec.volumes ?? []), tokenVolume(volumeName)];
}

function mountInto(container: V1Container, name: string): boolean {
  const mounts = container.volumeMounts ?? [];
  if (mounts.some((mount) => mount.mountPath === mountPath)) return false;
  container.volumeMounts = [...mounts, { name, readOnly: true, mountPath }];
  return true;
}

function tokenVolume(name: string): V1Volume {
  return {
    name,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { expirationSeconds: tokenLifetime, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
      ],
    },
  };
}
