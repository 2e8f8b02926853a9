/** Compression of SPDY header blocks with node:zlib. */
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { spdyDictionary } from '../spdy/dictionary.ts';
import type { HeaderCompression } from '../spdy/headers.ts';

const blockLimit = 64 * 1024;

/** Passes one block through a stream that flushes after each write. */
function through(stream: Deflate | Inflate, block: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const onData = (part: Buffer): void => {
      size += part.length;
      parts.push(part);
      if (size > blockLimit) stream.destroy(new Error(`header block is over ${blockLimit} bytes`));
    };
    const done = (): void => {
      stream.off('data', onData);
      stream.off('error', failed);
    };
    const failed = (error: Error): void => {
      done();
      reject(error);
    };
    stream.on('data', onData);
    stream.on('error', failed);
    stream.write(block, (error) => {
      // `failed` tells of an error.
      if ((error !== null && error !== undefined) || stream.destroyed) return;
      done();
      resolve(Buffer.concat(parts));
    });
  });
}

export function zlibHeaderCompression(): HeaderCompression {
  const options = { dictionary: spdyDictionary, flush: constants.Z_SYNC_FLUSH };
  const deflate = createDeflate(options);
  const inflate = createInflate(options);
  for (const stream of [deflate, inflate]) stream.on('error', () => undefined);
  return {
    compress: (block) => through(deflate, block),
    decompress: (block) => through(inflate, block),
    close: () => {
      deflate.destroy();
      inflate.destroy();
    },
  };
}
