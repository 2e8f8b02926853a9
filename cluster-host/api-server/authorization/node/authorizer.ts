/**
 * Node authorization: a kubelet reads what its own pods are made of, and writes about itself
 * (kubernetes.io/docs/reference/access-authn-authz/node; by selectors, KEP-4601). What is in an object that a node creates or
 * changes is the matter of the NodeRestriction admission plugin.
 */
import type { V1PolicyRule } from '../../../api/generated/types.ts';
import { noOpinion, type Authorizer, type Decision, type ResourceAttributes } from '../authorizer.ts';
import { allows } from '../rules.ts';
import type { NodeGraph } from './graph.ts';
import { nodeOf } from './identity.ts';

type Question = Omit<ResourceAttributes, 'type' | 'user'>;

/** Says yes, or why not; whatever else has to be known is asked of the graph. */
type Rule = (node: string, question: Question, related: () => Decision) => Decision;

const allow: Decision = { decision: 'allow', reason: '' };
const no = (reason: string): Decision => ({ decision: 'noOpinion', reason });
const owned: readonly string[] = ['get', 'create', 'update', 'patch', 'delete'];

/** By `group/plural`. Resources without a row are open to all nodes alike, by the rules of `system:node`. */
const rules: Readonly<Record<string, Rule>> = {
  '/secrets': readNamespaced,
  '/configmaps': readNamespaced,
  '/persistentvolumeclaims': (_node, question, related) => (question.subresource === 'status' ? updateStatus(question, related) : getOnly(question, related)),
  '/persistentvolumes': (_node, question, related) => getOnly(question, related),
  '/serviceaccounts': serviceAccount,
  '/nodes': ownNode,
  '/pods': pod,
  'resource.k8s.io/resourceclaims': (_node, question, related) => getOnly(question, related),
  'resource.k8s.io/resourceslices': resourceSlice,
  'storage.k8s.io/volumeattachments': (_node, question, related) => getOnly(question, related),
  'storage.k8s.io/csinodes': csiNode,
  'coordination.k8s.io/leases': lease,
};

export function nodeAuthorizer(graph: () => Promise<NodeGraph>, everyNode: readonly V1PolicyRule[]): Authorizer {
  return {
    async authorize(attributes) {
      const node = nodeOf(attributes.user);
      if (node === undefined) return noOpinion;
      if (node === '') return no(`unknown node for user ${JSON.stringify(attributes.user.name)}`);
      const rule = attributes.type === 'resource' ? rules[`${attributes.group}/${attributes.resource}`] : undefined;
      if (attributes.type !== 'resource' || rule === undefined) return everyNode.some((one) => allows(one, attributes)) ? allow : noOpinion;
      const known = await graph();
      return rule(node, attributes, () => {
        const { resource, namespace, name } = attributes;
        if (name === '') return no('No Object name found');
        return known.isRelated(node, resource, namespace, name) ? allow : no(`no relationship found between node '${node}' and this object`);
      });
    },
  };
}

function readNamespaced(_node: string, { verb, subresource, namespace }: Question, related: () => Decision): Decision {
  if (!['get', 'list', 'watch'].includes(verb)) return no('can only read resources of this type');
  if (subresource !== '') return no('cannot read subresource');
  return namespace === '' ? no('can only read namespaced object of this type') : related();
}

function getOnly({ verb, subresource }: Question, related: () => Decision): Decision {
  if (verb !== 'get') return no('can only get individual resources of this type');
  return subresource === '' ? related() : no('cannot get subresource');
}

function updateStatus({ verb }: Question, related: () => Decision): Decision {
  return verb === 'update' || verb === 'patch' ? related() : no('can only get/update/patch this type');
}

function serviceAccount(_node: string, question: Question, related: () => Decision): Decision {
  const { verb, subresource, name } = question;
  if (verb === 'get' && subresource === '') return getOnly(question, related);
  if (verb !== 'create' || name === '') return no('can only create tokens for individual service accounts');
  return subresource === 'token' ? related() : no('can only create token subresource of serviceaccount');
}

function ownNode(node: string, { verb, subresource, name }: Question): Decision {
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allow : noOpinion;
  if (subresource !== '') return noOpinion;
  if (['create', 'update', 'patch'].includes(verb)) return allow;
  if (!['get', 'list', 'watch'].includes(verb)) return noOpinion;
  if (name === node) return allow;
  return no(name === '' ? `node '${node}' cannot read all nodes, only its own Node object` : `node '${node}' cannot read '${name}', only its own Node object`);
}

function pod(node: string, question: Question, related: () => Decision): Decision {
  const { verb, subresource, name } = question;
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allow : noOpinion;
  if (subresource === 'eviction') return verb === 'create' ? allow : noOpinion;
  if (subresource !== '') return noOpinion;
  if (verb === 'create' || verb === 'delete') return allow;
  if (verb === 'get') return getOnly(question, related);
  if (verb !== 'list' && verb !== 'watch') return noOpinion;
  if (selects(question, 'spec.nodeName', node)) return allow;
  return name === '' ? no('can only list/watch pods with spec.nodeName field selector') : related();
}

function resourceSlice(node: string, question: Question, related: () => Decision): Decision {
  const { verb, subresource } = question;
  if (subresource !== '') return no('cannot authorize ResourceSlice subresources');
  if (verb === 'create') return allow;
  if (['get', 'update', 'patch', 'delete'].includes(verb)) return related();
  if (!['watch', 'list', 'deletecollection'].includes(verb)) return no('only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection');
  return selects(question, 'spec.nodeName', node) ? allow : no('can only list/watch/deletecollection resourceslices with nodeName field selector');
}

function csiNode(node: string, { verb, subresource, name }: Question): Decision {
  if (!owned.includes(verb)) return no('can only get, create, update, patch, or delete a CSINode');
  if (subresource !== '') return no('cannot authorize CSINode subresources');
  return verb === 'create' || name === node ? allow : no('can only access CSINode with the same name as the requesting node');
}

function lease(node: string, { verb, namespace, name }: Question): Decision {
  if (!owned.includes(verb)) return no('can only get, create, update, patch, or delete a node lease');
  if (namespace !== 'kube-node-lease') return no('can only access leases in the "kube-node-lease" system namespace');
  return verb === 'create' || name === node ? allow : no('can only access node lease with the same name as the requesting node');
}

function selects({ fieldSelector = [] }: Question, field: string, node: string): boolean {
  return fieldSelector.some((requirement) => requirement.field === field && requirement.equal && requirement.value === node);
}
