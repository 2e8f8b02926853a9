/**
 * What the live cluster has told about single objects, and what is still to be asked. Asking is somebody else's: here answers
 * are kept, so that everything that looks at them stays a function of what is known.
 */
import { equal, type JsonObject } from '../../cluster-host/api/values.ts';
import type { LiveObjectQuestion } from '../messages.ts';

export interface LiveState {
  /** Null where the cluster has no such object; undefined where it would not say. */
  readonly object: JsonObject | null | undefined;
  /** One or two words as kubectl shows them. */
  readonly status: string;
}

/** Answers kept at most; beyond them all are asked anew. */
const maxAnswers = 10_000;

export class ClusterKnowledge {
  readonly #answers = new Map<string, LiveState>();
  readonly #wanted = new Map<string, LiveObjectQuestion>();
  /** Questions that are on their way. */
  readonly #asked = new Set<string>();
  readonly #stale = new Set<string>();
  #context: string | undefined;

  /** Name of the cluster's context; undefined while none is connected. */
  get context(): string | undefined {
    return this.#context;
  }

  /** Another cluster, or none: nothing is known of it. */
  connect(context: string | undefined): void {
    if (context === this.#context) return;
    this.#context = context;
    this.#answers.clear();
    this.#wanted.clear();
    this.#asked.clear();
    this.#stale.clear();
  }

  /** What is known of an object; undefined until the cluster has answered. What is not known for sure will be asked. */
  stateOf(question: LiveObjectQuestion): LiveState | undefined {
    if (this.#context === undefined) return undefined;
    const key = keyOf(question);
    if (!this.#asked.has(key) && (!this.#answers.has(key) || this.#stale.has(key))) this.#wanted.set(key, question);
    return this.#answers.get(key);
  }

  /** What has been wanted since the last call; it is not wanted again before it is answered. */
  takeQuestions(): readonly LiveObjectQuestion[] {
    const questions = [...this.#wanted.values()];
    for (const key of this.#wanted.keys()) this.#asked.add(key);
    this.#wanted.clear();
    return questions;
  }

  /** Whether it is another answer than before. */
  answer(question: LiveObjectQuestion, state: LiveState): boolean {
    if (this.#answers.size >= maxAnswers) this.#answers.clear();
    const key = keyOf(question);
    const before = this.#answers.get(key);
    this.#asked.delete(key);
    this.#stale.delete(key);
    this.#answers.set(key, state);
    return before === undefined || !equal(before.object, state.object) || before.status !== state.status;
  }

  /** Objects changed: old answers serve until there are new ones. */
  doubt(): void {
    for (const key of this.#answers.keys()) this.#stale.add(key);
  }
}

function keyOf({ apiVersion, kind, namespace = '', name = '', labelSelector = '' }: LiveObjectQuestion): string {
  return `${apiVersion} ${kind} ${namespace}/${name} ${labelSelector}`;
}
