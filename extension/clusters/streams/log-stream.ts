/** One container's log, line by line. A break of the connection is mended: it asks again from the last line's time on and leaves out what was there. */
import { request as httpsRequest } from 'node:https';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disposable } from '../../../cluster-host/platform/platform.ts';
import type { Endpoint } from '../endpoint.ts';
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

export function streamLog(endpoint: Endpoint, target: LogTarget, wanted: LogRequest, handlers: LogHandlers): Disposable {
  const stop = new AbortController();
  void (async () => {
    let last = wanted.after;
    const take = (lines: readonly LogLine[]) => {
      const fresh = lines.filter((line) => last === undefined || isLater(line.time, last));
      last = fresh.at(-1)?.time ?? last;
      if (fresh.length > 0) handlers.lines(fresh);
    };
    while (!stop.signal.aborted) {
      const outcome = await readLog(endpoint, target, { ...wanted, ...(last === undefined ? {} : { after: last }) }, stop.signal, take);
      if (stop.signal.aborted) return;
      if (outcome !== 'broken') return handlers.ended(outcome.refusal);
      await sleep(retryDelay, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  })();
  return { dispose: () => stop.abort() };
}

type Outcome = 'broken' | { readonly refusal?: string };

async function readLog(
  endpoint: Endpoint,
  target: LogTarget,
  wanted: LogRequest,
  signal: AbortSignal,
  take: (lines: readonly LogLine[]) => void,
): Promise<Outcome> {
  const query = new URLSearchParams({ container: target.container, timestamps: 'true' });
  if (wanted.follow) query.set('follow', 'true');
  if (wanted.previous) query.set('previous', 'true');
  if (wanted.after === undefined) query.set('tailLines', String(wanted.tailLines));
  else query.set('sinceTime', wanted.after);
  try {
    const response = await open(endpoint, `/api/v1/namespaces/${target.namespace}/pods/${target.pod}/log?${query.toString()}`, signal);
    response.setEncoding('utf8');
    const code = response.statusCode ?? 0;
    if (code !== 200) {
      let body = '';
      for await (const chunk of response) body += chunk as string;
      return code >= 500 ? 'broken' : { refusal: statusMessage(body, code) };
    }
    const splitter = new LineSplitter();
    for await (const chunk of response) take(splitter.push(chunk as string));
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

async function open(endpoint: Endpoint, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const [tls, headers] = await Promise.all([endpoint.tls(), endpoint.headers()]);
  const url = new URL(endpoint.server + path);
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, { ...tls, headers, signal }, resolve);
    request.on('error', reject);
    request.end();
  });
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
