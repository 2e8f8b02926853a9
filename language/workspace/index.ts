/**
 * The manifests of a workspace, kept live file by file: who defines, who refers to, who selects what.
 *
 * Files go in and out one at a time; no answer walks all files but `manifests` and the searches by selector that say so.
 * Manifests that name no namespace go where they are applied, so they are taken to share one with any other.
 */
import { matchesLabels } from '../../cluster-host/api/selectors/label-selector.ts';
import type { LiveObjectQuestion, Range } from '../messages.ts';
import type { Lines, Span } from '../syntax/lines.ts';
import type { YamlText } from '../syntax/text.ts';
import { factsOf, labelsOf } from './facts.ts';
import type { LabelFact, ManifestFacts, ReferenceFact, SelectionFact } from './facts.ts';
import { MultiMap } from './multi-map.ts';

export interface Manifest {
  readonly uri: string;
  /** Among all documents of the file. */
  readonly index: number;
  /** Offset of the document in the file. */
  readonly start: number;
  readonly lines: Lines;
  readonly facts: ManifestFacts;
}

export function manifestsOf(uri: string, text: YamlText): readonly Manifest[] {
  return text.documents.flatMap(({ syntax, start }, index) => factsOf(syntax).map((facts) => ({ uri, index, start, lines: text.lines, facts })));
}

export function rangeOf({ lines, start }: Manifest, span: Span): Range {
  return lines.rangeOf({ start: start + span.start, end: start + span.end });
}

/** The manifest at an offset of its document: of a list and its items, the innermost. */
export function innermostAt(manifests: readonly Manifest[], offset: number): Manifest | undefined {
  return manifests.findLast(({ facts: { span, isItem } }) => !isItem || (span.start <= offset && offset <= span.end));
}

/** Asks for the live object of a manifest. */
export function questionOf({ facts: { apiVersion, kind, namespace, name } }: Manifest): LiveObjectQuestion {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

export interface Reference {
  readonly from: Manifest;
  readonly reference: ReferenceFact;
}

export interface Selection {
  readonly from: Manifest;
  readonly selection: SelectionFact;
}

/** Stands for every kind that is or makes pods. */
const podMakers = '(pods)';

export class WorkspaceIndex {
  readonly #files = new Map<string, readonly Manifest[]>();
  readonly #byName = new MultiMap<string, Manifest>();
  readonly #references = new MultiMap<string, Reference>();
  readonly #byLabel = new MultiMap<string, Manifest>();
  readonly #byKind = new MultiMap<string, Manifest>();
  readonly #selecting = new Set<Manifest>();

  /** Takes the manifests of a file in place of those it had; none to forget the file. */
  update(uri: string, manifests: readonly Manifest[]): void {
    for (const manifest of this.#files.get(uri) ?? []) this.#change(manifest, 'delete');
    if (manifests.length === 0) this.#files.delete(uri);
    else this.#files.set(uri, manifests);
    for (const manifest of manifests) this.#change(manifest, 'add');
  }

  #change(manifest: Manifest, change: 'add' | 'delete'): void {
    const { facts } = manifest;
    this.#byName[change](nameKey(facts.groupKind, facts.name), manifest);
    this.#byKind[change](facts.groupKind, manifest);
    if (facts.selections.length > 0) this.#selecting[change](manifest);
    for (const reference of facts.references) {
      const key = nameKey(reference.groupKind, reference.name);
      if (change === 'add') this.#references.add(key, { from: manifest, reference });
      else this.#references.deleteWhere(key, ({ from }) => from === manifest);
    }
    for (const target of ['Pod', facts.groupKind]) {
      for (const label of selectableLabels(facts, target) ?? []) this.#byLabel[change](labelKey(target, label.key, label.value), manifest);
    }
    if (facts.podLabels !== undefined) this.#byKind[change](podMakers, manifest);
  }

  fileCount(): number {
    return this.#files.size;
  }

  manifestsIn(uri: string): readonly Manifest[] {
    return this.#files.get(uri) ?? [];
  }

  *manifests(): Iterable<Manifest> {
    for (const manifests of this.#files.values()) yield* manifests;
  }

  ofKind(groupKind: string): Iterable<Manifest> {
    return this.#byKind.get(groupKind);
  }

  definitions(groupKind: string, name: string, namespace: string | undefined): readonly Manifest[] {
    return [...this.#byName.get(nameKey(groupKind, name))].filter(({ facts }) => sameNamespace(facts.namespace, namespace));
  }

  /** The objects of a namespace that are or make pods. */
  podMakers(namespace: string | undefined): Iterable<Manifest> {
    return [...this.#byKind.get(podMakers)].filter(({ facts }) => sameNamespace(facts.namespace, namespace));
  }

  /** Every label written in the workspace, those of pod templates and selectors too; walks all manifests. */
  *labels(): Iterable<LabelFact> {
    for (const { facts } of this.manifests()) {
      yield* facts.labels;
      yield* facts.podLabels ?? [];
      for (const { labels } of facts.selections) yield* labels;
    }
  }

  /** What a reference names; the namespace is the reference's own or that of the object that refers. */
  targetsOf({ from, reference }: Reference): readonly Manifest[] {
    return this.definitions(reference.groupKind, reference.name, reference.namespace ?? from.facts.namespace);
  }

  referencesTo({ facts }: Manifest): readonly Reference[] {
    return [...this.#references.get(nameKey(facts.groupKind, facts.name))].filter(({ from, reference }) => sameNamespace(reference.namespace ?? from.facts.namespace, facts.namespace));
  }

  /** What a selector selects: objects of the kind, and for pods also the objects whose template makes them. */
  selectedBy({ from, selection }: Selection): readonly Manifest[] {
    const { field, selector } = selection;
    if (selector.requirements.length === 0 && field.empty === 'nothing') return [];
    const equality = selector.requirements.find(({ operator }) => operator === '=');
    const candidates =
      equality === undefined ? this.ofKind(field.selects === 'Pod' ? podMakers : field.selects) : this.#byLabel.get(labelKey(field.selects, equality.key, equality.values[0] ?? ''));
    return [...candidates].filter((candidate) => {
      const labels = selectableLabels(candidate.facts, field.selects);
      return labels !== undefined && matchesLabels(selector, labelsOf(labels)) && (field.scope === 'cluster' || sameNamespace(from.facts.namespace, candidate.facts.namespace));
    });
  }

  /** The selectors that select an object, or the pods it makes. Walks every object that has selectors. */
  selectorsOf(manifest: Manifest): readonly Selection[] {
    const found: Selection[] = [];
    for (const from of this.#selecting) {
      for (const selection of from.facts.selections) {
        const { field, selector } = selection;
        const labels = selectableLabels(manifest.facts, field.selects);
        if (labels === undefined || (selector.requirements.length === 0 && field.empty === 'nothing')) continue;
        if (field.scope === 'controlled' && from !== manifest) continue;
        if (field.scope !== 'cluster' && !sameNamespace(from.facts.namespace, manifest.facts.namespace)) continue;
        if (matchesLabels(selector, labelsOf(labels))) found.push({ from, selection });
      }
    }
    return found;
  }
}

/** Labels by which objects of a kind are selected: for pods, those of the template. */
function selectableLabels(facts: ManifestFacts, target: string): readonly LabelFact[] | undefined {
  if (target === 'Pod') return facts.podLabels;
  return facts.groupKind === target ? facts.labels : undefined;
}

export function sameNamespace(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function nameKey(groupKind: string, name: string): string {
  return `${groupKind} ${name}`;
}

function labelKey(target: string, key: string, value: string): string {
  return `${target} ${key}=${value}`;
}
