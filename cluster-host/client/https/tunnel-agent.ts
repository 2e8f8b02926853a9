/** TLS connections through an HTTP proxy: `CONNECT` (RFC 9110, 9.3.6), then TLS with the server itself. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest, type AgentOptions } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';

export class TunnelAgent extends Agent {
  readonly #proxy: URL;

  /** `proxy`: `http://` or `https://`, with a user and password where it wants them. */
  constructor(proxy: string, options: AgentOptions) {
    super(options);
    this.#proxy = new URL(proxy);
  }

  override createConnection(options: any, callback?: (error: Error | null, socket?: any) => void): undefined {
    const { host = '', port = 443, servername } = options as { host?: string; port?: number | string; servername?: string };
    this.#tunnel(`${isIP(host) === 6 ? `[${host}]` : host}:${port}`, (error, socket) => {
      if (error === null) callback?.(null, connect({ ...options, socket, servername: servername ?? (isIP(host) === 0 ? host : '') }));
      else callback?.(error);
    });
    return undefined;
  }

  #tunnel(target: string, done: (error: Error | null, socket?: Socket) => void): void {
    const { protocol, hostname, port, username, password } = this.#proxy;
    const authorization = username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
    const ask = protocol === 'https:' ? httpsRequest : httpRequest;
    const request = ask({ host: hostname.replaceAll(/[[\]]/g, ''), port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port), method: 'CONNECT', path: target, headers: { host: target, ...authorization }, agent: false });
    request.once('connect', ({ statusCode = 0, statusMessage = '' }: IncomingMessage, socket: Socket) => {
      if (statusCode === 200) {
        done(null, socket);
        return;
      }
      socket.destroy();
      done(new Error(`the proxy ${hostname} answered ${statusCode} ${statusMessage}`.trim()));
    });
    request.once('error', (error) => done(new Error(`the proxy ${hostname} does not answer: ${error.message}`, { cause: error })));
    request.end();
  }
}
