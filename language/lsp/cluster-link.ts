/** Brings what the client knows of the cluster into the project: definitions when it changed, single objects as they are wanted. */
import type { Connection } from 'vscode-languageserver';
import type { JsonObject } from '../../cluster-host/api/values.ts';
import type { LiveObjectQuestion, ServerRequests } from '../messages.ts';
import type { Project } from '../project.ts';
import { clusterSource } from '../schema/custom-kinds.ts';

/** Questions that are on their way at the same time. */
const atOnce = 8;

export class ClusterLink {
  readonly #connection: Connection;
  readonly #project: Project;
  #version = '';

  constructor(connection: Connection, project: Project) {
    this.#connection = connection;
    this.#project = project;
  }

  /** Whatever was known is to be asked again. Whether another cluster, or other definitions, came of it. */
  async refresh(): Promise<boolean> {
    const { cluster, customKinds } = this.#project;
    const before = [cluster.context, customKinds.version];
    await this.#refresh();
    return cluster.context !== before[0] || customKinds.version !== before[1];
  }

  async #refresh(): Promise<void> {
    const { cluster, customKinds } = this.#project;
    const answer = await this.#ask('kubicle/definitions', { known: this.#version });
    if (answer?.connected !== true) {
      this.#version = '';
      cluster.connect(undefined);
      customKinds.set(clusterSource, []);
      return;
    }
    cluster.connect(answer.context);
    cluster.doubt();
    this.#version = answer.version;
    if (answer.definitions !== undefined) customKinds.set(clusterSource, answer.definitions);
  }

  /** Asks for all that was found wanting. Whether anything new came of it. */
  async learn(): Promise<boolean> {
    const questions = [...this.#project.cluster.takeQuestions()];
    let learnt = false;
    const worker = async (): Promise<void> => {
      for (let question = questions.pop(); question !== undefined; question = questions.pop()) if (await this.#learnOne(question)) learnt = true;
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return learnt;
  }

  async #learnOne(question: LiveObjectQuestion): Promise<boolean> {
    const { cluster } = this.#project;
    const answer = await this.#ask('kubicle/liveObject', question);
    if (answer === undefined) return cluster.answer(question, { object: undefined, status: '' });
    if (answer.connected) return answer.context === cluster.context && cluster.answer(question, { object: answer.object as JsonObject | null | undefined, status: answer.status });
    cluster.connect(undefined);
    return true;
  }

  /** Undefined from a client that does not answer such questions. */
  async #ask<M extends keyof ServerRequests>(method: M, params: ServerRequests[M]['params']): Promise<ServerRequests[M]['result'] | undefined> {
    try {
      return await this.#connection.sendRequest<ServerRequests[M]['result']>(method, params);
    } catch {
      return undefined;
    }
  }
}
