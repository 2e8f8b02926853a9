/**
 * What the workspace needs to know of a Kubernetes object in a document: who it is, its labels, whom it names and whom it
 * selects, each with its span in the document. Facts are small; the document's nodes need not be kept for them.
 */
import { isObject } from '../../cluster-host/api/values.ts';
import { parseApiVersion } from '../../cluster-host/api/object.ts';
import type { Path } from '../../cluster-host/api/field-error.ts';
import type { Labels, Selector } from '../../cluster-host/api/selectors/label-selector.ts';
import type { DocumentSyntax } from '../syntax/document.ts';
import type { Span } from '../syntax/lines.ts';
import { locate, markOf } from '../syntax/locate.ts';
import { find, valueAt } from './patterns.ts';
import { below, podTemplates } from './pod-templates.ts';
import { referenceFields } from './references.ts';
import type { ReferenceField } from './references.ts';
import { readLabelMap, readLabelSelector } from './selector.ts';
import { selectorFields } from './selectors.ts';
import type { SelectorField } from './selectors.ts';
import { textOf } from '../syntax/scalars.ts';

export interface LabelFact {
  readonly key: string;
  readonly value: string;
  readonly keySpan: Span;
  readonly valueSpan: Span;
}

export interface ReferenceFact {
  /** `apps/Deployment`, `Service`. */
  readonly groupKind: string;
  readonly name: string;
  /** Only where the manifest says so. */
  readonly namespace?: string;
  readonly optional: boolean;
  readonly path: Path;
  readonly span: Span;
  /** A key of the object that must exist, for ConfigMaps and Secrets. */
  readonly key?: { readonly name: string; readonly span: Span };
  /** A port that the Service must have. */
  readonly port?: { readonly port: string | number; readonly span: Span };
}

export interface SelectionFact {
  readonly field: SelectorField;
  readonly selector: Selector;
  /** The labels that it asks for by `key: value`. */
  readonly labels: readonly LabelFact[];
  readonly path: Path;
  /** From the field's key to the end of its value. */
  readonly extent: Span;
  /** What to underline. */
  readonly span: Span;
}

export interface ServicePortFact {
  readonly name?: string;
  readonly port: number;
  /** Only where it is written. */
  readonly targetPort?: { readonly port: string | number; readonly span: Span };
}

export interface ContainerPortFact {
  readonly name?: string;
  readonly port: number;
}

/** What a PodDisruptionBudget allows. */
export interface BudgetFact {
  readonly field: 'minAvailable' | 'maxUnavailable';
  readonly value: string | number;
  readonly span: Span;
}

export interface ManifestFacts {
  readonly apiVersion: string;
  readonly kind: string;
  /** `apps/Deployment`, `Service`. */
  readonly groupKind: string;
  /** Empty while it is not written. */
  readonly name: string;
  readonly namespace?: string;
  /** An item of a `List`: no document of its own. */
  readonly isItem: boolean;
  /** The whole object. */
  readonly span: Span;
  readonly nameSpan: Span;
  readonly kindSpan: Span;
  readonly labels: readonly LabelFact[];
  /** Labels of the pods that the object is or makes. */
  readonly podLabels?: readonly LabelFact[];
  readonly references: readonly ReferenceFact[];
  readonly selections: readonly SelectionFact[];
  /** Keys of a ConfigMap or Secret. */
  readonly keys?: readonly string[];
  /** Ports that the containers of the pods declare that the object is or makes. */
  readonly containerPorts?: readonly ContainerPortFact[];
  /** Pods that the object is or makes, where it says how many. */
  readonly replicas?: number;
  readonly servicePorts?: readonly ServicePortFact[];
  readonly budgets?: readonly BudgetFact[];
}

const known = new WeakMap<DocumentSyntax, readonly ManifestFacts[]>();

/** Of the object of a document, and of the items after it where it is a `List`. None when it is no Kubernetes object: those have `apiVersion` and `kind` at the top. */
export function factsOf(syntax: DocumentSyntax): readonly ManifestFacts[] {
  let facts = known.get(syntax);
  if (facts === undefined) {
    facts = sourcesOf(syntax).flatMap((source) => readFacts(source) ?? []);
    known.set(syntax, facts);
  }
  return facts;
}

/** An object in a document. */
interface Source {
  readonly syntax: DocumentSyntax;
  readonly value: unknown;
  /** Where the object stands: empty, or `items[0]`. */
  readonly base: Path;
}

function sourcesOf(syntax: DocumentSyntax): readonly Source[] {
  const { value } = syntax;
  const items = isObject(value) && value['kind'] === 'List' && Array.isArray(value['items']) ? value['items'] : [];
  return [{ syntax, value, base: [] }, ...items.map((item: unknown, index) => ({ syntax, value: item, base: ['items', index] }))];
}

function mark({ syntax, base }: Source, path: Path, prefer?: 'key'): Span {
  return markOf(syntax, [...base, ...path], prefer);
}

export function labelsOf(labels: readonly LabelFact[]): Labels {
  return Object.fromEntries(labels.map(({ key, value }) => [key, value]));
}

function readFacts(source: Source): ManifestFacts | undefined {
  const { syntax, value, base } = source;
  if (!isObject(value)) return undefined;
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '') return undefined;
  const group = parseApiVersion(apiVersion)?.group ?? '';
  const groupKind = groupKindOf(group, kind);
  const template = podTemplates[groupKind];
  const namespace = valueAt(value, ['metadata', 'namespace']);
  return {
    apiVersion,
    kind,
    groupKind,
    name: textOf(valueAt(value, ['metadata', 'name'])),
    ...(typeof namespace === 'string' ? { namespace } : {}),
    isItem: base.length > 0,
    span: locate(syntax, base).value,
    nameSpan: mark(source, ['metadata', 'name']),
    kindSpan: mark(source, ['kind']),
    labels: readLabels(source, 'metadata.labels'),
    ...(template === undefined ? {} : { podLabels: readLabels(source, below(template, 'metadata.labels')), containerPorts: readContainerPorts(value, template), ...replicasOf(groupKind, value) }),
    references: referenceFields(groupKind)
      .flatMap((field) => readReferences(source, field))
      .filter(({ groupKind: kind, name }) => kind !== 'PersistentVolumeClaim' || !claimTemplates(value).includes(name)),
    selections: selectorFields(groupKind).flatMap((field) => readSelections(source, field)),
    ...(groupKind === 'ConfigMap' || groupKind === 'Secret' ? { keys: dataKeys(value) } : {}),
    ...(groupKind === 'Service' ? { servicePorts: readServicePorts(source) } : {}),
    ...(groupKind === 'policy/PodDisruptionBudget' ? { budgets: readBudgets(source) } : {}),
  };
}

/** The keys of a ConfigMap or Secret. */
export function dataKeys(object: Readonly<Record<string, unknown>>): readonly string[] {
  return ['data', 'binaryData', 'stringData'].flatMap((field) => Object.keys(object[field] ?? {}));
}

export function groupKindOf(group: string, kind: string): string {
  return group === '' ? kind : `${group}/${kind}`;
}

function readLabels(source: Source, pattern: string): readonly LabelFact[] {
  return find(source.value, pattern).flatMap(({ path }) => labelFacts(source, path));
}

function labelFacts(source: Source, path: Path): readonly LabelFact[] {
  const labels = valueAt(source.value, path);
  return Object.entries(isObject(labels) ? labels : {}).map(([key, label]) => ({
    key,
    value: textOf(label),
    keySpan: mark(source, [...path, key], 'key'),
    valueSpan: mark(source, [...path, key]),
  }));
}

function readContainerPorts(root: unknown, template: string): readonly ContainerPortFact[] {
  return ['spec.containers[].ports[]', 'spec.initContainers[].ports[]'].flatMap((pattern) =>
    find(root, below(template, pattern)).flatMap(({ value }) => {
      const [port, name] = [valueAt(value, ['containerPort']), valueAt(value, ['name'])];
      return [{ port: typeof port === 'number' ? port : 0, ...(typeof name === 'string' ? { name } : {}) }];
    }),
  );
}

/** Claims that a StatefulSet makes itself, whatever its template says of volumes by their names. */
function claimTemplates(value: unknown): readonly string[] {
  return find(value, 'spec.volumeClaimTemplates[].metadata.name').map((found) => textOf(found.value));
}

/** Those of a kind that has none (a DaemonSet, a Job) depend on the cluster. */
const replicated: ReadonlySet<string> = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet', 'ReplicationController']);

function replicasOf(groupKind: string, value: unknown): { readonly replicas?: number } {
  if (groupKind === 'Pod') return { replicas: 1 };
  const replicas = valueAt(value, ['spec', 'replicas']) ?? 1;
  return replicated.has(groupKind) && typeof replicas === 'number' ? { replicas } : {};
}

function readBudgets(source: Source): readonly BudgetFact[] {
  return (['minAvailable', 'maxUnavailable'] as const).flatMap((field) => {
    const value = valueAt(source.value, ['spec', field]);
    return typeof value === 'string' || typeof value === 'number' ? [{ field, value, span: mark(source, ['spec', field]) }] : [];
  });
}

function readReferences(source: Source, field: ReferenceField): ReferenceFact[] {
  return find(source.value, field.pattern).flatMap(({ path, value, parent }) => {
    const groupKind = field.kind ?? (field.kindBeside === undefined ? '' : groupKindBeside(parent, field.kindBeside));
    if (typeof value !== 'string' || value === '' || groupKind === '') return [];
    const namespace = field.namespace === undefined ? undefined : parent[field.namespace];
    const key = field.key === undefined ? undefined : parent[field.key];
    return [
      {
        groupKind,
        name: value,
        ...(typeof namespace === 'string' ? { namespace } : {}),
        optional: parent['optional'] === true,
        path,
        span: mark(source, path),
        ...(typeof key === 'string' ? { key: { name: key, span: mark(source, [...path.slice(0, -1), field.key ?? '']) } } : {}),
        ...readPort(source, parent, [...path.slice(0, -1), field.port ?? '']),
      },
    ];
  });
}

function readPort(source: Source, parent: Readonly<Record<string, unknown>>, path: Path): { readonly port?: NonNullable<ReferenceFact['port']> } {
  const written = parent[String(path.at(-1))];
  const step = isObject(written) ? ['number', 'name'].filter((name) => Object.hasOwn(written, name)).slice(0, 1) : [];
  const port = valueAt(written, step);
  return typeof port === 'string' || typeof port === 'number' ? { port: { port, span: mark(source, [...path, ...step]) } } : {};
}

function groupKindBeside(parent: Readonly<Record<string, unknown>>, beside: { readonly kind: string; readonly group: string }): string {
  const kind = textOf(parent[beside.kind]);
  const group = textOf(parent[beside.group]);
  return kind === '' ? '' : groupKindOf(beside.group === 'apiVersion' ? (parseApiVersion(group)?.group ?? '') : group, kind);
}

function readSelections(source: Source, field: SelectorField): SelectionFact[] {
  return find(source.value, field.pattern).flatMap(({ path, value }) => {
    const selector = field.form === 'map' ? readLabelMap(value) : readLabelSelector(value);
    if (selector === undefined) return [];
    const location = locate(source.syntax, [...source.base, ...path]);
    const extent = { start: (location.key ?? location.value).start, end: location.value.end };
    const labels = labelFacts(source, field.form === 'map' ? path : [...path, 'matchLabels']);
    return [{ field, selector, labels, path, extent, span: mark(source, path) }];
  });
}

function readServicePorts(source: Source): readonly ServicePortFact[] {
  return find(source.value, 'spec.ports[]').map(({ path, value }) => {
    const [name, port, target] = ['name', 'port', 'targetPort'].map((field) => valueAt(value, [field]));
    return {
      port: typeof port === 'number' ? port : 0,
      ...(typeof name === 'string' ? { name } : {}),
      ...(typeof target === 'string' || typeof target === 'number' ? { targetPort: { port: target, span: mark(source, [...path, 'targetPort']) } } : {}),
    };
  });
}
