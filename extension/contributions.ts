/** The commands of package.json and what runs them: a row each. */
import type { Command } from './commands/command.ts';
import { apply, applyDocument, applySelection } from './commands/apply.ts';
import { resetCluster, showHostLog, startCluster, startSimulated, stopCluster, toggleKeep } from './commands/cluster-lifecycle.ts';
import { copyKubeconfigPath, hideCluster, showCluster, useContext, useNamespace } from './commands/contexts.ts';
import { dashboard } from './commands/dashboard.ts';
import { deleteDocument, deleteObject } from './commands/delete.ts';
import { describe, showValues } from './commands/describe.ts';
import { attach, debug, exec } from './commands/exec.ts';
import { copyKubectl, copyName, copyYaml } from './commands/copy.ts';
import { label, taint } from './commands/labels.ts';
import { related } from './commands/related.ts';
import { clearFilter, dropFavourite, filterExplorer, openLive, runExtra, showNamespaces, toggleFavourite } from './commands/explorer.ts';
import { copyForwardAddress, forward, forwardDocument, openForward, stopForward } from './commands/forward.ts';
import { logs, showDocumentLogs } from './commands/logs.ts';
import { newManifest } from './commands/new-manifest.ts';
import { cordon, drain, uncordon } from './commands/nodes.ts';
import { pauseRollout, resumeRollout, rolloutHistory, triggerCronJob, undoRollout } from './commands/rollout.ts';
import { diffDocument } from './commands/plan.ts';
import { prune } from './commands/prune.ts';
import { undoApply } from './commands/undo-apply.ts';
import { why } from './commands/why.ts';
import { restart, scale } from './commands/workload.ts';

export const commands: readonly Command[] = [
  startCluster,
  startSimulated,
  stopCluster,
  resetCluster,
  toggleKeep,
  showHostLog,
  useContext,
  useNamespace,
  copyKubeconfigPath,
  dashboard,
  showCluster,
  hideCluster,
  newManifest,
  apply,
  applyDocument,
  applySelection,
  undoApply,
  prune,
  diffDocument,
  deleteDocument,
  showDocumentLogs,
  forwardDocument,
  openLive,
  logs,
  exec,
  attach,
  debug,
  forward,
  openForward,
  copyForwardAddress,
  stopForward,
  scale,
  restart,
  undoRollout,
  rolloutHistory,
  pauseRollout,
  resumeRollout,
  triggerCronJob,
  cordon,
  uncordon,
  drain,
  why,
  describe,
  showValues,
  deleteObject,
  copyName,
  copyYaml,
  copyKubectl,
  label,
  taint,
  related,
  filterExplorer,
  clearFilter,
  runExtra,
  showNamespaces,
  toggleFavourite,
  dropFavourite,
];
