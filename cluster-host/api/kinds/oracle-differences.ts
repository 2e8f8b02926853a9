/** Where Kubernetes 1.36 answers otherwise than the 1.20 whose answers were recorded, each with its source. */
import type { KubeObject } from '../object.ts';

export interface Difference {
  readonly why: string;
  applies(recorded: { readonly body: KubeObject; readonly change: string; readonly message?: string; readonly verb: string; readonly code: number }): boolean;
}

export const differences: readonly Difference[] = [];
