/** Answers expressions that ask what somebody may do: evaluating waits for nothing, so what is missing is asked for and the expressions evaluated again. */
import type { AccessAnswer, AccessQuestion, AskAccess } from '../../../api/cel/library/authorizer.ts';
import type { Attributes, Authorizer } from '../../authorization/authorizer.ts';
import type { UserInfo } from '../../server.ts';

/** More than any expression can pay for. */
const maxRounds = 100;

class Missing extends Error {
  readonly question: AccessQuestion;
  constructor(question: AccessQuestion) {
    super('an answer is missing');
    this.question = question;
  }
}

/** Answers of one request, each asked for once. */
export class AccessAnswers {
  readonly #authorizer: Authorizer;
  readonly #user: UserInfo;
  readonly #answers = new Map<string, AccessAnswer>();

  constructor(authorizer: Authorizer, user: UserInfo) {
    this.#authorizer = authorizer;
    this.#user = user;
  }

  async evaluate<T>(work: (ask: AskAccess) => T): Promise<T> {
    for (let round = 0; ; round++) {
      try {
        return work((question) => this.#known(question));
      } catch (error) {
        if (!(error instanceof Missing) || round === maxRounds) throw error;
        this.#answers.set(JSON.stringify(error.question), await this.#ask(error.question));
      }
    }
  }

  #known(question: AccessQuestion): AccessAnswer {
    const answer = this.#answers.get(JSON.stringify(question));
    if (answer === undefined) throw new Missing(question);
    return answer;
  }

  async #ask(question: AccessQuestion): Promise<AccessAnswer> {
    try {
      const { decision, reason } = await this.#authorizer.authorize(attributesOf(question, this.#user));
      return { allowed: decision === 'allow', reason };
    } catch (error) {
      return { allowed: false, reason: '', error: error instanceof Error ? error.message : String(error) };
    }
  }
}

function attributesOf({ serviceAccount, path, verb, group, resource, subresource, namespace, name }: AccessQuestion, asking: UserInfo): Attributes {
  const user = serviceAccount === undefined ? asking : accountOf(serviceAccount);
  if (path !== undefined) return { type: 'path', user, verb, path };
  return { type: 'resource', user, verb, group, version: '*', resource, subresource, namespace, name };
}

function accountOf({ namespace, name }: { readonly namespace: string; readonly name: string }): UserInfo {
  return { name: `system:serviceaccount:${namespace}:${name}`, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'] };
}
