/**
 * JSON-RPC 2.0 over one WebSocket, both directions typed by `control-protocol.ts`.
 *
 * Guarantees: a malformed message is answered or dropped, never thrown; requests under way reject when the socket closes.
 */
import type { RawData, WebSocket } from 'ws';
import { controlErrorCodes, type ControlNotifications, type ControlRequests } from '../control-protocol.ts';

export type Method = keyof ControlRequests;
export type NotificationMethod = keyof ControlNotifications;

export type RequestHandlers = { readonly [M in Method]: (params: ControlRequests[M]['params']) => Promise<ControlRequests[M]['result']> };

/** A refusal with a JSON-RPC error code. */
export class ControlError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = 'ControlError';
    this.code = code;
  }
}

interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

function parse(data: RawData): Message | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(Array.isArray(data) ? Buffer.concat(data) : data));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Answers requests that arrive on the socket. Each is answered exactly once. */
export function serveRequests(socket: WebSocket, handlers: RequestHandlers): void {
  const send = (message: object): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
  };
  const refuse = (id: unknown, code: number, message: string): void => send({ id: id ?? null, error: { code, message } });
  socket.on('message', (data) => {
    const message = parse(data);
    if (message === undefined) return refuse(null, controlErrorCodes.parseError, 'the message is not a JSON object');
    if (typeof message.method !== 'string') return refuse(message.id, controlErrorCodes.invalidRequest, 'a request needs a method');
    if (!Object.hasOwn(handlers, message.method)) return refuse(message.id, controlErrorCodes.methodNotFound, `unknown method ${message.method}`);
    const handler = handlers[message.method as Method] as (params: unknown) => Promise<unknown>;
    handler(message.params ?? {}).then(
      (result) => send({ id: message.id ?? null, result }),
      (error: unknown) =>
        error instanceof ControlError
          ? refuse(message.id, error.code, error.message)
          : refuse(message.id, controlErrorCodes.internalError, error instanceof Error ? error.message : String(error)),
    );
    return undefined;
  });
}

export function notify<M extends NotificationMethod>(socket: WebSocket, method: M, params: ControlNotifications[M]): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
}

export interface ControlClient {
  request<M extends Method>(method: M, params: ControlRequests[M]['params']): Promise<ControlRequests[M]['result']>;
  onNotification<M extends NotificationMethod>(method: M, listener: (params: ControlNotifications[M]) => void): void;
  /** Called once when the socket is gone, whoever ended it. */
  onClose(listener: () => void): void;
  close(): void;
}

/** The asking side, over a socket that is open. */
export function controlClient(socket: WebSocket): ControlClient {
  let nextId = 1;
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
  const listeners = new Map<string, ((params: never) => void)[]>();
  socket.on('message', (data) => {
    const message = parse(data);
    if (message?.method !== undefined) {
      for (const listener of listeners.get(message.method) ?? []) listener(message.params as never);
      return;
    }
    const request = waiting.get(Number(message?.id));
    if (message === undefined || request === undefined) return;
    waiting.delete(Number(message.id));
    if (message.error === undefined) request.resolve(message.result as never);
    else request.reject(new ControlError(message.error.code, message.error.message));
  });
  socket.on('close', () => {
    for (const request of waiting.values()) request.reject(new Error('the connection to the cluster host was closed'));
    waiting.clear();
  });
  return {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) {
          reject(new Error('the connection to the cluster host is closed'));
          return;
        }
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      }),
    onNotification(method, listener) {
      listeners.set(method, [...(listeners.get(method) ?? []), listener]);
    },
    onClose: (listener) => void socket.once('close', listener),
    close: () => socket.close(),
  };
}
