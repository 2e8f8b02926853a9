/** Events: one stored object with two faces, `v1` as it always was and `events.k8s.io/v1`, which is stricter. */
import { invalid, required } from '../field-errors.ts';
import type { CoreV1Event, EventsV1Event } from '../generated/types.ts';
import type { PrintContext } from '../kind.ts';
import { checkDnsSubdomain, checkQualifiedName } from '../names.ts';
import { byteLength } from '../text.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, requiredText, unchanged } from '../validation/errors.ts';
import { age, nameColumn, text, unknown, wide } from './columns.ts';
import type { Cell, Column } from './columns.ts';
import { defineKind } from './define-kind.ts';

const maxText = 128;
const maxMessage = 1024;

const anyName = (): string[] => [];

export const coreEvent = defineKind<CoreV1Event>({
  kind: 'Event',
  model: 'CoreV1Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  validateName: anyName,
  selectableFields: {
    'involvedObject.kind': ({ involvedObject }) => involvedObject?.kind ?? '',
    'involvedObject.namespace': ({ involvedObject }) => involvedObject?.namespace ?? '',
    'involvedObject.name': ({ involvedObject }) => involvedObject?.name ?? '',
    'involvedObject.uid': ({ involvedObject }) => involvedObject?.uid ?? '',
    'involvedObject.apiVersion': ({ involvedObject }) => involvedObject?.apiVersion ?? '',
    'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject?.resourceVersion ?? '',
    'involvedObject.fieldPath': ({ involvedObject }) => involvedObject?.fieldPath ?? '',
    reason: ({ reason }) => reason ?? '',
    reportingComponent: ({ reportingComponent, source }) => reportingComponent || (source?.component ?? ''),
    source: ({ source, reportingComponent }) => source?.component || (reportingComponent ?? ''),
    type: ({ type }) => type ?? '',
  },
  validate: validateLegacy,
  *validateUpdate(object) {
    yield* validateLegacy(object);
  },
  columns: eventColumns((event: CoreV1Event) => event),
});

export const event = defineKind<EventsV1Event>({
  group: 'events.k8s.io',
  kind: 'Event',
  model: 'EventsV1Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  selectableFields: {
    'regarding.kind': ({ regarding }) => regarding?.kind ?? '',
    'regarding.namespace': ({ regarding }) => regarding?.namespace ?? '',
    'regarding.name': ({ regarding }) => regarding?.name ?? '',
    'regarding.uid': ({ regarding }) => regarding?.uid ?? '',
    'regarding.apiVersion': ({ regarding }) => regarding?.apiVersion ?? '',
    'regarding.resourceVersion': ({ regarding }) => regarding?.resourceVersion ?? '',
    'regarding.fieldPath': ({ regarding }) => regarding?.fieldPath ?? '',
    reason: ({ reason }) => reason ?? '',
    reportingController: ({ reportingController }) => reportingController ?? '',
    type: ({ type }) => type ?? '',
  },
  *validate(object) {
    yield* validateLegacy(toCoreEvent(object));
    yield* validateStrict(object);
  },
  *validateUpdate(object, old) {
    const current = toCoreEvent(object);
    const before = toCoreEvent(old);
    yield* validateLegacy(current);
    if (!equal(current.series, before.series)) yield* validateSeries(object);
    for (const name of fixed) yield* unchanged(name === 'reportingComponent' ? 'reportingController' : name, current[name], before[name]);
  },
  columns: eventColumns(toCoreEvent),
});

const fixed = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
] as const;

/** The same event as the core group shows it. */
export function toCoreEvent(event: EventsV1Event): CoreV1Event {
  const { regarding, note, reportingController, deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedCount, ...same } = event;
  return {
    ...same,
    apiVersion: 'v1',
    metadata: event.metadata ?? {},
    involvedObject: regarding ?? {},
    message: note,
    reportingComponent: reportingController ?? '',
    reportingInstance: event.reportingInstance ?? '',
    source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp,
    lastTimestamp: deprecatedLastTimestamp,
    count: deprecatedCount,
  };
}

/** The same event as `events.k8s.io` shows it. */
export function fromCoreEvent(event: CoreV1Event): EventsV1Event {
  const { involvedObject, message, reportingComponent, source, firstTimestamp, lastTimestamp, count, ...same } = event;
  const shown = {
    ...same,
    apiVersion: 'events.k8s.io/v1',
    regarding: involvedObject,
    note: message,
    reportingController: reportingComponent,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
  };
  // An event of the old kind may lack the time and series that the new kind's type requires.
  return shown as EventsV1Event;
}

function* validateLegacy(event: CoreV1Event): Errors {
  const namespace = event.metadata?.namespace ?? '';
  const regarded = event.involvedObject?.namespace ?? '';
  const mismatch = invalid('involvedObject.namespace', regarded, 'does not match event.namespace');
  if (!event.eventTime) {
    const matches = regarded === '' ? namespace === '' || namespace === 'default' : regarded === namespace;
    if (!matches) yield mismatch;
  } else {
    if (regarded === '' && namespace !== 'default' && namespace !== 'kube-system') yield mismatch;
    yield* requiredText('reportingController', event.reportingComponent);
    yield* invalidFor('reportingController', event.reportingComponent ?? '', checkQualifiedName(event.reportingComponent ?? ''));
    for (const name of ['reportingInstance', 'action', 'reason'] as const) {
      yield* requiredText(name, event[name]);
      yield* atMost(name, event[name], maxText);
    }
    yield* atMost('message', event.message, maxMessage);
  }
  yield* invalidFor('namespace', namespace, checkDnsSubdomain(namespace));
}

function* atMost(field: string, value: string | undefined, max: number): Errors {
  if (byteLength(value ?? '') > max) yield invalid(field, '', `can have at most ${max} characters`);
}

function* validateStrict(event: EventsV1Event): Errors {
  yield* validateSeries(event);
  if (!event.eventTime) yield required('eventTime');
  if (event.type !== 'Normal' && event.type !== 'Warning') yield invalid('type', '', `has invalid value: ${event.type ?? ''}`);
  const unsettable = {
    firstTimestamp: event.deprecatedFirstTimestamp,
    lastTimestamp: event.deprecatedLastTimestamp,
    count: event.deprecatedCount,
    source: event.deprecatedSource?.component || event.deprecatedSource?.host,
  };
  for (const [name, value] of Object.entries(unsettable)) if (value) yield invalid(name, '', 'needs to be unset');
}

function* validateSeries({ series }: EventsV1Event): Errors {
  if (!series) return;
  if ((series.count ?? 0) < 2) yield invalid('series.count', '', 'should be at least 2');
  if (!series.lastObservedTime) yield required('series.lastObservedTime');
}

function eventColumns<T extends CoreV1Event | EventsV1Event>(core: (event: T) => CoreV1Event): readonly Column<T>[] {
  const column = (name: string, description: string, cell: (event: CoreV1Event, context: PrintContext) => Cell): Column<T> =>
    text(name, description, (event, context) => cell(core(event), context));
  return [
    column('Last Seen', 'When it happened last.', lastSeen),
    column('Type', 'Normal or Warning.', ({ type }) => type ?? ''),
    column('Reason', 'Why, in one word.', ({ reason }) => reason ?? ''),
    column('Object', 'What it happened to.', ({ involvedObject: { kind = '', name } }) => (name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase())),
    wide(column('Subobject', 'Which part of the object.', ({ involvedObject }) => involvedObject.fieldPath ?? '')),
    wide(column('Source', 'Who reported it.', sourceText)),
    column('Message', 'What happened.', ({ message }) => (message ?? '').trim()),
    wide(column('First Seen', 'When it happened first.', firstSeen)),
    wide(column('Count', 'How often it happened.', ({ series, count }) => (series ? (series.count ?? 0) + 1 : count || 1))),
    wide(nameColumn),
  ];
}

function firstSeen({ firstTimestamp, eventTime }: CoreV1Event, context: PrintContext): string {
  return age(firstTimestamp ?? eventTime, context);
}

function lastSeen(event: CoreV1Event, context: PrintContext): string {
  const { series, lastTimestamp } = event;
  if (series) return series.lastObservedTime ? age(series.lastObservedTime, context) : unknown;
  return lastTimestamp ? age(lastTimestamp, context) : firstSeen(event, context);
}

function sourceText({ source, reportingComponent, reportingInstance }: CoreV1Event): string {
  const component = source?.component || reportingComponent || '';
  const instance = source?.host || reportingInstance || '';
  return instance === '' ? component : `${component}, ${instance}`;
}
