/** Answers in the form that was asked for: objects as they are, Tables, or metadata alone. */
import type { Printer } from '../../api/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import { badRequest, notAcceptable } from '../failure.ts';
import { ObjectVersion } from '../registry/object-version.ts';
import type { Answer, AnswerList, WatchEventType, WatchSink } from '../request.ts';
import { mediaTypes, type Accepted } from './accept.ts';

export interface Presentation {
  readonly accepted: Accepted;
  readonly printer: Printer;
  /** What a Table's rows carry: `includeObject` of the request. */
  readonly includeObject: string;
  /** Milliseconds since the epoch, for ages. */
  readonly now: () => number;
}

export function present(answer: Answer, presentation: Presentation): Answer {
  const { form } = presentation.accepted;
  if (form === 'object') return answer;
  switch (answer.type) {
    case 'object':
      return { ...answer, object: presentObject(answer.object, presentation) };
    case 'list':
      return presentList(answer.list, presentation);
    case 'watch':
      return { ...answer, open: (sink) => answer.open(presentingSink(sink, presentation)) };
    case 'text':
    case 'connect':
      return answer;
  }
}

function presentObject(object: ObjectVersion | KubeObject, presentation: Presentation): KubeObject {
  const plain = object instanceof ObjectVersion ? object.object : object;
  // A deletion answers with a Status, which has no other form.
  if (plain.kind === 'Status') return plain;
  const { accepted } = presentation;
  if (accepted.form === 'PartialObjectMetadataList') throw notAcceptable(Object.values(mediaTypes));
  return accepted.form === 'Table' ? tableOf([plain], plain.metadata?.resourceVersion, {}, presentation, true) : partialOf(plain, accepted.apiVersion);
}

function presentList({ metadata, items }: AnswerList, presentation: Presentation): Answer {
  const { accepted } = presentation;
  const objects = items.map(({ object }) => object);
  if (accepted.form === 'PartialObjectMetadata') throw notAcceptable(Object.values(mediaTypes));
  if (accepted.form === 'Table') {
    return { type: 'object', status: 200, object: tableOf(objects, metadata.resourceVersion, metadata, presentation, true) };
  }
  const list = { kind: 'PartialObjectMetadataList', apiVersion: accepted.apiVersion, metadata, items: objects.map((object) => partialOf(object, accepted.apiVersion)) };
  return { type: 'object', status: 200, object: list };
}

function partialOf(object: KubeObject, apiVersion: string): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata ?? {} };
}

function tableOf(objects: readonly KubeObject[], resourceVersion: string | undefined, metadata: object, presentation: Presentation, withColumns: boolean): KubeObject {
  const { accepted, printer, includeObject, now } = presentation;
  const context = { now: now() };
  const rows = objects.map((object) => {
    const row = { cells: printer.cells(object, context) };
    if (includeObject === 'None') return row;
    return { ...row, object: includeObject === 'Object' ? object : partialOf(object, accepted.apiVersion) };
  });
  return { kind: 'Table', apiVersion: accepted.apiVersion, metadata: { ...metadata, resourceVersion }, columnDefinitions: withColumns ? columnsOf(printer) : null, rows };
}

function columnsOf(printer: Printer): readonly object[] {
  return printer.columns.map(({ name, type, format = '', description, priority }) => ({ name, type, format, description, priority }));
}

/** The first Table of a watch tells the columns, the others leave them out. */
function presentingSink(sink: WatchSink, presentation: Presentation): WatchSink {
  let first = true;
  const form = (type: WatchEventType, { object }: ObjectVersion): KubeObject => {
    if (presentation.accepted.form !== 'Table') return partialOf(object, presentation.accepted.apiVersion);
    const table = type === 'BOOKMARK' ? bookmarkTable(object, presentation) : tableOf([object], object.metadata?.resourceVersion, {}, presentation, first);
    first = false;
    return table;
  };
  return {
    event: (type, version) => sink.event(type, new ObjectVersion(form(type, version), version.revision)),
    ended: (status) => sink.ended(status),
  };
}

function bookmarkTable(object: KubeObject, presentation: Presentation): KubeObject {
  const { annotations, resourceVersion } = object.metadata ?? {};
  return { ...tableOf([], resourceVersion, {}, { ...presentation, includeObject: 'None' }, false), rows: [{ cells: [], object: partialOf({ metadata: { resourceVersion, ...(annotations === undefined ? {} : { annotations }) } }, presentation.accepted.apiVersion) }] };
}

const includeObjectValues: ReadonlySet<string> = new Set(['', 'None', 'Metadata', 'Object']);

/** Throws 400 for a value that Kubernetes does not know. */
export function includeObjectOf(query: URLSearchParams): string {
  const value = query.get('includeObject') ?? '';
  if (!includeObjectValues.has(value)) throw badRequest(`unrecognized includeObject value: ${value}`);
  return value;
}
