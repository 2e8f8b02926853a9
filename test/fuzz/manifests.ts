/** Manifests gone wrong: valid objects with parts exchanged, and texts that are none. */
import { stringify } from 'yaml';
import type { Choices } from './random.ts';

const container = { name: 'main', image: 'busybox:1', env: [{ name: 'A', value: 'b' }], ports: [{ containerPort: 80 }], resources: { limits: { cpu: '100m', memory: '64Mi' } } };
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container], volumes: [{ name: 'data', emptyDir: {} }] } };

/** Path of the collection, and an object that it takes. */
export const samples: readonly { readonly path: string; readonly object: object }[] = [
  { path: '/api/v1/namespaces/default/pods', object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'one', labels: { app: 'web' } }, spec: template.spec } },
  { path: '/api/v1/namespaces/default/configmaps', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { key: 'value' }, binaryData: { bytes: 'AAAA' } } },
  { path: '/api/v1/namespaces/default/secrets', object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'one' }, type: 'Opaque', data: { key: 'AAAA' }, stringData: { other: 'text' } } },
  { path: '/api/v1/namespaces/default/services', object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'one' }, spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] } } },
  { path: '/apis/apps/v1/namespaces/default/deployments', object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'one' }, spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template } } },
  { path: '/api/v1/namespaces', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'one' } } },
  { path: '/api/v1/nodes', object: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'one' }, spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } } },
  { path: '/api/v1/namespaces/default/events', object: { apiVersion: 'v1', kind: 'Event', metadata: { name: 'one' }, involvedObject: { kind: 'Pod', name: 'one', namespace: 'default' }, reason: 'Why', message: 'text' } },
  { path: '/apis/coordination.k8s.io/v1/namespaces/default/leases', object: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'one' }, spec: { holderIdentity: 'me', leaseDurationSeconds: 10 } } },
  { path: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', object: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'one' }, addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ port: 80 }] } },
];

function nested(depth: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { deeper: value };
  return value;
}

const oddities: readonly (() => unknown)[] = [
  () => null,
  () => -1,
  () => 2 ** 53,
  () => 1.5,
  () => 1e308,
  () => '',
  () => 'x'.repeat(70_000),
  () => '\u0000\ud800',
  () => '../../etc/passwd',
  () => '%s%n ${x} {{y}}',
  () => '999999999999999999999999Ei',
  () => true,
  () => [],
  () => ({}),
  () => [null, [], {}],
  () => ({ constructor: { prototype: 1 }, toString: 'x', hasOwnProperty: null }),
  () => JSON.parse('{"__proto__": {"polluted": "yes"}, "name": "x"}') as unknown,
  () => nested(200),
];

/** A copy with so many of its parts exchanged, dropped, or joined by unknown ones. */
export function mutated(object: unknown, random: Choices, times: number): unknown {
  const copy = structuredClone(object);
  for (let turn = 0; turn < times; turn++) {
    let at = copy as Record<string, unknown>;
    for (let child: unknown = at; typeof child === 'object' && child !== null && Object.keys(child).length > 0; ) {
      at = child as Record<string, unknown>;
      if (random.chance(0.25)) break;
      child = at[random.pick(Object.keys(at))];
    }
    const key = random.pick([...Object.keys(at), 'unknown', '__proto__', 'constructor']);
    if (random.chance(0.15)) delete at[key];
    else Object.defineProperty(at, key, { value: random.pick(oddities)(), enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

const hostile: readonly string[] = [
  '',
  ' ',
  'null',
  '[]',
  '"text"',
  '{',
  '{"metadata":{"name":"a"},"metadata":{"name":"b"}}',
  '{"kind":"Pod","kind":"Service","apiVersion":"v1"}',
  '{"__proto__":{"kind":"Pod"},"constructor":{"prototype":{"x":1}}}',
  `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  'a: [',
  'a: &x [*x]\n',
  'a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n',
  '--- \n---\n---\n',
  'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: tabs\n',
  '!!js/function "function () {}"',
  '<<: {kind: Pod}\napiVersion: v1\n',
  '? {a: b}\n: c\n',
  'k8s\u0000\n\u0006\n\u0002v1',
  `${'-'.repeat(5000)} x`,
  `${'  - '.repeat(5000)}x`,
];

/** The bytes of a manifest, most of them near to a valid one, in JSON or YAML. */
export function manifestBytes(object: unknown, random: Choices, yaml: boolean): Buffer {
  if (random.chance(0.12)) return Buffer.from(random.pick(hostile), 'utf8');
  const changed = mutated(object, random, 1 + random.below(3));
  const text = yaml ? stringify(changed, { aliasDuplicateObjects: false }) : JSON.stringify(changed);
  const bytes = Buffer.from(text);
  if (random.chance(0.08)) return bytes.subarray(0, random.below(bytes.length));
  if (random.chance(0.08)) bytes[random.below(bytes.length)] = random.pick([0x00, 0x80, 0xc3, 0xff, 0x22, 0x7b]);
  return bytes;
}
