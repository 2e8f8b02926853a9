/** What is wrong with a kustomization, at the field that is to blame. */
import type { Path } from '../../cluster-host/api/field-error.ts';

export interface KustomizeProblem {
  /** Of the kustomization file. */
  readonly uri: string;
  readonly path: Path;
  readonly message: string;
}

/** Takes what is wrong with one kustomization. */
export type Report = (path: Path, message: string) => void;
