/** Connects to a running cluster host, found by its `host.json`. */
import { WebSocket } from 'ws';
import { CONTROL_PATH, PROTOCOL_VERSION, type HostFile, type HostStatus } from '../control-protocol.ts';
import { controlClient, type ControlClient } from './connection.ts';

const connectTimeout = 5000;

/** Opens the control channel and says hello. Rejects when nobody listens, the host is another one, or its protocol differs. */
export async function connectControl(host: HostFile, client: 'window' | 'commandLine'): Promise<{ control: ControlClient; status: HostStatus }> {
  const socket = new WebSocket(`${host.url.replace(/^http/, 'ws')}${CONTROL_PATH}`, {
    ca: host.ca,
    headers: { authorization: `Bearer ${host.token}` },
    handshakeTimeout: connectTimeout,
    maxPayload: 16 * 1024 * 1024,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => socket.terminate());
  const control = controlClient(socket);
  try {
    return { control, status: await control.request('host/hello', { protocolVersion: PROTOCOL_VERSION, client }) };
  } catch (error) {
    control.close();
    throw error;
  }
}
