/** What the dashboard (media/dashboard.js) and the extension say to each other. */

/** Names an object for a click on it. */
export interface DashboardRef {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
}

export type Health = 'good' | 'busy' | 'bad' | 'quiet';

/** Of one resource of a node, in one unit for all three: cores or bytes. */
export interface Usage {
  readonly allocatable: number;
  /** What its pods ask for. */
  readonly requested: number;
  /** What is used, where the cluster measures it. */
  readonly used?: number;
}

export interface DashboardNode {
  readonly ref: DashboardRef;
  readonly health: Health;
  /** `Ready`, `NotReady`, `Ready,SchedulingDisabled`. */
  readonly status: string;
  readonly pods: Usage;
  readonly cpu: Usage;
  readonly memory: Usage;
}

export interface DashboardWorkloads {
  readonly kind: string;
  readonly good: number;
  readonly busy: number;
  readonly bad: number;
}

export interface DashboardProblem {
  readonly ref: DashboardRef;
  readonly sentence: string;
  readonly remedy: string;
}

export interface DashboardEvent {
  readonly ref: DashboardRef;
  readonly warning: boolean;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

export interface GraphNode {
  readonly id: string;
  readonly ref: DashboardRef;
  readonly health: Health;
  /** From the left, by what the kind is. */
  readonly column: number;
  /** From the top. */
  readonly row: number;
  /** How many more of its kind are not drawn by themselves. */
  readonly more?: number;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

export interface Dashboard {
  readonly context: string;
  readonly connected: boolean;
  /** Of Kubernetes; why there is none where it is not connected. */
  readonly version: string;
  readonly namespace: string;
  readonly namespaces: readonly string[];
  readonly nodes: readonly DashboardNode[];
  readonly workloads: readonly DashboardWorkloads[];
  readonly problems: readonly DashboardProblem[];
  readonly events: readonly DashboardEvent[];
  readonly graph: Graph;
}

export type ToDashboard = { readonly type: 'texts'; readonly texts: Readonly<Record<string, string>> } | { readonly type: 'state'; readonly state: Dashboard };

export type FromDashboard =
  | { readonly type: 'ready' }
  | { readonly type: 'open' | 'logs' | 'describe'; readonly ref: DashboardRef }
  /** Whose objects the graph shows. */
  | { readonly type: 'namespace'; readonly namespace: string };
