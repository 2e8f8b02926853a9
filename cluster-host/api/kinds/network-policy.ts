import { forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type { V1IPBlock, V1NetworkPolicy, V1NetworkPolicyPeer, V1NetworkPolicyPort, V1NetworkPolicySpec } from '../generated/types.ts';
import { checkPortNumber } from '../names.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, optionalOneOf } from '../validation/errors.ts';
import { portNumberOrName } from '../validation/handlers.ts';
import { containsCidr, parseCidr, validateCidr } from '../validation/ip.ts';
import { validateLabelSelector } from '../validation/label-selector.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { selectorText } from './workload-columns.ts';

const policyTypes = ['Ingress', 'Egress'];

export const networkPolicy = defineKind<V1NetworkPolicy>({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  setDefaults({ spec }) {
    if (spec === undefined) return;
    for (const { ports = [] } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) for (const port of ports) port.protocol ??= 'TCP';
    // A policy is about what comes in, and about what goes out where it has rules for it.
    if ((spec.policyTypes ?? []).length === 0) spec.policyTypes = (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  },
  generationOf: ['spec'],
  *validate({ spec = {} }) {
    yield* validateSpec(spec);
  },
  columns: [text('Pod-Selector', 'Which pods it is about.', ({ spec }) => selectorText(spec?.podSelector)), ageColumn],
});

function* validateSpec(spec: V1NetworkPolicySpec): Errors {
  yield* validateLabelSelector(spec.podSelector, 'spec.podSelector');
  for (const [index, { ports, from }] of (spec.ingress ?? []).entries()) yield* validateRule(ports, from, `spec.ingress[${index}]`, 'from');
  for (const [index, { ports, to }] of (spec.egress ?? []).entries()) yield* validateRule(ports, to, `spec.egress[${index}]`, 'to');
  const types = spec.policyTypes ?? [];
  if (types.length > policyTypes.length) yield invalid('spec.policyTypes', types, 'may not specify more than two policyTypes');
  for (const [index, type] of types.entries()) if (!policyTypes.includes(type)) yield notSupported(`spec.policyTypes[${index}]`, type, policyTypes);
}

function* validateRule(ports: readonly V1NetworkPolicyPort[] = [], peers: readonly V1NetworkPolicyPeer[] = [], field: string, direction: string): Errors {
  for (const [index, port] of ports.entries()) yield* validatePort(port, `${field}.ports[${index}]`);
  for (const [index, peer] of peers.entries()) yield* validatePeer(peer, `${field}.${direction}[${index}]`);
}

function* validatePort({ protocol, port, endPort }: V1NetworkPolicyPort, field: string): Errors {
  yield* optionalOneOf(`${field}.protocol`, protocol, ['TCP', 'UDP', 'SCTP']);
  if (port === undefined) {
    if (endPort !== undefined) yield invalid(`${field}.endPort`, endPort, 'may not be specified when `port` is not specified');
    return;
  }
  yield* portNumberOrName(`${field}.port`, port);
  if (endPort === undefined) return;
  if (typeof port === 'string') {
    yield invalid(`${field}.endPort`, endPort, 'may not be specified when `port` is non-numeric');
    return;
  }
  if (endPort < port) yield invalid(`${field}.endPort`, endPort, 'must be greater than or equal to `port`');
  yield* invalidFor(`${field}.endPort`, endPort, checkPortNumber(endPort));
}

function* validatePeer({ podSelector, namespaceSelector, ipBlock }: V1NetworkPolicyPeer, field: string): Errors {
  if (podSelector) yield* validateLabelSelector(podSelector, `${field}.podSelector`);
  if (namespaceSelector) yield* validateLabelSelector(namespaceSelector, `${field}.namespaceSelector`);
  if (ipBlock) yield* validateBlock(ipBlock, `${field}.ipBlock`);
  if (!podSelector && !namespaceSelector && !ipBlock) yield required(field, 'must specify a peer');
  else if (ipBlock && (podSelector || namespaceSelector)) yield forbidden(field, 'may not specify both ipBlock and another peer');
}

function* validateBlock({ cidr, except }: V1IPBlock, field: string): Errors {
  if (!cidr) {
    yield required(`${field}.cidr`);
    return;
  }
  const block = parseCidr(cidr);
  if (block === undefined) {
    yield* validateCidr(`${field}.cidr`, cidr);
    return;
  }
  for (const [index, text] of (except ?? []).entries()) {
    const at = `${field}.except[${index}]`;
    const inner = parseCidr(text);
    if (inner === undefined) yield* validateCidr(at, text);
    else if (!containsCidr(block, inner) || inner.prefix <= block.prefix) yield invalid(at, text, 'must be a strict subset of `cidr`');
  }
}
