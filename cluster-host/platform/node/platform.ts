/** The live platform: the machine itself. */
import type { Logger, Platform } from '../platform.ts';
import { systemClock } from './clock.ts';
import { nodeDisk } from './disk.ts';
import { systemRandom } from './random.ts';

export function nodePlatform(log: Logger): Platform {
  return { clock: systemClock, random: systemRandom, disk: nodeDisk, log };
}
