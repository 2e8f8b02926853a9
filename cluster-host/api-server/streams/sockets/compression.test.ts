import { describe, expect, test } from 'vitest';
import { spdyDictionary } from '../spdy/dictionary.ts';
import { decodeHeaders, encodeHeaders } from '../spdy/headers.ts';
import { zlibHeaderCompression } from './compression.ts';

describe('header compression', () => {
  test('the dictionary is the one of SPDY/3: its checksum stands at the start of every compressed stream', async () => {
    expect(spdyDictionary).toHaveLength(1423);
    const compression = zlibHeaderCompression();
    const block = await compression.compress(encodeHeaders(new Map()));
    expect(Buffer.from(block.subarray(2, 6)).toString('hex')).toBe('e3c6a7c2');
    compression.close();
  });

  test('blocks keep their state from one to the next', async () => {
    const [from, to] = [zlibHeaderCompression(), zlibHeaderCompression()];
    for (const type of ['error', 'stdin', 'stdout']) {
      const headers = new Map([['streamtype', type], ['port', '80']]);
      expect(decodeHeaders(await to.decompress(await from.compress(encodeHeaders(headers))))).toEqual(headers);
    }
    from.close();
    to.close();
  });

  test('what is no zlib stream, and a block that grows too large, is refused', async () => {
    const compression = zlibHeaderCompression();
    await expect(compression.decompress(Uint8Array.of(1, 2, 3, 4))).rejects.toThrow();
    const [bomb, victim] = [zlibHeaderCompression(), zlibHeaderCompression()];
    const block = await bomb.compress(new Uint8Array(60_000));
    await expect(victim.decompress(block)).resolves.toHaveLength(60_000);
    await expect(victim.decompress(Buffer.concat([await bomb.compress(new Uint8Array(60_000)), await bomb.compress(new Uint8Array(60_000))]))).rejects.toThrow('over 65536 bytes');
  });
});
