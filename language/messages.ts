/**
 * What the language client (in the extension) and the language server say to each other beyond LSP. Plain types: both sides
 * import this file and nothing else of each other.
 *
 * Positions are LSP's: line and character from 0, characters in UTF-16 units.
 */

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Arguments for Node before the server's own: a young generation that keeps its memory small. */
export const serverNodeArguments: readonly string[] = ['--max-semi-space-size=4'];

/** `initializationOptions` of the server. */
export interface ServerOptions {
  /** Another extension already serves YAML itself (syntax errors, formatting, folding): then this server leaves that to it. */
  readonly yamlServedElsewhere: boolean;
  /** Severities by rule name, from the settings. A rule that is not named keeps its own. */
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  /** Programs of the user (helm) may be run on files of the workspace: it is trusted. */
  readonly mayRunPrograms?: boolean;
  /** URI of the folder with the pages that explain the rules, without a slash at the end. */
  readonly rulePages?: string;
}

export type RuleSetting = 'error' | 'warning' | 'information' | 'hint' | 'off';

/** One Kubernetes object in a file. */
export interface ManifestDocument {
  /** Position among all documents of the file, from 0, other YAML documents included. */
  readonly index: number;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty while it is not written. */
  readonly name: string;
  /** Only where the manifest says so. */
  readonly namespace?: string;
  /** The document's text, without the `---` lines. */
  readonly range: Range;
}

/** A live object, as much of it as an editor shows. */
export interface LiveObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** One or two words as kubectl shows them (`Running`, `2/3 ready`); empty where the kind has none. */
  readonly status: string;
  /** URI under which the client opens it. */
  readonly link?: string;
}

/** Which live objects are asked for. */
export interface LiveObjectsQuery {
  readonly apiVersion: string;
  readonly kind: string;
  /** Left out: the namespace of the kubeconfig's context. Without meaning for kinds that have none. */
  readonly namespace?: string;
  /** Over every namespace, whatever `namespace` says. */
  readonly allNamespaces?: true;
  /** As in `kubectl get -l`; left out for all objects. */
  readonly labelSelector?: string;
  readonly limit: number;
}

export type LiveObjectsAnswer =
  | { readonly connected: false }
  /** `more` counts the matching objects beyond the limit, as far as the cluster tells. */
  | { readonly connected: true; readonly context: string; readonly objects: readonly LiveObject[]; readonly more: number };

/** One object of the cluster. Without a namespace: that of the kubeconfig's context, where the kind has one. */
export interface LiveObjectQuestion {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  /** Left out: any object with the labels. */
  readonly name?: string;
  /** As in `kubectl get -l`. */
  readonly labelSelector?: string;
}

export type LiveObjectAnswer =
  | { readonly connected: false }
  /** `object` as the API server gives it; null where there is none, left out where the cluster would not say. */
  | { readonly connected: true; readonly context: string; readonly object?: object | null; readonly status: string };

export type DefinitionsAnswer =
  | { readonly connected: false }
  /** Every CustomResourceDefinition that the cluster serves; left out where they are those of the version that the question names. */
  | { readonly connected: true; readonly context: string; readonly version: string; readonly definitions?: readonly object[] };

/** Requests from the client. */
export interface ClientRequests {
  /** The Kubernetes objects of an open file, in order. */
  'kubicle/documents': { readonly params: { readonly uri: string }; readonly result: { readonly documents: readonly ManifestDocument[] } };
  /**
   * Where fields stand, one range for each: `spec.containers[0].image`, `metadata.labels[app.kubernetes.io/name]`. A field that
   * is not written gives its nearest ancestor that is; an unknown document gives the start of the file.
   */
  'kubicle/positions': {
    readonly params: { readonly uri: string; readonly document: number; readonly fields: readonly string[] };
    readonly result: { readonly ranges: readonly Range[] };
  };
}

/** Requests from the server. */
export interface ServerRequests {
  'kubicle/liveObjects': { readonly params: LiveObjectsQuery; readonly result: LiveObjectsAnswer };
  'kubicle/liveObject': { readonly params: LiveObjectQuestion; readonly result: LiveObjectAnswer };
  'kubicle/definitions': { readonly params: { readonly known: string }; readonly result: DefinitionsAnswer };
  /** Names of the container images that the cluster's nodes have. */
  'kubicle/images': { readonly params: Readonly<Record<string, never>>; readonly result: { readonly images: readonly string[] } };
}

/** Notifications from the client. */
export interface ClientNotifications {
  /** The severities of rules changed in the settings. */
  'kubicle/rules': { readonly rules: Readonly<Record<string, RuleSetting>> };
  /** The editor looks at another cluster, the cluster came or went, or objects in it changed. Once in two seconds at most. */
  'kubicle/clusterChanged': Readonly<Record<string, never>>;
}

/** Commands that the server's code lenses and hovers name; the extension provides them. Each takes one `DocumentArgument`. */
export const documentCommands = {
  apply: 'kubicle.applyDocument',
  diff: 'kubicle.diffDocument',
  logs: 'kubicle.showDocumentLogs',
  forward: 'kubicle.forwardDocument',
  delete: 'kubicle.deleteDocument',
} as const;

export interface DocumentArgument {
  readonly uri: string;
  /** `ManifestDocument.index`. */
  readonly document: number;
}
