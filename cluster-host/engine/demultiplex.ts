/** Takes apart the engine's stream of a process without a terminal: frames of one byte of kind, three empty, four of length (big endian). */

export interface Frame {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

const headerLength = 8;

/** Yields pieces as they come; a long frame comes in several pieces. */
export async function* demultiplex(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let header = Buffer.alloc(0);
  let stream: Frame['stream'] = 'stdout';
  let missing = 0;
  for await (const chunk of source) {
    let rest: Uint8Array = chunk;
    while (rest.length > 0) {
      if (missing === 0) {
        const wanted = headerLength - header.length;
        header = Buffer.concat([header, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        if (header.length < headerLength) break;
        stream = header[0] === 2 ? 'stderr' : 'stdout';
        missing = header.readUInt32BE(4);
        header = Buffer.alloc(0);
      } else {
        const bytes = rest.subarray(0, missing);
        rest = rest.subarray(bytes.length);
        missing -= bytes.length;
        yield { stream, bytes };
      }
    }
  }
}
