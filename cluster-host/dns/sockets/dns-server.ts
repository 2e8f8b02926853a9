/** The cluster's DNS server: UDP and TCP on one port of the pod network's gateway. */
import { createSocket, type Socket } from 'node:dgram';
import { createServer, type AddressInfo, type Server, type Socket as TcpSocket } from 'node:net';
import type { Logger, Platform } from '../../platform/platform.ts';
import type { WatchedNames } from '../cluster-names.ts';
import { createResponder, type Respond } from '../responder.ts';
import { createForwarder, parseResolvConf, type Upstream } from './forwarder.ts';

export interface DnsServerOptions {
  readonly platform: Platform;
  /** Queries that come before these are known wait for them. */
  readonly names: WatchedNames;
  /** Address to listen on: the gateway of the pod network. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Default `cluster.local`. */
  readonly domain?: string;
  /** Default: the resolvers of /etc/resolv.conf. */
  readonly upstreams?: readonly Upstream[];
}

export interface DnsServer {
  /** Resolves with the port, the same for UDP and TCP. Rejects with Node's `EADDRINUSE`, `EADDRNOTAVAIL`, … */
  start(): Promise<number>;
  stop(): Promise<void>;
}

const connectionLimit = 256;
/** Milliseconds after which a silent TCP client is cut off. */
const idle = 10_000;
const attempts = 10;

export function createDnsServer(options: DnsServerOptions): DnsServer {
  const { platform, names, host, domain = 'cluster.local' } = options;
  const udp = createSocket('udp4');
  const tcp = createServer();
  const connections = new Set<TcpSocket>();
  return {
    async start() {
      const configured = options.upstreams ?? parseResolvConf(Buffer.from((await platform.disk.read('/etc/resolv.conf')) ?? []).toString());
      const port = await listen(udp, tcp, host, options.port);
      // Never ask ourselves.
      const upstreams = configured.filter((upstream) => upstream.host !== host || upstream.port !== port);
      const forward = createForwarder({ upstreams, clock: platform.clock, random: platform.random });
      const respond = guarded(names, createResponder({ names, domain, forward }), platform.log);
      serveUdp(udp, respond);
      serveTcp(tcp, connections, respond);
      return port;
    },
    async stop() {
      for (const connection of connections) connection.destroy();
      await Promise.all([new Promise<void>((resolve) => udp.close(() => resolve())), new Promise<void>((resolve) => tcp.close(() => resolve()))]);
    },
  };
}

/** What goes wrong with one query is logged with it and stops nothing. */
function guarded(names: WatchedNames, respond: Respond, log: Logger): Respond {
  return async (query, transport) => {
    await names.synced();
    try {
      return await respond(query, transport);
    } catch (error) {
      log.error('A DNS query could not be answered', { query: Buffer.from(query).toString('hex'), error: String(error) });
      return undefined;
    }
  };
}

/** Takes the port for both protocols; a port that is free for one may be taken for the other, so a free one is looked for again. */
async function listen(udp: Socket, tcp: Server, host: string, port: number): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(port, host, () => {
        tcp.off('error', reject);
        resolve();
      });
    });
    const taken = (tcp.address() as AddressInfo).port;
    try {
      await new Promise<void>((resolve, reject) => {
        udp.once('error', reject);
        udp.bind(taken, host, () => {
          udp.off('error', reject);
          resolve();
        });
      });
      return taken;
    } catch (error) {
      await new Promise<void>((resolve) => tcp.close(() => resolve()));
      if (port !== 0 || attempt === attempts) throw error;
    }
  }
}

function serveUdp(socket: Socket, respond: Respond): void {
  // A client that is gone already (ICMP unreachable) is no concern of ours.
  socket.on('error', () => undefined);
  socket.on('message', (query, from) => {
    void respond(query, 'udp').then((answer) => {
      if (answer !== undefined) socket.send(answer, from.port, from.address, () => undefined);
    });
  });
}

function serveTcp(server: Server, connections: Set<TcpSocket>, respond: Respond): void {
  server.maxConnections = connectionLimit;
  server.on('error', () => undefined);
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.setTimeout(idle, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    void converse(socket, respond).catch(() => socket.destroy());
  });
}

/** Queries of one connection, one after the other: two bytes of length before each message (RFC 1035, 4.2.2). */
async function converse(socket: TcpSocket, respond: Respond): Promise<void> {
  let received: Buffer = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const length = received.readUInt16BE(0);
      const answer = await respond(received.subarray(2, 2 + length), 'tcp');
      received = received.subarray(2 + length);
      if (answer === undefined) return void socket.destroy();
      socket.write(Buffer.concat([Buffer.from([answer.length >>> 8, answer.length & 0xff]), answer]));
    }
  }
  return undefined;
}
