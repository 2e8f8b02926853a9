/** Long work in slices, so that requests are answered in between. */
import type { Project, UpdateOptions } from '../project.ts';

/** Milliseconds of work before others have their turn. */
const slice = 10;
/** Texts up to this length are read at once. */
export const smallText = 256 * 1024;

/** Lets others have their turn when a slice is over. One `Pace` serves one job. */
export class Pace {
  #sliceEnd = performance.now() + slice;

  async turn(): Promise<void> {
    if (performance.now() < this.#sliceEnd) return;
    await new Promise<void>((resolve) => void setImmediate(resolve));
    this.#sliceEnd = performance.now() + slice;
  }
}

/** Updates a file without blocking for long. False when `isStale` said so before the end: then nothing was changed. */
export async function updateInSlices(project: Project, uri: string, content: string, options: UpdateOptions, isStale: () => boolean): Promise<boolean> {
  const pace = new Pace();
  const steps = project.prepare(uri, content);
  for (;;) {
    const { done, value } = steps.next();
    if (isStale()) return false;
    if (done === true) {
      project.update(uri, content, { ...options, known: value });
      return true;
    }
    await pace.turn();
  }
}
