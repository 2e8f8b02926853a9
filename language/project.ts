/**
 * The files of a workspace with what is known about them: what the language server and `kubicle validate` are built on.
 *
 * Files come as texts, one by one; there is no I/O here. Only open files keep their syntax trees; of the others remain facts
 * and findings.
 */
import { asSet, diagnoseDocument, diagnoseManifest, syntaxFindings } from './features/diagnostics.ts';
import type { DiagnosticsOptions } from './features/diagnostics.ts';
import type { OpenFile } from './features/feature.ts';
import { isSilenced } from './features/silence.ts';
import { checkUpdate } from './features/check-update.ts';
import type { ClusterCondition, Edit, FileFinding, Finding } from './finding.ts';
import type { Range } from './messages.ts';
import { kindType } from '../cluster-host/api/catalogue/catalogue.ts';
import { parseApiVersion } from '../cluster-host/api/object.ts';
import { isObject } from '../cluster-host/api/values.ts';
import { Kustomizations } from './kustomizations.ts';
import { isKustomizationFile } from './kustomize/files.ts';
import { CustomKinds, definitionsIn } from './schema/custom-kinds.ts';
import { ClusterKnowledge } from './workspace/cluster.ts';
import type { DocumentSyntax, ParseLimits } from './syntax/document.ts';
import type { Lines } from './syntax/lines.ts';
import { parseYamlDocument } from './syntax/document.ts';
import { splitDocuments } from './syntax/split.ts';
import { knownDocuments, parseYamlText } from './syntax/text.ts';
import type { KnownDocuments, YamlText } from './syntax/text.ts';
import { dataKeys, factsOf } from './workspace/facts.ts';
import type { ManifestFacts } from './workspace/facts.ts';
import { generatedManifests, patchFiles } from './workspace/kustomization.ts';
import { innermostAt, manifestsOf, questionOf, WorkspaceIndex } from './workspace/index.ts';
import type { Manifest } from './workspace/index.ts';
import { isForeign, isTemplate, looksLikeManifest } from './workspace/foreign.ts';

interface ProjectDocument {
  readonly start: number;
  readonly text: string;
  /** None where it is no Kubernetes object; more than one where it is a list of them. */
  readonly manifests: readonly Manifest[];
  readonly known: KnownFindings;
}

/** What was found in a document alone. */
interface KnownFindings {
  readonly findings: readonly Finding[];
  /** The version of the custom kinds that they hold for; undefined where they hold for any. */
  readonly customKinds: number | undefined;
}

/** What is said of a template that somebody named as a manifest. */
const unrendered: KnownFindings = {
  findings: [{ span: { start: 0, end: 0 }, severity: 'information', rule: 'template', message: 'a template is no manifest before it is rendered: helm template CHART | kubicle validate -' }],
  customKinds: undefined,
};

interface ProjectFile {
  readonly uri: string;
  readonly lines: Lines;
  readonly documents: readonly ProjectDocument[];
  /** Objects that the file makes without being one: those of a kustomization's generators. */
  readonly generated: readonly Manifest[];
  /** While the file is open. */
  readonly text?: YamlText;
}

export interface UpdateOptions {
  /** Open files can be asked about; of the others only facts and findings are kept. */
  readonly open: boolean;
  /** Every document of the file must be a Kubernetes object. */
  readonly claimed?: boolean;
  /** From `prepare`. */
  readonly known?: KnownDocuments;
}

export class Project {
  readonly index = new WorkspaceIndex();
  readonly customKinds = new CustomKinds();
  readonly cluster = new ClusterKnowledge();
  readonly #files = new Map<string, ProjectFile>();
  /** Files that are patches, by the kustomization that names them. */
  readonly #patches = new Map<string, ReadonlySet<string>>();
  readonly #known = new WeakMap<DocumentSyntax, KnownFindings>();
  readonly #kustomizations: Kustomizations;
  readonly #readFile: (uri: string) => Uint8Array | undefined;
  readonly #limits: ParseLimits | undefined;
  readonly #now: () => number;
  #options: DiagnosticsOptions = { rules: {}, syntaxElsewhere: false };

  /** `now` gives milliseconds since the epoch; `readFile` what kustomizations need besides the files of the project. */
  constructor(now: () => number, readFile: (uri: string) => Uint8Array | undefined = () => undefined, limits?: ParseLimits) {
    this.#now = now;
    this.#readFile = readFile;
    this.#limits = limits;
    this.#kustomizations = new Kustomizations({ text: (uri) => this.#textOf(uri), content: (uri) => this.#contentOf(uri) }, this.customKinds, now);
  }

  configure(options: Partial<DiagnosticsOptions>): void {
    this.#options = { ...this.#options, ...options };
  }

  /**
   * Does the slow part of `update` for a large text, a document a step; what it returns makes the update quick. Whoever runs
   * it may pause between steps or give up.
   */
  *prepare(uri: string, content: string): Generator<undefined, KnownDocuments> {
    const known = knownDocuments(this.#files.get(uri)?.text);
    for (const { start, end } of splitDocuments(content)) {
      const part = content.slice(start, end);
      const syntax = known.get(part) ?? parseYamlDocument(part, this.#limits);
      this.#findingsOf(syntax);
      known.set(part, syntax);
      yield;
    }
    return known;
  }

  /** Takes the text of a file. */
  update(uri: string, content: string, { open, claimed = false, known = knownDocuments(this.#files.get(uri)?.text) }: UpdateOptions): void {
    const text = parseYamlText(content, known, this.#limits);
    const isKustomization = isKustomizationFile(uri);
    const template = isTemplate(uri, text);
    const foreign = isKustomization || template || (!claimed && isForeign(uri, text));
    const manifests = foreign ? [] : manifestsOf(uri, text);
    // A file without a Kubernetes object is none of our business, however broken.
    const ours = claimed || isKustomization || (!foreign && (manifests.length > 0 || looksLikeManifest(content)));
    const byIndex = Map.groupBy(manifests, ({ index }) => index);
    this.customKinds.set(uri, foreign ? [] : text.documents.flatMap(({ syntax }) => definitionsIn(syntax.value)));
    const documents = ours ? text.documents.map(({ syntax, start }, index) => ({ start, text: syntax.text, manifests: byIndex.get(index) ?? [], known: template ? unrendered : isKustomization ? { findings: syntaxFindings(syntax), customKinds: undefined } : this.#findingsOf(syntax) })) : [];
    this.#files.set(uri, { uri, lines: text.lines, documents, generated: generatedManifests(uri, text), ...(open ? { text } : {}) });
    this.#setPatches(uri, patchFiles(uri, text));
    this.#reindex(uri);
  }

  remove(uri: string): void {
    this.#files.delete(uri);
    this.customKinds.set(uri, []);
    this.#setPatches(uri, []);
    this.#reindex(uri);
  }

  #setPatches(kustomization: string, patches: readonly string[]): void {
    const changed = new Set([...(this.#patches.get(kustomization) ?? []), ...patches]);
    if (patches.length === 0) this.#patches.delete(kustomization);
    else this.#patches.set(kustomization, new Set(patches));
    for (const uri of changed) this.#reindex(uri);
  }

  #isPatch(uri: string): boolean {
    return this.#patches.values().some((patches) => patches.has(uri));
  }

  #reindex(uri: string): void {
    const { documents = [], generated = [] } = this.#isPatch(uri) ? {} : (this.#files.get(uri) ?? {});
    this.index.update(uri, [...documents.flatMap(({ manifests }) => manifests), ...generated]);
  }

  uris(): Iterable<string> {
    return this.#files.keys();
  }

  openFile(uri: string): OpenFile | undefined {
    const text = this.#files.get(uri)?.text;
    return text === undefined ? undefined : { uri, text };
  }

  /** Builds the kustomizations that changed, one a step; until then `findings` tells of them as they were. */
  *buildKustomizations(): Generator<undefined, void> {
    yield* this.#kustomizations.build([...this.#files.keys()].filter(isKustomizationFile));
  }

  /** Files outside of the project that kustomizations have something to say about. */
  builtOutside(): readonly string[] {
    return [...this.#kustomizations.uris()].filter((uri) => !this.#files.has(uri));
  }

  /** Everything to say about a file as the workspace is now, in the order of the text. */
  findings(uri: string): readonly FileFinding[] {
    const built = this.#kustomizations.findings(uri);
    const known = this.#files.get(uri);
    const file = built.length > 0 && (known?.documents ?? []).length === 0 ? this.#outside(uri) : known;
    if (file === undefined) return [];
    const isPatch = this.#isPatch(uri);
    return file.documents.flatMap((document, index) => {
      const all = [...(isPatch ? [] : this.#ownFindings(document, file.text?.documents[index]?.syntax)), ...built.flatMap((one) => (one.document === document.text && !isSilenced(document.text, one.finding) ? [one.finding] : []))];
      return asSet(all, this.#options)
        .filter(({ cluster }) => cluster === undefined || this.#holds(cluster, file.text !== undefined))
        .toSorted((a, b) => a.span.start - b.span.start)
        .map((finding) => placed(finding, document, file));
    });
  }

  #ownFindings(document: ProjectDocument, syntax: DocumentSyntax | undefined): readonly Finding[] {
    const { manifests, text } = document;
    // What a manifest lacks by itself its kustomization may add.
    const alone = this.#currentFindings(document, syntax).filter(({ rule, message }) => !rule.startsWith('FieldValue') || !this.#kustomizations.isMended(text, rule, message));
    return [...alone, ...manifests.flatMap((manifest) => diagnoseManifest(manifest, text, this.index)), ...this.#updateFindings(document, syntax)];
  }

  /** A file that only kustomizations care about: it is outside of the project, or no manifest. */
  #outside(uri: string): ProjectFile | undefined {
    const content = this.#textOf(uri);
    if (content === undefined) return undefined;
    const text = parseYamlText(content);
    const documents = text.documents.map(({ syntax, start }) => ({ start, text: syntax.text, manifests: [], known: { findings: [], customKinds: undefined } }));
    return { uri, lines: text.lines, documents, generated: [] };
  }

  #textOf(uri: string): string | undefined {
    const file = this.#files.get(uri);
    if (file?.text !== undefined) return file.text.text;
    // The documents of a text cover it without gaps.
    if (file !== undefined && file.documents.length > 0) return file.documents.map(({ text }) => text).join('');
    const content = this.#readFile(uri);
    return content === undefined ? undefined : new TextDecoder().decode(content);
  }

  #contentOf(uri: string): Uint8Array | undefined {
    const open = this.#files.get(uri)?.text;
    return open === undefined ? this.#readFile(uri) : new TextEncoder().encode(open.text);
  }

  #currentFindings({ known, text }: ProjectDocument, syntax: DocumentSyntax | undefined): readonly Finding[] {
    if (known.customKinds === undefined || known.customKinds === this.customKinds.version) return known.findings;
    return this.#findingsOf(syntax ?? parseYamlDocument(text, this.#limits)).findings;
  }

  #findingsOf(syntax: DocumentSyntax): KnownFindings {
    const before = this.#known.get(syntax);
    if (before !== undefined && (before.customKinds === undefined || before.customKinds === this.customKinds.version)) return before;
    const facts = factsOf(syntax);
    const findings = diagnoseDocument(syntax, facts, this.customKinds, this.#now());
    const known = { findings, customKinds: facts.every(isBuiltIn) ? undefined : this.customKinds.version };
    this.#known.set(syntax, known);
    return known;
  }

  /** What applying the documents of an open file would be refused for, as far as the cluster has told what it has. */
  #updateFindings({ manifests: [manifest] }: ProjectDocument, syntax: DocumentSyntax | undefined): readonly Finding[] {
    if (manifest === undefined || syntax === undefined || manifest.facts.isItem || manifest.facts.name === '') return [];
    const live = this.cluster.stateOf(questionOf(manifest))?.object;
    return isObject(live) ? checkUpdate(syntax, live, this.customKinds, this.#now()) : [];
  }

  /** Whether the cluster does not contradict a finding. Only about open files it will be asked. */
  #holds({ object, key, onlyWithCluster }: ClusterCondition, ask: boolean): boolean {
    if (!ask || this.cluster.context === undefined) return !onlyWithCluster;
    const state = this.cluster.stateOf(object);
    // Until it has answered nothing is said; where it would not say, what the workspace says stands.
    if (state === undefined) return false;
    if (state.object === undefined) return !onlyWithCluster;
    return state.object === null || (key !== undefined && !dataKeys(state.object).includes(key));
  }
}

function isBuiltIn({ apiVersion, kind }: ManifestFacts): boolean {
  const groupVersion = parseApiVersion(apiVersion);
  return groupVersion === undefined || kindType({ ...groupVersion, kind }) !== undefined;
}

function placed({ span, fixes = [], cluster: _cluster, ...finding }: Finding, { start, manifests }: ProjectDocument, { lines }: ProjectFile): FileFinding {
  const rangeOf = (edit: Pick<Edit, 'span'>): Range => lines.rangeOf({ start: start + edit.span.start, end: start + edit.span.end });
  return { ...finding, range: rangeOf({ span }), manifest: innermostAt(manifests, span.start), fixes: fixes.map(({ title, edits }) => ({ title, edits: edits.map((edit) => ({ range: rangeOf(edit), newText: edit.newText })) })) };
}
