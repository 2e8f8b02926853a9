import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { V1Status } from '../../api/generated/types.ts';
import { NodeRequestError } from '../node-connection.ts';
import { processOptions, runProcess, terminalSizes, type RemoteProcess } from './remote-command.ts';

describe('options', () => {
  test.each([
    ['stdin=1&stdout=true', { stdin: true, stdout: true, stderr: false, tty: false }],
    ['stdout=&stderr=0&tty=false', { stdin: false, stdout: true, stderr: false, tty: false }],
    ['stdout=1&stderr=1&tty=1', { stdin: false, stdout: true, stderr: false, tty: true }],
  ])('%s', (query, expected) => {
    expect(processOptions(new URLSearchParams(query))).toEqual(expected);
  });

  test('at least one stream', () => {
    expect(() => processOptions(new URLSearchParams('stdin=false'))).toThrow('you must specify at least 1 of stdin, stdout, stderr');
    expect(() => processOptions(new URLSearchParams('stderr=1&tty=1'))).toThrow('you must specify at least 1 of stdin, stdout, stderr');
  });
});

describe('outcomes', () => {
  async function outcome(run: RemoteProcess['run']): Promise<V1Status | undefined> {
    let told: V1Status | undefined;
    await runProcess({ finish: async (status) => void (told = status) }, false, { deed: 'executing command in', run }, new AbortController().signal);
    return told;
  }

  test('success, an exit code, a failure', async () => {
    expect(await outcome(async () => 0)).toEqual({ metadata: {}, status: 'Success' });
    expect(await outcome(async () => 137)).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '137' }] } });
    expect(
      await outcome(async () => {
        throw new NodeRequestError('InternalError', 'no such container');
      }),
    ).toMatchObject({ status: 'Failure', reason: 'InternalError', code: 500, message: 'Internal error occurred: error executing command in container: no such container' });
  });

  test('a container that is not there', async () => {
    const refuse = async (): Promise<number> => {
      throw new NodeRequestError('NotFound', 'container not found ("main")');
    };
    expect((await outcome(refuse))?.message).toBe('Internal error occurred: unable to upgrade connection: container not found ("main")');
  });

  test('a client that is gone is not told, and nobody minds', async () => {
    await runProcess({ finish: () => Promise.reject(new Error('gone')) }, false, { deed: 'attaching to', run: async () => 0 }, new AbortController().signal);
  });
});

async function sizes(pieces: readonly string[]): Promise<readonly string[]> {
  const read: string[] = [];
  const source = (async function* source() {
    for (const piece of pieces) yield Buffer.from(piece);
  })();
  for await (const { columns, rows } of terminalSizes(source)) read.push(`${columns}x${rows}`);
  return read;
}

describe('terminal sizes', () => {
  const text = '{"Width":80,"Height":24}\n{"Width":132,"Height":50}{"Height":1,"Width":2}';

  test('wherever the pieces end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (length) => {
        const pieces = Array.from({ length: Math.ceil(text.length / length) }, (_, index) => text.slice(index * length, (index + 1) * length));
        expect(await sizes(pieces)).toEqual(['80x24', '132x50', '2x1']);
      }),
    );
  });

  test('what is no size ends them', async () => {
    expect(await sizes(['{"Width":80,"Height":24}', '{"Width":-1,"Height":2}', '{"Width":1,"Height":1}'])).toEqual(['80x24']);
    expect(await sizes(['x'.repeat(2000), '}'])).toEqual([]);
  });
});
