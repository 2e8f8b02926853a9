/**
 * Whether the engine may protect a container from the kernel's OOM killer: a negative `oom_score_adj` needs CAP_SYS_RESOURCE,
 * which an engine inside a container often has not, and the failure names another cause. So it is tried once.
 */
import { clusterLabel, type Engine } from '../../../engine/engine.ts';
import { EngineError } from '../../../engine/errors.ts';

export class OomScores {
  readonly #engine: Engine;
  readonly #cluster: string;
  readonly #image: () => Promise<string>;
  #negativeAllowed: Promise<boolean> | undefined;

  constructor(engine: Engine, cluster: string, image: () => Promise<string>) {
    this.#engine = engine;
    this.#cluster = cluster;
    this.#image = image;
  }

  /** The wanted score, or 0 where it is negative and cannot be had. */
  async allowed(wanted: number): Promise<number> {
    if (wanted >= 0) return wanted;
    this.#negativeAllowed ??= this.#tryOnce();
    return (await this.#negativeAllowed) ? wanted : 0;
  }

  async #tryOnce(): Promise<boolean> {
    const body = { Image: await this.#image(), Labels: { [clusterLabel]: this.#cluster }, HostConfig: { NetworkMode: 'none', OomScoreAdj: -1 } };
    const { Id } = await this.#engine.call<{ Id: string }>('POST', '/containers/create', { body });
    try {
      await this.#engine.call('POST', `/containers/${Id}/start`);
      return true;
    } catch (error) {
      if (error instanceof EngineError) return false;
      throw error;
    } finally {
      await this.#engine.call('DELETE', `/containers/${Id}`, { query: { force: true } });
    }
  }
}
