/** The volumes of one pod on its node: written before its containers start, and again when what they show has changed. */
import type { V1Pod } from '../../api/generated/types.ts';
import { type PreparedVolumes, prepareVolumes } from '../volumes/volumes.ts';
import type { PodSurroundings } from './surroundings.ts';

export class PodVolumes {
  readonly #shared: PodSurroundings;
  #prepared: PreparedVolumes | undefined;
  #outdated = false;

  constructor(shared: PodSurroundings) {
    this.#shared = shared;
  }

  /** Undefined until all of them are there. */
  get prepared(): PreparedVolumes | undefined {
    return this.#prepared;
  }

  /** When a token in them must be renewed, in milliseconds since the epoch. */
  renewAt(pod: V1Pod): number | undefined {
    return this.#prepared === undefined ? undefined : this.#shared.tokens.renewAt(pod);
  }

  /** What they show has changed: where they are being written, they are written once more. */
  outdate(): void {
    this.#outdated = true;
  }

  /** Rejects with a `VolumeError`. `current` tells the pod and its address as they are at that moment. */
  async prepare(current: () => { readonly pod: V1Pod; readonly podIp: string | undefined }, signal: AbortSignal): Promise<void> {
    const { files, tokens, node } = this.#shared;
    do {
      this.#outdated = false;
      const { pod, podIp } = current();
      this.#prepared = await prepareVolumes({ pod, sources: await this.#shared.sources(pod), facts: { ...node, podIp }, files, tokens });
    } while (this.#outdated && !signal.aborted);
  }
}
