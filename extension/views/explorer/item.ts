/** How each node of the explorer looks: words, icon, colour, and which actions its menus offer. */
import type { CoreV1Event, V1Node, V1Pod, V1Service } from '../../../cluster-host/api/generated/types.ts';
import type { KubeObject } from '../../../cluster-host/api/object.ts';
import { pods } from '../../../cluster-host/client/resources.ts';
import { byNode } from '../../clusters/resources.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { t } from '../../l10n.ts';
import { colors, type Icon, type Item } from '../item.ts';
import { podState, type PodCondition } from '../pod-state.ts';
import type { ExplorerCluster } from './children.ts';
import { groups } from './groups.ts';
import type { ClusterNode, ContainerNode, EndpointNode, ExtraNode, GroupNode, HintNode, ObjectNode, ProblemNode } from './node.ts';

/** A form of its own for each state, so that colour is never the only difference. */
export const podIcons: Readonly<Record<PodCondition, Icon>> = {
  running: { codicon: 'pass-filled', color: colors.good },
  notReady: { codicon: 'circle-large-outline', color: colors.warning },
  pending: { codicon: 'clock', color: colors.warning },
  starting: { codicon: 'loading~spin', color: colors.busy },
  failing: { codicon: 'warning', color: colors.bad },
  failed: { codicon: 'error', color: colors.bad },
  completed: { codicon: 'check', color: colors.quiet },
  terminating: { codicon: 'circle-slash', color: colors.quiet },
  unknown: { codicon: 'question', color: colors.warning },
};

const kindIcons: Readonly<Record<string, string>> = {
  Namespace: 'symbol-namespace',
  Node: 'vm',
  Deployment: 'rocket',
  StatefulSet: 'database',
  DaemonSet: 'server-process',
  ReplicaSet: 'copy',
  ReplicationController: 'copy',
  Job: 'tasklist',
  CronJob: 'watch',
  Service: 'plug',
  Ingress: 'globe',
  ConfigMap: 'settings',
  Secret: 'key',
  PersistentVolumeClaim: 'save',
  PersistentVolume: 'save',
  StorageClass: 'archive',
  ServiceAccount: 'account',
  Role: 'law',
  ClusterRole: 'law',
  RoleBinding: 'link',
  ClusterRoleBinding: 'link',
  NetworkPolicy: 'shield',
  PodDisruptionBudget: 'umbrella',
  HorizontalPodAutoscaler: 'graph-line',
  ResourceQuota: 'pie-chart',
  LimitRange: 'arrow-both',
  CustomResourceDefinition: 'symbol-class',
};

/** Words for the `when` clauses of menus. */
const kindActions: Readonly<Record<string, string>> = {
  Pod: 'logs exec forward delete',
  Deployment: 'logs forward scale restart rollout delete',
  StatefulSet: 'logs forward scale restart rollout delete',
  DaemonSet: 'logs forward restart rollout delete',
  ReplicaSet: 'logs forward scale delete',
  ReplicationController: 'logs forward scale delete',
  Job: 'logs delete',
  CronJob: 'trigger delete',
  Service: 'forward delete',
  Namespace: 'namespace delete',
  Node: 'drain',
  Secret: 'decode delete',
  ConfigMap: 'decode delete',
  Event: '',
};

/** Greyed while it does not answer. */
export function clusterItem(node: ClusterNode, { state }: ExplorerCluster): Item {
  const connected = state.phase === 'connected';
  return {
    id: node.id,
    label: node.context,
    description: connected ? state.version : state.phase === 'away' ? t('does not answer') : t('connecting'),
    tooltip: state.phase === 'away' ? state.message : node.context,
    icon: connected ? { codicon: 'server-environment', color: colors.good } : { codicon: state.phase === 'away' ? 'debug-disconnect' : 'loading~spin', color: colors.quiet },
    context: 'cluster',
    expansion: connected ? 'expanded' : 'none',
  };
}

export function groupItem(node: GroupNode, description: string): Item {
  return {
    id: node.id,
    label: groups[node.group].label(),
    description,
    icon: { codicon: groups[node.group].codicon },
    context: 'group',
    expansion: node.group === 'workloads' || node.group === 'favourites' ? 'expanded' : 'collapsed',
  };
}

export function objectItem(node: ObjectNode, cluster: ExplorerCluster, isFavourite: boolean, hasMore: boolean): Item {
  const { object, resource } = node;
  const name = object.metadata?.name ?? '';
  const look = looks[resource.kind]?.(object, cluster) ?? {};
  const description = look.description ?? '';
  const finding = diagnose(resource.kind, object, cluster);
  const leaf = !branches.has(resource.kind) && finding === undefined && !hasMore;
  return {
    id: node.id,
    label: look.label ?? name,
    description,
    tooltip: [`${resource.kind} ${name}`, ...(look.details ?? [description]), finding?.sentence ?? '', finding?.remedy ?? ''].filter((line) => line !== '').join('\n'),
    accessibilityLabel: `${resource.kind} ${name}${description === '' ? '' : `, ${description}`}`,
    icon: look.icon ?? { codicon: kindIcons[resource.kind] ?? 'symbol-object' },
    context: `object ${resource.kind} ${[kindActions[resource.kind] ?? 'delete', look.actions ?? '', finding === undefined ? '' : 'why', isFavourite ? 'favourite' : 'ordinary'].filter((word) => word !== '').join(' ')}`.trimEnd(),
    expansion: leaf ? 'none' : resource.kind === 'Namespace' && name === cluster.namespace ? 'expanded' : 'collapsed',
    ...(leaf ? { command: { id: 'kubicle.openLive', title: t('Open Live YAML') } } : {}),
  };
}

/** Kinds with something below them; a click on others opens them. */
const branches = new Set(['Namespace', 'Node', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob', 'Pod', 'Service', 'CustomResourceDefinition']);

interface Look {
  /** In place of the name. */
  readonly label?: string;
  /** Besides those of the kind. */
  readonly actions?: string;
  readonly description?: string;
  readonly details?: readonly string[];
  readonly icon?: Icon;
}

const looks: Readonly<Record<string, (object: any, cluster: ExplorerCluster) => Look>> = {
  Pod: podLook,
  Node: nodeLook,
  Service: serviceLook,
  Deployment: (object) => ({ ...replicaLook(object, 'rocket', object.spec?.replicas ?? 1, object.status?.readyReplicas ?? 0), actions: object.spec?.paused === true ? 'paused' : 'progressing' }),
  Event: eventLook,
  PersistentVolume: (object) => ({ description: [object.spec?.capacity?.storage, object.status?.phase, object.spec?.claimRef?.name].filter((part) => part !== undefined).join(' · ') }),
  StorageClass: (object) => ({ description: object.provisioner ?? '' }),
  RoleBinding: (object) => ({ description: `→ ${object.roleRef?.name ?? ''}` }),
  ClusterRoleBinding: (object) => ({ description: `→ ${object.roleRef?.name ?? ''}` }),
  CustomResourceDefinition: (object) => ({ label: object.spec?.names?.kind ?? object.metadata?.name, description: object.spec?.group ?? '' }),
  StatefulSet: (object) => replicaLook(object, 'database', object.spec?.replicas ?? 1, object.status?.readyReplicas ?? 0),
  ReplicaSet: (object) => replicaLook(object, 'copy', object.spec?.replicas ?? 1, object.status?.readyReplicas ?? 0),
  ReplicationController: (object) => replicaLook(object, 'copy', object.spec?.replicas ?? 1, object.status?.readyReplicas ?? 0),
  DaemonSet: (object) => replicaLook(object, 'server-process', object.status?.desiredNumberScheduled ?? 0, object.status?.numberReady ?? 0),
  Job: (object) => ({ description: t('{0}/{1} done', object.status?.succeeded ?? 0, object.spec?.completions ?? 1) }),
  CronJob: (object) => ({ description: object.spec?.schedule ?? '' }),
  ConfigMap: (object) => keysLook({ ...object.data, ...object.binaryData }),
  Secret: (object) => keysLook(object.data),
  PersistentVolumeClaim: (object) => ({ description: object.status?.phase ?? '' }),
  Namespace: (object, cluster) => ({
    description: object.status?.phase === 'Terminating' ? 'Terminating' : object.metadata?.name === cluster.namespace ? t('active') : '',
  }),
};

function podLook(pod: V1Pod): Look {
  const state = podState(pod);
  const restarts = state.restarts === 0 ? '' : ` · ${t('{0} restarts', state.restarts)}`;
  return {
    description: `${state.status} ${state.ready}/${state.containers}${restarts}`,
    details: [state.message, ...[pod.status?.podIP, pod.spec?.nodeName].map((part) => part ?? '')],
    icon: podIcons[state.condition],
  };
}

function nodeLook(node: V1Node, cluster: ExplorerCluster): Look {
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  const words = [ready?.status === 'True' ? 'Ready' : 'NotReady', ...(node.spec?.unschedulable === true ? ['SchedulingDisabled'] : [])];
  const count = cluster.lister(pods)?.byIndex(byNode, node.metadata?.name ?? '').length ?? 0;
  const { cpu = '?', memory = '?' } = node.status?.allocatable ?? {};
  return {
    description: `${words.join(',')} · ${t('{0} pods', count)}`,
    details: [words.join(','), `cpu ${cpu}, memory ${memory}`, node.status?.nodeInfo?.containerRuntimeVersion ?? '', node.status?.nodeInfo?.kubeletVersion ?? '', ready?.status === 'True' ? '' : (ready?.message ?? '')],
    icon: { codicon: 'vm', color: ready?.status === 'True' ? colors.good : colors.bad },
    actions: node.spec?.unschedulable === true ? 'cordoned' : 'open',
  };
}

function eventLook({ type, reason, message, count, involvedObject }: CoreV1Event): Look {
  const times = (count ?? 1) > 1 ? ` ×${count}` : '';
  return {
    label: reason ?? '',
    description: `${involvedObject.kind?.toLowerCase() ?? ''}/${involvedObject.name ?? ''}${times} · ${message ?? ''}`,
    details: [message ?? ''],
    icon: type === 'Warning' ? { codicon: 'warning', color: colors.warning } : { codicon: 'info', color: colors.quiet },
  };
}

function serviceLook({ spec }: V1Service): Look {
  const ports = (spec?.ports ?? []).map(({ port, nodePort }) => (nodePort === undefined ? String(port) : `${port}:${nodePort}`));
  const address = spec?.type === 'ExternalName' ? (spec.externalName ?? '') : (spec?.clusterIP ?? '');
  return { description: `${spec?.type ?? 'ClusterIP'} ${address} · ${ports.join(', ')}` };
}

function replicaLook(_object: KubeObject, codicon: string, wanted: number, ready: number): Look {
  const color = ready >= wanted ? (wanted === 0 ? colors.quiet : colors.good) : colors.warning;
  return { description: t('{0}/{1} ready', ready, wanted), icon: { codicon, color } };
}

function keysLook(data: Readonly<Record<string, unknown>> | undefined): Look {
  const keys = Object.keys(data ?? {});
  return { description: t('{0} keys', keys.length), details: keys };
}

export function containerItem(node: ContainerNode): Item {
  const { status, metadata } = node.pod;
  const state = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find(({ name }) => name === node.container);
  const spec = [...(node.pod.spec?.initContainers ?? []), ...(node.pod.spec?.containers ?? [])].find(({ name }) => name === node.container);
  const word = state?.state?.running !== undefined ? t('running') : (state?.state?.waiting?.reason ?? state?.state?.terminated?.reason ?? t('waiting'));
  return {
    id: node.id,
    label: node.container,
    description: `${word} · ${spec?.image ?? ''}`,
    tooltip: [`${metadata?.name ?? ''}/${node.container}`, spec?.image ?? '', state?.state?.waiting?.message ?? ''].filter((line) => line !== '').join('\n'),
    icon: { codicon: 'package', ...(state?.ready === true ? { color: colors.good } : {}) },
    context: `container logs${state?.state?.running === undefined ? '' : ' exec'}`,
    expansion: 'none',
    command: { id: 'kubicle.logs', title: t('Logs') },
  };
}

export function problemItem({ id, finding }: ProblemNode): Item {
  return {
    id,
    label: finding.sentence,
    tooltip: `${finding.sentence}\n${finding.remedy}`,
    accessibilityLabel: `${finding.sentence} ${finding.remedy}`,
    icon: { codicon: 'lightbulb', color: colors.warning },
    context: 'problem',
    expansion: 'none',
    command: { id: 'kubicle.why', title: t('Why?') },
  };
}

export function extraItem({ id, extra }: ExtraNode): Item {
  return {
    id,
    label: extra.label,
    ...(extra.description === undefined ? {} : { description: extra.description }),
    ...(extra.tooltip === undefined ? {} : { tooltip: extra.tooltip }),
    icon: { codicon: extra.icon ?? 'extensions' },
    context: 'extra',
    expansion: 'none',
    ...(extra.command === undefined ? {} : { command: { id: 'kubicle.runExtra', title: extra.label } }),
  };
}

export function hintItem(node: HintNode): Item {
  return {
    id: node.id,
    label: t('Nothing runs here yet'),
    description: t('apply a manifest, or write a first one'),
    icon: { codicon: 'lightbulb' },
    context: 'hint',
    expansion: 'none',
    command: { id: 'kubicle.newManifest', title: t('New Manifest') },
  };
}

export function endpointItem(node: EndpointNode): Item {
  return {
    id: node.id,
    label: node.address,
    description: [node.ports.join(', '), node.pod ?? '', node.ready ? '' : t('not ready')].filter((part) => part !== '').join(' · '),
    icon: { codicon: node.ready ? 'circle-filled' : 'circle-outline', color: node.ready ? colors.good : colors.warning },
    context: 'endpoint',
    expansion: 'none',
  };
}
