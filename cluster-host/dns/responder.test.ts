import { decode, encode, type DecodedPacket, type RecordType } from 'dns-packet';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { service, slice } from '../proxy/testing/objects.ts';
import { fixedNames } from './testing/fixed-names.ts';
import { createResponder, type Respond, type Transport } from './responder.ts';

const many = Array.from({ length: 200 }, (_, index) => ({ ip: `10.244.${1 + Math.floor(index / 100)}.${index % 100}` }));
const names = fixedNames({
  namespaces: ['default'],
  services: [
    service('web', { clusterIP: '10.96.0.20', ports: [{ name: 'http', port: 80 }] }),
    service('many', { clusterIP: 'None' }),
    service('outside', { type: 'ExternalName', externalName: 'example.com' }),
    service('inside', { type: 'ExternalName', externalName: 'web.default.svc.cluster.local' }),
    service('circle', { type: 'ExternalName', externalName: 'circle.default.svc.cluster.local' }),
  ],
  slices: [slice('many', [], many)],
});

const outside = (query: Uint8Array): Uint8Array => {
  const { id = 0, questions = [] } = decode(Buffer.from(query));
  return encode({ type: 'response', id, questions, answers: [{ type: 'A', name: questions[0]?.name ?? '', data: '192.0.2.1', ttl: 60 }] });
};

const respond: Respond = createResponder({ names, domain: 'cluster.local', forward: async (query) => outside(query) });

type Answered = DecodedPacket & { readonly rcode: string };

async function ask(name: string, type: RecordType = 'A', options: { transport?: Transport; edns?: number; respond?: Respond } = {}): Promise<Answered> {
  const additionals = options.edns === undefined ? [] : [{ type: 'OPT' as const, name: '.', udpPayloadSize: options.edns, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }];
  const answer = await (options.respond ?? respond)(encode({ type: 'query', id: 77, flags: 256, questions: [{ type, name }], additionals }), options.transport ?? 'udp');
  return decode(Buffer.from(answer ?? [])) as Answered;
}

describe('answers', () => {
  test('carry the id, the question as it was written and the records', async () => {
    const answer = await ask('Web.Default.svc.cluster.local');
    expect(answer).toMatchObject({ id: 77, rcode: 'NOERROR', flag_aa: true, flag_ra: true, flag_rd: true, questions: [{ name: 'Web.Default.svc.cluster.local' }] });
    expect(answer.answers).toMatchObject([{ name: 'Web.Default.svc.cluster.local', type: 'A', data: '10.96.0.20', ttl: 30 }]);
  });

  test('say NXDOMAIN or no data, with the SOA', async () => {
    const missing = await ask('nothing.default.svc.cluster.local');
    expect(missing).toMatchObject({ rcode: 'NXDOMAIN', answers: [], authorities: [{ type: 'SOA', name: 'cluster.local' }] });
    const noData = await ask('web.default.svc.cluster.local', 'AAAA');
    expect(noData).toMatchObject({ rcode: 'NOERROR', answers: [], authorities: [{ type: 'SOA' }] });
  });

  test('too long for UDP are truncated; TCP has them whole, and so has EDNS what fits', async () => {
    const short = await ask('many.default.svc.cluster.local');
    expect(short).toMatchObject({ flag_tc: true, answers: [] });
    expect((await ask('many.default.svc.cluster.local', 'A', { transport: 'tcp' })).answers).toHaveLength(200);
    expect(await ask('many.default.svc.cluster.local', 'A', { edns: 1232 })).toMatchObject({ flag_tc: true });
  });

  test('follow aliases, out of the cluster and inside it', async () => {
    const out = await ask('outside.default.svc.cluster.local');
    expect(out.answers).toMatchObject([{ type: 'CNAME', data: 'example.com' }, { type: 'A', name: 'example.com', data: '192.0.2.1' }]);
    const inside = await ask('inside.default.svc.cluster.local');
    expect(inside.answers).toMatchObject([{ type: 'CNAME' }, { type: 'A', name: 'web.default.svc.cluster.local', data: '10.96.0.20' }]);
    expect(await ask('circle.default.svc.cluster.local')).toMatchObject({ rcode: 'SERVFAIL' });
    expect((await ask('outside.default.svc.cluster.local', 'CNAME')).answers).toHaveLength(1);
  });

  test('names of the outside are forwarded as they are', async () => {
    expect((await ask('example.com')).answers).toMatchObject([{ data: '192.0.2.1' }]);
  });

  test('SERVFAIL where no resolver answers', async () => {
    const alone = createResponder({ names, domain: 'cluster.local', forward: async () => undefined });
    expect(await ask('example.com', 'A', { respond: alone })).toMatchObject({ rcode: 'SERVFAIL' });
  });

  test('arbitrary bytes never throw, and answers are never answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await respond(bytes, 'udp');
      }),
    );
    expect(await respond(outside(encode({ type: 'query', id: 1, questions: [{ type: 'A', name: 'a.b' }] })), 'udp')).toBeUndefined();
  });
});
