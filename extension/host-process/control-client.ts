/** Our end of the control WebSocket: JSON-RPC 2.0 requests with answers, and the host's notifications. */
import { WebSocket } from 'ws';
import {
  CONTROL_PATH,
  PROTOCOL_VERSION,
  type ControlNotifications,
  type ControlRequests,
  type HostFile,
  type HostStatus,
} from '../../cluster-host/control-protocol.ts';

type Method = keyof ControlRequests;

export interface ControlHandlers {
  notified<N extends keyof ControlNotifications>(method: N, params: ControlNotifications[N]): void;
  /** The channel is gone; pending requests were rejected. Called once. */
  closed(): void;
}

export class ControlError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = 'ControlError';
    this.code = code;
  }
}

interface Pending {
  resolve(result: any): void;
  reject(error: Error): void;
}

type Incoming =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly code: number; readonly message: string } }
  | { readonly method: keyof ControlNotifications; readonly params: never };

export class ControlClient {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  #next = 1;

  private constructor(socket: WebSocket, handlers: ControlHandlers) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(data.toString(), handlers));
    socket.on('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('The cluster host is gone.'));
      this.#pending.clear();
      handlers.closed();
    });
  }

  /** Connects as a window and shakes hands: from now on the host knows that somebody needs it. */
  static async connect(host: HostFile, handlers: ControlHandlers): Promise<{ readonly control: ControlClient; readonly status: HostStatus }> {
    const socket = new WebSocket(`${host.url.replace(/^http/, 'ws')}${CONTROL_PATH}`, {
      ca: host.ca,
      headers: { authorization: `Bearer ${host.token}` },
      handshakeTimeout: 10_000,
      perMessageDeflate: false,
    });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => socket.terminate());
    const control = new ControlClient(socket, handlers);
    const status = await control.request('host/hello', { protocolVersion: PROTOCOL_VERSION, client: 'window' });
    return { control, status };
  }

  /** Rejects with a `ControlError` when the host refuses. */
  request<M extends Method>(method: M, params: ControlRequests[M]['params']): Promise<ControlRequests[M]['result']> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }), (error) => {
        if (error && this.#pending.delete(id)) reject(error);
      });
    });
  }

  close(): void {
    this.#socket.close(1000);
  }

  #receive(text: string, handlers: ControlHandlers): void {
    const message = JSON.parse(text) as Incoming;
    if ('method' in message) {
      handlers.notified(message.method, message.params);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ('error' in message) pending?.reject(new ControlError(message.error.code, message.error.message));
    else pending?.resolve(message.result);
  }
}
