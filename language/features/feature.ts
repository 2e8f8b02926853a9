/** What every feature works with: an open file, the workspace around it, and the cluster if one is connected. */
import type { LiveObjectsAnswer, LiveObjectsQuery, Position, Range } from '../messages.ts';
import type { CustomKinds } from '../schema/custom-kinds.ts';
import type { PlacedDocument, YamlText } from '../syntax/text.ts';
import { documentIndexAt } from '../syntax/text.ts';
import type { ClusterKnowledge } from '../workspace/cluster.ts';
import { innermostAt } from '../workspace/index.ts';
import type { Manifest, WorkspaceIndex } from '../workspace/index.ts';

export interface OpenFile {
  readonly uri: string;
  readonly text: YamlText;
}

/** Never rejects: a cluster that does not answer in time is not connected. */
export type LiveObjects = (query: LiveObjectsQuery) => Promise<LiveObjectsAnswer>;

export interface FeatureContext {
  readonly file: OpenFile;
  readonly index: WorkspaceIndex;
  readonly customKinds: CustomKinds;
  readonly cluster: ClusterKnowledge;
  readonly live: LiveObjects;
  /** Names of the images that the cluster's nodes have; none where no cluster is connected. */
  readonly images: () => Promise<readonly string[]>;
}

export interface Place {
  readonly document: PlacedDocument;
  readonly documentIndex: number;
  /** Offset in the document. */
  readonly offset: number;
  /** Undefined where the document is no Kubernetes object. */
  readonly manifest: Manifest | undefined;
}

export function placeOf({ file, index }: FeatureContext, position: Position): Place | undefined {
  const documentIndex = documentIndexAt(file.text, position);
  const document = file.text.documents[documentIndex];
  if (document === undefined) return undefined;
  const offset = file.text.lines.offsetAt(position) - document.start;
  const manifests = index.manifestsIn(file.uri).filter((each) => each.index === documentIndex);
  return { document, documentIndex, offset, manifest: innermostAt(manifests, offset) };
}

export interface Location {
  readonly uri: string;
  readonly range: Range;
}

export interface Hover {
  readonly range: Range;
  readonly markdown: string;
}

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

export interface FileEdits {
  readonly uri: string;
  readonly edits: readonly TextEdit[];
}
