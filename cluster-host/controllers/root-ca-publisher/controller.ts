/** Publishes the cluster's CA to every namespace, so that pods can trust the API server. */
import type { V1ConfigMap } from '../../api/generated/types.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { configMaps } from '../../client/resources.ts';
import { equal } from '../common/equal.ts';
import { inEachNamespace } from '../common/in-each-namespace.ts';

const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** `caCertificate`: PEM. */
export function rootCaPublisher(caCertificate: string): ControllerDefinition {
  const data = { 'ca.crt': caCertificate };
  const make = (namespace: string): V1ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-root-ca.crt', namespace, annotations: { 'kubernetes.io/description': description } },
    data,
  });
  return inEachNamespace({ name: 'root-ca-certificate-publisher', serviceAccount: 'root-ca-cert-publisher' }, configMaps, 'kube-root-ca.crt', make, (present) => equal(present.data, data));
}
