import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64Codec, binaryCodec, negotiate, remoteCommandProtocols } from './channels.ts';

describe('channel codecs', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });

  test('binary: what is written is read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), bytes, (channel, data) => {
        expect(binaryCodec.decode(binaryCodec.encode({ channel, data }) as Uint8Array)).toEqual({ channel, data });
      }),
    );
  });

  test('base64: what is written is read, as text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), bytes, (channel, data) => {
        const text = base64Codec.encode({ channel, data });
        expect(text).toBeTypeOf('string');
        const read = base64Codec.decode(Buffer.from(text as string));
        expect(read?.channel).toBe(channel);
        expect(Buffer.from(read?.data ?? [])).toEqual(Buffer.from(data));
      }),
    );
  });

  test("Kubernetes' own examples", () => {
    expect(binaryCodec.encode({ channel: 0, data: Buffer.from('foo\n') })).toEqual(Uint8Array.of(0, 102, 111, 111, 10));
    expect(base64Codec.encode({ channel: 1, data: Buffer.from('\n') })).toBe('1Cg==');
  });

  test('empty messages and broken base64 are ignored', () => {
    expect(binaryCodec.decode(new Uint8Array(0))).toBeUndefined();
    expect(base64Codec.decode(new Uint8Array(0))).toBeUndefined();
    expect(base64Codec.decode(Buffer.from('0a*b='))).toBeUndefined();
  });
});

describe('negotiate', () => {
  test.each([
    [['v5.channel.k8s.io', 'v4.channel.k8s.io'], 'v5.channel.k8s.io'],
    [['v9.channel.k8s.io', 'v4.base64.channel.k8s.io'], 'v4.base64.channel.k8s.io'],
    [['base64url.bearer.authorization.k8s.io.dG9rZW4', 'channel.k8s.io'], 'channel.k8s.io'],
    [[], ''],
    [['v9.channel.k8s.io'], undefined],
  ])('%j gives %j', (wishes, name) => {
    expect(negotiate(wishes, remoteCommandProtocols)?.name).toBe(name);
  });
});
