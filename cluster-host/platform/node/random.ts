/** Randomness of the operating system. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Random } from '../platform.ts';

export const systemRandom: Random = {
  float: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  uuid: () => randomUUID(),
  bytes: (length) => randomBytes(length),
};
