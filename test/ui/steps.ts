/** The parts of the walk, in order. */
import type { Step } from './step.ts';
import { applying } from './steps/applying.ts';
import { changing } from './steps/changing.ts';
import { ending } from './steps/ending.ts';
import { looking } from './steps/looking.ts';
import { mending } from './steps/mending.ts';
import { opening } from './steps/opening.ts';
import { planning } from './steps/planning.ts';
import { running } from './steps/running.ts';
import { starting } from './steps/starting.ts';

const parts: Readonly<Record<string, readonly Step[]>> = { opening, starting, applying, running, planning, looking, changing, mending, ending };

/** All steps, or those of the named parts alone. */
export function stepsOf(names: readonly string[]): readonly Step[] {
  return Object.entries(parts).flatMap(([name, steps]) => (names.length === 0 || names.includes(name) ? steps : []));
}
