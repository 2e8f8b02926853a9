/** One container's log, line by line. A break of the connection is mended: it asks again from the last line's time on and leaves out what was there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disposable } from '../../../cluster-host/platform/platform.ts';
import type { ApiRequest } from '../../../cluster-host/client/client.ts';
import type { OpenResponse } from '../../../cluster-host/client/https/https-transport.ts';
import { statusMessage } from './channels.ts';

export interface LogTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface LogLine {
  /** RFC 3339 with nanoseconds, as the server wrote it. */
  readonly time: string;
  readonly text: string;
}

export interface LogRequest {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tailLines: number;
  /** Only lines later than this, whatever `tailLines` says. */
  readonly after?: string;
}

export interface LogHandlers {
  lines(lines: readonly LogLine[]): void;
  /** Nothing more will come: the container ended, or the server refused, in its own words. Called once, not after a dispose. */
  ended(refusal?: string): void;
}

const retryDelay = 1000;

/** Where logs are read from: a connection. */
export interface LogSource {
  open(request: ApiRequest): Promise<OpenResponse>;
}

export function streamLog(source: LogSource, target: LogTarget, wanted: LogRequest, handlers: LogHandlers): Disposable {
  const stop = new AbortController();
  void (async () => {
    let last = wanted.after;
    const take = (lines: readonly LogLine[]) => {
      const fresh = lines.filter((line) => last === undefined || isLater(line.time, last));
      last = fresh.at(-1)?.time ?? last;
      if (fresh.length > 0) handlers.lines(fresh);
    };
    while (!stop.signal.aborted) {
      const outcome = await readLog(source, target, { ...wanted, ...(last === undefined ? {} : { after: last }) }, stop.signal, take);
      if (stop.signal.aborted) return;
      if (outcome !== 'broken') return handlers.ended(outcome.refusal);
      await sleep(retryDelay, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  })();
  return { dispose: () => stop.abort() };
}

type Outcome = 'broken' | { readonly refusal?: string };

async function readLog(
  source: LogSource,
  target: LogTarget,
  wanted: LogRequest,
  signal: AbortSignal,
  take: (lines: readonly LogLine[]) => void,
): Promise<Outcome> {
  const query = {
    container: target.container,
    timestamps: 'true',
    ...(wanted.follow ? { follow: 'true' } : {}),
    ...(wanted.previous ? { previous: 'true' } : {}),
    ...(wanted.after === undefined ? { tailLines: String(wanted.tailLines) } : { sinceTime: wanted.after }),
  };
  try {
    const path = `/api/v1/namespaces/${target.namespace}/pods/${target.pod}/log`;
    // Packed answers would have to be unpacked here: logs come as they are.
    const { status, body } = await source.open({ method: 'GET', path, query, headers: { 'accept-encoding': 'identity', accept: '*/*' }, signal });
    body.setEncoding('utf8');
    if (status !== 200) {
      let text = '';
      for await (const chunk of body) text += chunk as string;
      return status >= 500 ? 'broken' : { refusal: statusMessage(text, status) };
    }
    const splitter = new LineSplitter();
    for await (const chunk of body) take(splitter.push(chunk as string));
    return {};
  } catch {
    return 'broken';
  }
}

/** Whether an RFC 3339 time in UTC is later than another; fractions may have any number of digits. */
export function isLater(time: string, than: string): boolean {
  return comparable(time) > comparable(than);
}

function comparable(time: string): string {
  const [seconds = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}

/** Makes lines of chunks. A line is `TIME TEXT`; one without a time keeps the time of the line before it. */
export class LineSplitter {
  #rest = '';
  #time = '';

  push(chunk: string): readonly LogLine[] {
    const parts = (this.#rest + chunk).split('\n');
    this.#rest = parts.pop() ?? '';
    return parts.map((part) => this.#line(part));
  }

  #line(part: string): LogLine {
    const space = part.indexOf(' ');
    const time = space < 0 ? part : part.slice(0, space);
    if (!/^\d{4}-\d\d-\d\dT/.test(time)) return { time: this.#time, text: part };
    this.#time = time;
    return { time, text: space < 0 ? '' : part.slice(space + 1).replace(/\r$/, '') };
  }
}
