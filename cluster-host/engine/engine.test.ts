import { expect, test } from 'vitest';
import { parseAddress, findEngine } from './address.ts';
import { demultiplex } from './demultiplex.ts';
import { EngineError } from './errors.ts';
import { parseEvent } from './events.ts';
import { connectEngine, olderThan } from './http-engine.ts';
import { Limiter } from './limiter.ts';
import { tar } from './tar.ts';

test('addresses of every supported kind', () => {
  expect(parseAddress('unix:///run/x.sock').connection).toEqual({ socketPath: '/run/x.sock' });
  expect(parseAddress('npipe:////./pipe/docker_engine').connection).toEqual({ socketPath: '\\\\.\\pipe\\docker_engine' });
  expect(parseAddress('tcp://127.0.0.1:2375').connection).toEqual({ host: '127.0.0.1', port: 2375 });
  expect(parseAddress('https://[::1]').connection).toEqual({ host: '::1', port: 2376, tls: {} });
  expect(() => parseAddress('ssh://me@there')).toThrow(EngineError);
  expect(findEngine({ DOCKER_HOST: 'tcp://10.0.0.1' }).text).toBe('tcp://10.0.0.1');
});

test('an engine that is not there is Missing, with a hint', async () => {
  const engine = connectEngine(parseAddress('unix:///nowhere/docker.sock'));
  await expect(engine.version()).rejects.toMatchObject({ code: 'Missing', hint: expect.stringContaining('DOCKER_HOST') });
});

test('versions are compared by number', () => {
  expect(olderThan('1.9', '1.41')).toBe(true);
  expect(olderThan('1.41', '1.41')).toBe(false);
  expect(olderThan('2.0', '1.41')).toBe(false);
});

test('frames are put together however the bytes are cut', async () => {
  const wire = Buffer.from([1, 0, 0, 0, 0, 0, 0, 3, 97, 98, 99, 2, 0, 0, 0, 0, 0, 0, 1, 33]);
  for (let size = 1; size <= wire.length; size++) {
    async function* cut(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < wire.length; at += size) yield wire.subarray(at, at + size);
    }
    const out = { stdout: '', stderr: '' };
    for await (const { stream, bytes } of demultiplex(cut())) out[stream] += Buffer.from(bytes).toString();
    expect(out).toEqual({ stdout: 'abc', stderr: '!' });
  }
});

test('an event keeps its nanoseconds', () => {
  const event = parseEvent('{"Type":"container","Action":"die","Actor":{"ID":"x","Attributes":{"exitCode":"3"}},"timeNano":1763928000123456789}');
  expect(event).toEqual({ type: 'container', action: 'die', id: 'x', attributes: { exitCode: '3' }, time: 1763928000123456789n });
});

test('no more than the limit runs at once', async () => {
  const limiter = new Limiter(2);
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
  };
  await Promise.all(Array.from({ length: 7 }, () => limiter.run(work)));
  expect(most).toBe(2);
});

test('a tar of one file is a header, its blocks and the end', () => {
  const bytes = Buffer.from(tar([{ path: 'pause', mode: 0o755, content: new Uint8Array(600) }]));
  expect(bytes.length).toBe(512 + 1024 + 1024);
  expect(bytes.subarray(0, 5).toString()).toBe('pause');
  expect(bytes.subarray(100, 108).toString()).toBe('0000755\0');
});
