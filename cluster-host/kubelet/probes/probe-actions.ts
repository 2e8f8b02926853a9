/** Contract of what a probe or a lifecycle hook does over the network; implemented by `edges/network-actions.ts`. */

export type ProbeResult = 'success' | 'failure' | 'unknown';

export interface ProbeOutcome {
  readonly result: ProbeResult;
  /** Kubernetes' words for what was seen. */
  readonly output: string;
}

export interface HttpRequest {
  /** `http://10.244.0.5:8080/healthz`. */
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

export interface NetworkActions {
  /** Success is an answer between 200 and 399. Times are milliseconds. */
  httpGet(request: HttpRequest, timeout: number): Promise<ProbeOutcome>;
  tcpConnect(host: string, port: number, timeout: number): Promise<ProbeOutcome>;
  /** grpc.health.v1.Health/Check without TLS. */
  grpcCheck(host: string, port: number, service: string, timeout: number): Promise<ProbeOutcome>;
}
