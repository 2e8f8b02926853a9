/** The names and values of a SPDY/3 header block, uncompressed (SPDY protocol draft 3, section 2.6.10). */
import { SpdyProtocolError } from './frames.ts';

/** Names are lower case. */
export type SpdyHeaders = ReadonlyMap<string, string>;

/** Shrinks and grows header blocks; each direction keeps its state from block to block, so calls are made in order. */
export interface HeaderCompression {
  compress(block: Uint8Array): Promise<Uint8Array>;
  /** Rejects on what is no zlib stream and on blocks that grow too large. */
  decompress(block: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

export function encodeHeaders(headers: SpdyHeaders): Uint8Array {
  const parts: Buffer[] = [];
  const addNumber = (value: number): void => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    parts.push(bytes);
  };
  const addText = (text: string): void => {
    const bytes = Buffer.from(text);
    addNumber(bytes.length);
    parts.push(bytes);
  };
  addNumber(headers.size);
  for (const [name, value] of headers) {
    addText(name.toLowerCase());
    addText(value);
  }
  return Buffer.concat(parts);
}

/** Several values of a name are joined as they came, with NUL between them. */
export function decodeHeaders(block: Uint8Array): SpdyHeaders {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  let offset = 0;
  const number = (): number => {
    if (offset + 4 > bytes.length) throw new SpdyProtocolError('header block is too short');
    offset += 4;
    return bytes.readUInt32BE(offset - 4);
  };
  const text = (): string => {
    const length = number();
    if (offset + length > bytes.length) throw new SpdyProtocolError('header block is too short');
    offset += length;
    return bytes.toString('utf8', offset - length, offset);
  };
  const count = number();
  const headers = new Map<string, string>();
  for (let index = 0; index < count; index++) {
    const name = text();
    headers.set(name.toLowerCase(), text());
  }
  return headers;
}
