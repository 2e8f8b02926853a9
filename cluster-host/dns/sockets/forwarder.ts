/** Asks other resolvers on behalf of pods, with limits on time and number. */
import { createSocket } from 'node:dgram';
import { isIP, createConnection } from 'node:net';
import type { Clock, Random } from '../../platform/platform.ts';
import type { Forward } from '../responder.ts';

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

export interface ForwarderOptions {
  readonly upstreams: readonly Upstream[];
  readonly clock: Clock;
  readonly random: Random;
}

/** Milliseconds that one resolver is given, as with the C library's own default of several tries within five seconds. */
const patience = 2000;
const limit = 512;

/** Names of `nameserver` lines (resolv.conf(5)); what is no address is left out. */
export function parseResolvConf(text: string): readonly Upstream[] {
  return text.split('\n').flatMap((line) => {
    const host = /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? '';
    return isIP(host) === 0 ? [] : [{ host, port: 53 }];
  });
}

/** Each resolver is asked in turn until one answers; beyond the limit of questions under way the answer is no answer. */
export function createForwarder({ upstreams, clock, random }: ForwarderOptions): Forward {
  let underWay = 0;
  return async (query, transport) => {
    if (underWay >= limit) return undefined;
    underWay++;
    try {
      for (const upstream of upstreams) {
        const answer = await (transport === 'udp' ? askUdp(query, upstream, clock, random) : askTcp(query, upstream, clock));
        if (answer !== undefined) return answer;
      }
      return undefined;
    } finally {
      underWay--;
    }
  };
}

/** A socket and an id of its own for each question: an answer that was guessed by a stranger has to guess both. */
function askUdp(query: Uint8Array, { host, port }: Upstream, clock: Clock, random: Random): Promise<Uint8Array | undefined> {
  const [high = 0, low = 0] = random.bytes(2);
  return new Promise((resolve) => {
    const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
    const done = (answer?: Uint8Array): void => {
      timer.dispose();
      socket.close();
      resolve(answer);
    };
    const timer = clock.after(patience, () => done());
    socket.on('error', () => done());
    socket.on('message', (message) => {
      if (message[0] === high && message[1] === low) done(withId(message, query));
    });
    socket.connect(port, host, () => socket.send(Buffer.from([high, low, ...query.subarray(2)])));
  });
}

function withId(message: Uint8Array, { 0: high = 0, 1: low = 0 }: Uint8Array): Uint8Array {
  const answer = Buffer.from(message);
  answer[0] = high;
  answer[1] = low;
  return answer;
}

function askTcp(query: Uint8Array, { host, port }: Upstream, clock: Clock): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    let received: Buffer = Buffer.alloc(0);
    const done = (answer?: Uint8Array): void => {
      timer.dispose();
      socket.destroy();
      resolve(answer);
    };
    const timer = clock.after(patience, () => done());
    socket.on('error', () => done());
    socket.on('close', () => done());
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) done(received.subarray(2, 2 + received.readUInt16BE(0)));
    });
    socket.write(Buffer.concat([Buffer.from([query.length >>> 8, query.length & 0xff]), query]));
  });
}
