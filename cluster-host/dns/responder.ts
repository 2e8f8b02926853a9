/**
 * Answers queries, bytes in and bytes out (RFC 1035, EDNS of RFC 6891): names of the cluster by itself, all others through a
 * forwarder.
 */
import { AUTHORITATIVE_ANSWER, decode, encode, RECURSION_AVAILABLE, RECURSION_DESIRED, TRUNCATED_RESPONSE, type Answer, type DecodedPacket } from 'dns-packet';
import type { ClusterNames } from './cluster-names.ts';
import { lookUp, soa, type DnsRecord } from './records.ts';

export type Transport = 'udp' | 'tcp';

/** Asks the resolvers of the outside; undefined when none answered in time. */
export type Forward = (query: Uint8Array, transport: Transport) => Promise<Uint8Array | undefined>;

/** The answer to a query; undefined for what deserves none. */
export type Respond = (query: Uint8Array, transport: Transport) => Promise<Uint8Array | undefined>;

const rcodes = { ok: 0, formatError: 1, serverFailure: 2, noName: 3, notImplemented: 4 } as const;
/** Seconds, as CoreDNS has them in a Kubernetes cluster. */
const ttl = 30;
const plainLimit = 512;
const udpLimit = 1232;
const aliasDepth = 8;

export interface ResponderOptions {
  readonly names: ClusterNames;
  /** `cluster.local`. */
  readonly domain: string;
  readonly forward: Forward;
}

export function createResponder({ names, domain, forward }: ResponderOptions): Respond {
  return async (bytes, transport) => {
    const query = parse(bytes);
    if (query === undefined || query.flag_qr) return undefined;
    const [question, second] = query.questions ?? [];
    if ((query.opcode ?? 'QUERY') !== 'QUERY') return reply(query, transport, { rcode: rcodes.notImplemented });
    if (question === undefined || second !== undefined) return reply(query, transport, { rcode: rcodes.formatError });
    const answers: DnsRecord[] = [];
    let name = question.name.toLowerCase().replace(/\.$/, '');
    for (let depth = 0; depth < aliasDepth; depth++) {
      const outcome = lookUp(names, domain, name, question.type);
      switch (outcome.type) {
        case 'records':
          return reply(query, transport, { answers: [...answers, ...outcome.answers], additionals: outcome.additionals });
        case 'noData':
          return reply(query, transport, { answers, authorities: [soa(domain)] });
        case 'noName':
          return reply(query, transport, { rcode: rcodes.noName, answers, authorities: [soa(domain)] });
        case 'elsewhere':
          return depth === 0 ? ((await forward(bytes, transport)) ?? reply(query, transport, { rcode: rcodes.serverFailure })) : await follow(query, transport, answers, name);
        case 'alias':
          answers.push(outcome.record);
          if (question.type === 'CNAME') return reply(query, transport, { answers });
          name = outcome.target.toLowerCase().replace(/\.$/, '');
      }
    }
    return reply(query, transport, { rcode: rcodes.serverFailure });
  };

  /** Puts the records of a name of the outside behind the aliases that led there. */
  async function follow(query: Query, transport: Transport, aliases: readonly DnsRecord[], name: string): Promise<Uint8Array> {
    const type = query.questions?.[0]?.type ?? 'A';
    const asked = encode({ type: 'query', id: query.id ?? 0, flags: RECURSION_DESIRED, questions: [{ type, name }] });
    const answer = await forward(asked, transport);
    const outside = answer === undefined ? undefined : parse(answer);
    return reply(query, transport, { answers: aliases, outside: outside?.answers ?? [] });
  }
}

type Query = DecodedPacket & { readonly opcode?: string };

function parse(bytes: Uint8Array): Query | undefined {
  try {
    return decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch {
    return undefined;
  }
}

interface Reply {
  readonly rcode?: number;
  readonly answers?: readonly DnsRecord[];
  /** Records of others, as they came. */
  readonly outside?: readonly Answer[];
  readonly authorities?: readonly DnsRecord[];
  readonly additionals?: readonly DnsRecord[];
}

function reply(query: Query, transport: Transport, { rcode = rcodes.ok, answers = [], outside = [], authorities = [], additionals = [] }: Reply): Uint8Array {
  const edns = query.additionals?.find((record) => record.type === 'OPT');
  const limit = transport === 'tcp' ? 0xffff : Math.max(plainLimit, Math.min(edns?.udpPayloadSize ?? plainLimit, udpLimit));
  const questions = query.questions?.slice(0, 1) ?? [];
  const asked = questions[0]?.name ?? '';
  const opt: Answer[] = edns === undefined ? [] : [{ type: 'OPT', name: '.', udpPayloadSize: udpLimit, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }];
  // The name comes back as it was written, upper case included.
  const written = (record: DnsRecord): Answer => ({ ...record, name: record.name === asked.toLowerCase() ? asked : record.name, ttl });
  const flags = AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | ((query.flags ?? 0) & RECURSION_DESIRED) | rcode;
  const base = { type: 'response' as const, id: query.id ?? 0, questions };
  const packet = { ...base, flags, answers: [...shuffled(answers, query.id ?? 0).map(written), ...outside], authorities: authorities.map(written), additionals: [...additionals.map(written), ...opt] };
  const whole = encode(packet);
  if (whole.length <= limit) return whole;
  const lean = encode({ ...packet, additionals: opt });
  if (lean.length <= limit) return lean;
  return encode({ ...base, flags: flags | TRUNCATED_RESPONSE, additionals: opt });
}

/** Another address comes first each time, so that clients that take the first spread out. Aliases stay in front. */
function shuffled(records: readonly DnsRecord[], turn: number): readonly DnsRecord[] {
  const aliases = records.filter(({ type }) => type === 'CNAME');
  const others = records.filter(({ type }) => type !== 'CNAME');
  const start = others.length === 0 ? 0 : turn % others.length;
  return [...aliases, ...others.slice(start), ...others.slice(0, start)];
}
