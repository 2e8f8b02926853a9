/** Writes the plainest tar archive (POSIX ustar) of small files. Dates are zero, so that equal files give equal bytes. */

export interface TarFile {
  /** Up to 100 bytes, without a leading slash. */
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

const block = 512;

export function tar(files: readonly TarFile[]): Uint8Array {
  const parts = files.flatMap((file) => [header(file), file.content, new Uint8Array((block - (file.content.length % block)) % block)]);
  return Buffer.concat([...parts, new Uint8Array(2 * block)]);
}

function header({ path, mode, content }: TarFile): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, offset: number, length: number): void => void bytes.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset);
  bytes.write(path, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(content.length, 124, 12);
  octal(0, 136, 12);
  bytes.write('        ', 148);
  bytes.write('0', 156);
  bytes.write('ustar\0', 257);
  bytes.write('00', 263);
  // The checksum is taken with its own field full of spaces.
  octal(bytes.reduce((sum, byte) => sum + byte, 0), 148, 7);
  return bytes;
}
