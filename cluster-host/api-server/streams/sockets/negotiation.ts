/** What the streaming handlers refuse before they take a connection over. */
import { badRequest } from '../../../api/status.ts';
import { ApiFailure } from '../../failure.ts';
import type { StreamExchange } from '../streams.ts';
import type { Upgrade } from './websocket.ts';

export function requireUpgrade(exchange: StreamExchange): Upgrade {
  if (exchange.type !== 'upgrade') throw new ApiFailure(badRequest('Upgrade request required'));
  return exchange;
}

/** The client and the server have no protocol in common; tells which there are. */
export function refuseProtocols(wishes: readonly string[], offered: readonly { readonly name: string }[]): ApiFailure {
  const names = offered.map(({ name }) => name).filter((name) => name !== '');
  const message = `unable to upgrade: unable to negotiate protocol: client supports [${wishes.join(' ')}], server accepts [${names.join(' ')}]`;
  const status = badRequest(message);
  return new ApiFailure({ ...status, reason: 'Forbidden', code: 403 }, { 'x-accepted-stream-protocol-versions': names.join(', ') });
}
