/** The folders of the explorer: what is in each, and how it looks. A row a folder. */
import type { Resource } from '../../../cluster-host/api/object.ts';
import {
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  cronJobs,
  customResourceDefinitions,
  daemonSets,
  deployments,
  events,
  horizontalPodAutoscalers,
  ingresses,
  jobs,
  limitRanges,
  networkPolicies,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  pods,
  replicaSets,
  replicationControllers,
  resourceQuotas,
  roleBindings,
  roles,
  secrets,
  serviceAccounts,
  services,
  statefulSets,
  storageClasses,
} from '../../../cluster-host/client/resources.ts';
import { t } from '../../l10n.ts';

export interface Group {
  readonly label: () => string;
  readonly codicon: string;
  /** In this order. */
  readonly resources: readonly Resource<any>[];
  /** Followed only once it is opened, and shown even while it is empty. */
  readonly onDemand?: true;
}

export const groups = {
  favourites: { label: () => t('Favourites'), codicon: 'star-full', resources: [] },
  workloads: { label: () => t('Workloads'), codicon: 'layers', resources: [deployments, statefulSets, daemonSets, replicaSets, replicationControllers, jobs, cronJobs, pods] },
  services: { label: () => t('Services'), codicon: 'plug', resources: [services, ingresses] },
  configuration: { label: () => t('Configuration'), codicon: 'settings-gear', resources: [configMaps, secrets] },
  storage: { label: () => t('Storage'), codicon: 'save-all', resources: [persistentVolumeClaims] },
  policies: { label: () => t('Policies'), codicon: 'shield', resources: [horizontalPodAutoscalers, podDisruptionBudgets, networkPolicies, resourceQuotas, limitRanges], onDemand: true },
  access: { label: () => t('Access'), codicon: 'lock', resources: [serviceAccounts, roles, roleBindings], onDemand: true },
  custom: { label: () => t('Custom Resources'), codicon: 'extensions', resources: [] },
  events: { label: () => t('Events'), codicon: 'history', resources: [events], onDemand: true },
  nodes: { label: () => t('Nodes'), codicon: 'server', resources: [nodes] },
  clusterStorage: { label: () => t('Storage'), codicon: 'save-all', resources: [persistentVolumes, storageClasses], onDemand: true },
  clusterAccess: { label: () => t('Access'), codicon: 'lock', resources: [clusterRoles, clusterRoleBindings], onDemand: true },
  clusterCustom: { label: () => t('Custom Resources'), codicon: 'extensions', resources: [customResourceDefinitions] },
} as const satisfies Readonly<Record<string, Group>>;

export type GroupName = keyof typeof groups;

/** Below each namespace, after its workloads. */
export const namespaceGroups: readonly GroupName[] = ['services', 'configuration', 'storage', 'custom', 'policies', 'access', 'events'];
/** Beside the namespaces. */
export const clusterGroups: readonly GroupName[] = ['nodes', 'clusterStorage', 'clusterAccess', 'clusterCustom'];
