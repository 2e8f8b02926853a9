/** Runs what a probe or a lifecycle hook names: a command in the container, a request to the pod. */
import type { V1Container, V1ExecAction, V1GRPCAction, V1HTTPGetAction, V1TCPSocketAction } from '../../api/generated/types.ts';
import type { Clock } from '../../platform/platform.ts';
import { type ContainerRuntime, RuntimeError } from '../runtime/runtime.ts';
import type { NetworkActions, ProbeOutcome } from './probe-actions.ts';

/** The union of what probes and hooks may name. */
export interface Handler {
  readonly exec?: V1ExecAction;
  readonly httpGet?: V1HTTPGetAction;
  readonly tcpSocket?: V1TCPSocketAction;
  readonly grpc?: V1GRPCAction;
  readonly sleep?: { readonly seconds: number };
}

export interface HandlerTarget {
  readonly spec: V1Container;
  readonly containerId: string;
  readonly podIp: string;
}

export interface HandlerSurroundings {
  readonly runtime: ContainerRuntime;
  readonly network: NetworkActions;
  readonly clock: Clock;
}

/** Of a command's output so much is kept. */
const mostOutput = 10 * 1024;

/** `timeout` in milliseconds. Never rejects. */
export async function runHandler({ runtime, network, clock }: HandlerSurroundings, target: HandlerTarget, handler: Handler, timeout: number): Promise<ProbeOutcome> {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (exec !== undefined) return runCommand(runtime, clock, target.containerId, exec.command ?? [], timeout);
  if (sleep !== undefined) {
    await clock.sleep(Math.min(sleep.seconds * 1000, timeout));
    return { result: 'success', output: '' };
  }
  if (grpc !== undefined) return network.grpcCheck(target.podIp, grpc.port, grpc.service ?? '', timeout);
  const port = portOf(target.spec, httpGet?.port ?? tcpSocket?.port);
  if (port === undefined) return { result: 'unknown', output: `couldn't find port: ${String(httpGet?.port ?? tcpSocket?.port)}` };
  if (tcpSocket !== undefined) return network.tcpConnect(tcpSocket.host ?? target.podIp, port, timeout);
  return network.httpGet({ url: urlOf(httpGet, target.podIp, port), headers: httpGet?.httpHeaders ?? [] }, timeout);
}

/** A number, or the name of one of the container's ports. */
function portOf({ ports = [] }: V1Container, port: number | string | undefined): number | undefined {
  const number = Number(port);
  return Number.isInteger(number) && number > 0 ? number : ports.find(({ name }) => name === port)?.containerPort;
}

function urlOf(action: V1HTTPGetAction | undefined, podIp: string, port: number): string {
  const host = action?.host ?? podIp;
  const path = action?.path ?? '/';
  return `${(action?.scheme ?? 'HTTP').toLowerCase()}://${host.includes(':') ? `[${host}]` : host}:${port}${path.startsWith('/') ? path : `/${path}`}`;
}

async function runCommand(runtime: ContainerRuntime, clock: Clock, containerId: string, command: readonly string[], timeout: number): Promise<ProbeOutcome> {
  const stop = new AbortController();
  const timer = clock.after(timeout, () => stop.abort());
  let output = '';
  const decoder = new TextDecoder();
  const sink = {
    write(chunk: Uint8Array): Promise<void> {
      if (output.length < mostOutput) output += decoder.decode(chunk, { stream: true });
      return Promise.resolve();
    },
    end: () => undefined,
  };
  try {
    const code = await runtime.exec(containerId, command, { stdout: sink, stderr: sink, tty: false }, stop.signal);
    if (stop.signal.aborted) return { result: 'failure', output: `command timed out: "${command.join(' ')}" timed out after ${timeout / 1000}s` };
    return { result: code === 0 ? 'success' : 'failure', output };
  } catch (error) {
    // A runtime that runs no commands has nothing to say against the container.
    if (error instanceof RuntimeError && error.code === 'Unsupported') return { result: 'success', output: '' };
    return { result: 'unknown', output: error instanceof RuntimeError ? `rpc error: code = Unknown desc = ${error.message}` : String(error) };
  } finally {
    timer.dispose();
  }
}
