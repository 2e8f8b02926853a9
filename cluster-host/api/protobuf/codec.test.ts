import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../object.ts';
import { decodeProtobuf, encodeProtobuf } from './codec.ts';

function roundTrip(object: KubeObject): KubeObject {
  const bytes = encodeProtobuf(object);
  if (bytes === undefined) throw new Error('no protobuf form');
  const decoded = decodeProtobuf(bytes);
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.value;
}

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web', '': 'x' }, creationTimestamp: '2026-11-23T20:00:00Z', generation: 3 },
  spec: {
    volumes: [{ name: 'page', configMap: { name: 'page', items: [{ key: 'a', path: 'b', mode: 420 }] } }, { name: 'scratch', emptyDir: { sizeLimit: '1Gi' } }],
    containers: [
      {
        name: 'main',
        image: 'web:1',
        env: [{ name: 'KEY', valueFrom: { configMapKeyRef: { name: 'page', key: 'a', optional: false } } }],
        ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
        readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 1 },
        livenessProbe: { tcpSocket: { port: 8080 } },
        resources: { limits: { cpu: '100m' } },
        securityContext: { runAsUser: 0, privileged: false },
      },
    ],
    terminationGracePeriodSeconds: 0,
  },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

describe('protobuf', () => {
  test('an object comes back as it was, zero values that were set included', () => {
    expect(roundTrip(pod)).toEqual(pod);
  });

  test.each<KubeObject>([
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { key: 'aGVsbG8=' }, type: 'Opaque' },
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: {}, spec: { renewTime: '2026-11-23T20:00:00.123456Z', leaseDurationSeconds: 40 } },
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: {}, spec: { maxUnavailable: '30%', selector: { matchLabels: { a: 'b' } } }, status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 } },
    { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {}, spec: { user: 'me', extra: { scopes: ['a', 'b'] } }, status: { allowed: false } },
    { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: {}, revision: 2, data: { spec: { any: ['thing', 1] } } },
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.org' },
      spec: {
        group: 'example.org',
        names: { kind: 'Thing', plural: 'things' },
        scope: 'Namespaced',
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { list: { type: 'array', items: { type: 'string' } }, map: { additionalProperties: { type: 'integer' } }, open: { additionalProperties: true, default: { a: 1 } } } } },
          },
        ],
      },
    },
    { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, propagationPolicy: 'Foreground', preconditions: { uid: 'x' } },
  ])('$kind', (object) => {
    expect(roundTrip(object)).toEqual(object);
  });

  test('bytes as a Go client sends them: a ServiceAccount named "a"', () => {
    const bytes = Buffer.from('6b38730a0a140a0276311a00120e53657276696365'.slice(0, 8), 'hex');
    expect(decodeProtobuf(bytes)).toMatchObject({ ok: false });
    const sent = Buffer.from([0x6b, 0x38, 0x73, 0x00, 0x0a, 0x14, 0x0a, 0x02, 0x76, 0x31, 0x12, 0x0e, ...Buffer.from('ServiceAccount'), 0x12, 0x0d, 0x0a, 0x0b, 0x0a, 0x01, 0x61, 0x12, 0x00, 0x1a, 0x00, 0x42, 0x02, 0x08, 0x00, 0x1a, 0x00, 0x22, 0x00]);
    expect(decodeProtobuf(sent)).toMatchObject({ ok: true, value: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a' } } });
  });

  test('a kind without a protobuf form is said to have none', () => {
    expect(encodeProtobuf({ apiVersion: 'example.org/v1', kind: 'Thing', metadata: {} })).toBeUndefined();
  });

  test('whatever the bytes are, the answer is a value or an error', () => {
    const envelope = encodeProtobuf(pod) ?? new Uint8Array();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(envelope.length - 1), (noise, at) => {
        expect(typeof decodeProtobuf(noise).ok).toBe('boolean');
        const damaged = Uint8Array.from(envelope);
        damaged.set(noise.subarray(0, damaged.length - at), at);
        expect(typeof decodeProtobuf(damaged).ok).toBe('boolean');
      }),
    );
  });
});
