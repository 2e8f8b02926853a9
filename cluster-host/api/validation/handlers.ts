/** Probes and lifecycle hooks of containers. */
import { forbidden, invalid, required } from '../field-errors.ts';
import type { V1ExecAction, V1GRPCAction, V1HTTPGetAction, V1Lifecycle, V1LifecycleHandler, V1Probe, V1SleepAction, V1TCPSocketAction } from '../generated/types.ts';
import { checkHttpHeaderName, checkPortName, checkPortNumber } from '../names.ts';
import type { Errors } from './errors.ts';
import { invalidFor, nonNegative, oneOf, requiredText } from './errors.ts';

type GracePeriod = number | undefined;

export function* portNumberOrName(field: string, port: number | string | undefined): Errors {
  if (typeof port === 'string') yield* invalidFor(field, port, checkPortName(port));
  else yield* invalidFor(field, port ?? 0, checkPortNumber(port ?? 0));
}

function* validateExec({ command = [] }: V1ExecAction, field: string): Errors {
  if (command.length === 0) yield required(`${field}.command`);
}

function* validateHttpGet({ path, port, scheme, httpHeaders = [] }: V1HTTPGetAction, field: string): Errors {
  yield* requiredText(`${field}.path`, path);
  yield* portNumberOrName(`${field}.port`, port);
  yield* oneOf(`${field}.scheme`, scheme, ['HTTP', 'HTTPS']);
  for (const { name } of httpHeaders) yield* invalidFor(`${field}.httpHeaders`, name ?? '', checkHttpHeaderName(name ?? ''));
}

function* validatePort({ port }: V1TCPSocketAction | V1GRPCAction, field: string): Errors {
  yield* portNumberOrName(`${field}.port`, port);
}

function* validateSleep({ seconds = 0 }: V1SleepAction, field: string, gracePeriod: GracePeriod): Errors {
  if (gracePeriod === undefined || (seconds >= 0 && seconds <= gracePeriod)) return;
  yield invalid(field, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`);
}

const handlerTypes: Readonly<Record<string, (action: any, field: string, gracePeriod: GracePeriod) => Errors>> = {
  exec: validateExec,
  httpGet: validateHttpGet,
  tcpSocket: validatePort,
  grpc: validatePort,
  sleep: validateSleep,
};

function* validateHandler(handler: V1Probe | V1LifecycleHandler, field: string, gracePeriod: GracePeriod): Errors {
  const actions: Readonly<Record<string, unknown>> = { ...handler };
  const given = Object.keys(handlerTypes).filter((name) => actions[name] !== undefined);
  for (const [index, name] of given.entries()) {
    if (index > 0) yield forbidden(`${field}.${name}`, 'may not specify more than 1 handler type');
    else yield* handlerTypes[name]?.(actions[name], `${field}.${name}`, gracePeriod) ?? [];
  }
  if (given.length === 0) yield required(field, 'must specify a handler type');
}

const counts = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;

export type ProbeName = 'livenessProbe' | 'readinessProbe' | 'startupProbe';
export const probeNames: readonly ProbeName[] = ['livenessProbe', 'readinessProbe', 'startupProbe'];

export function* validateProbe(name: ProbeName, probe: V1Probe | undefined, field: string, gracePeriod: GracePeriod): Errors {
  if (probe === undefined) return;
  yield* validateHandler(probe, field, gracePeriod);
  for (const count of counts) yield* nonNegative(`${field}.${count}`, probe[count]);
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds !== undefined && seconds <= 0) yield invalid(`${field}.terminationGracePeriodSeconds`, seconds, 'must be greater than 0');
  if (name === 'readinessProbe') {
    if (seconds !== undefined) yield invalid(`${field}.terminationGracePeriodSeconds`, seconds, 'must not be set for readinessProbes');
  } else if ((probe.successThreshold ?? 0) !== 1) {
    yield invalid(`${field}.successThreshold`, probe.successThreshold ?? 0, 'must be 1');
  }
}

export function* validateLifecycle(lifecycle: V1Lifecycle | undefined, field: string, gracePeriod: GracePeriod): Errors {
  if (lifecycle?.postStart) yield* validateHandler(lifecycle.postStart, `${field}.postStart`, gracePeriod);
  if (lifecycle?.preStop) yield* validateHandler(lifecycle.preStop, `${field}.preStop`, gracePeriod);
  if (lifecycle?.stopSignal !== undefined && lifecycle.stopSignal === '') yield required(`${field}.stopSignal`);
}
