/** An engine whose answers a test gives, each when the test wants it. */
import { PassThrough, type Readable } from 'node:stream';
import type { CallOptions, Engine } from '../engine.ts';

interface Question {
  readonly text: string;
  readonly options: CallOptions;
  answer(value: unknown): void;
}

export class ScriptedEngine implements Engine {
  /** What was asked and is not answered yet: `GET /containers/json`. */
  readonly questions: Question[] = [];
  /** Event streams that were opened, oldest first. */
  readonly streams: { readonly options: CallOptions; readonly output: PassThrough }[] = [];

  version() {
    return Promise.resolve({ version: '20.10.24', apiVersion: '1.41' });
  }

  call<T = any>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    return new Promise((resolve) => this.questions.push({ text: `${method} ${path}`, options, answer: (value) => resolve(value as T) }));
  }

  stream(_method: string, _path: string, options: CallOptions = {}): Promise<Readable> {
    const output = new PassThrough();
    this.streams.push({ options, output });
    return Promise.resolve(output);
  }

  hijack(): Promise<never> {
    return Promise.reject(new Error('a scripted engine has no connections'));
  }

  dispose(): void {
    for (const { output } of this.streams) output.destroy();
  }

  /** Waits until this is asked, and answers it. */
  async answer(text: string, value: unknown): Promise<void> {
    (await this.asked(text)).answer(value);
    await turn();
  }

  /** Waits until this is asked, and leaves the answer to the caller. */
  async asked(text: string): Promise<Question> {
    for (let turns = 0; turns < 100; turns++) {
      const at = this.questions.findIndex((question) => question.text === text);
      const [question] = at < 0 ? [] : this.questions.splice(at, 1);
      if (question !== undefined) return question;
      await turn();
    }
    throw new Error(`nobody asks ${text}; asked is ${this.questions.map((question) => question.text).join(', ')}`);
  }

  /** Tells an event on the stream that was opened last. */
  async tell(event: { readonly Action: string; readonly id: string; readonly labels?: object; readonly time: number }): Promise<void> {
    const { Action, id, labels = {}, time } = event;
    this.streams.at(-1)?.output.write(`${JSON.stringify({ Type: 'container', Action, Actor: { ID: id, Attributes: labels }, timeNano: time })}\n`);
    await turn();
  }
}

/** Lets sockets, streams and promises do what is due. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
