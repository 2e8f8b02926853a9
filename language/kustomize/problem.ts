/** What is wrong with a kustomization, at the field that is to blame. */
import type { Path } from '../../cluster-host/api/field-error.ts';

export interface KustomizeProblem {
  /** Of the kustomization file. */
  readonly uri: string;
  readonly path: Path;
  readonly message: string;
  /** It may well be right, but is not built here. */
  readonly refused: boolean;
}

/** Takes what is wrong with one kustomization, or `refused` here. */
export type Report = (path: Path, message: string, refused?: 'refused') => void;
