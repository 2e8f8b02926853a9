/** `/metrics` in Prometheus' text format, under the names that Kubernetes uses; only what is really counted. */
import type { Clock } from '../../platform/platform.ts';
import type { Answer, RequestContext } from '../request.ts';
import type { Step } from '../request-chain.ts';

export class RequestMetrics {
  readonly #started: number;
  readonly #requests = new Map<string, number>();
  #inFlight = 0;

  constructor(clock: Clock) {
    this.#started = clock.now();
  }

  begin(): void {
    this.#inFlight++;
  }

  end(context: RequestContext | undefined, code: number): void {
    this.#inFlight--;
    const { verb = '', group = '', version = '', resource = '', subresource = '' } = context?.info ?? {};
    const labels = `code="${code}",group="${escaped(group)}",resource="${escaped(resource)}",subresource="${escaped(subresource)}",verb="${verb.toUpperCase()}",version="${escaped(version)}"`;
    // What does not exist is not counted by name: a stranger could fill the memory with names.
    const key = code === 404 && resource !== '' ? `code="404",group="",resource="",subresource="",verb="${verb.toUpperCase()}",version=""` : labels;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
  }

  route(): Step {
    return ({ info }): Answer | undefined => (info.path === '/metrics' && info.verb === 'get' ? { type: 'text', status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', text: this.#text() } : undefined);
  }

  #text(): string {
    return [
      '# HELP apiserver_request_total Requests that were answered, by verb, resource and code.',
      '# TYPE apiserver_request_total counter',
      ...[...this.#requests].map(([labels, count]) => `apiserver_request_total{${labels}} ${count}`),
      '# HELP apiserver_current_inflight_requests Requests that are being worked on.',
      '# TYPE apiserver_current_inflight_requests gauge',
      `apiserver_current_inflight_requests ${this.#inFlight}`,
      '# HELP process_start_time_seconds When the server started, in seconds since the epoch.',
      '# TYPE process_start_time_seconds gauge',
      `process_start_time_seconds ${this.#started / 1000}`,
      '',
    ].join('\n');
  }
}

function escaped(value: string): string {
  return value.replaceAll(/["\\\n]/g, '_').slice(0, 63);
}
