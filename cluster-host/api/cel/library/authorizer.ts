/**
 * The authorizer in expressions (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-authorizer-library). What is
 * asked is put together here; who asks has looked it up before, as evaluating waits for nothing.
 */
import { add, costs, exactly, fixed, scale, traversal, unknownRange, type CostModel, type Range } from '../cost.ts';
import { kubernetesType, type FunctionRow } from '../functions.ts';
import { checkDnsLabel, checkDnsSubdomain } from '../../names.ts';
import { CelError, sizeOfValue, type Opaque } from '../values.ts';

/** What an expression asks. */
export interface AccessQuestion {
  readonly verb: string;
  /** The request's own user, where none is named. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly path?: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reason: string;
  readonly error?: string;
}

export type AskAccess = (question: AccessQuestion) => AccessAnswer;

class Asking implements Opaque {
  readonly celType;
  readonly ask: AskAccess;
  readonly question: AccessQuestion;
  constructor(type: string, ask: AskAccess, question: AccessQuestion) {
    this.celType = kubernetesType(type);
    this.ask = ask;
    this.question = question;
  }
  equals(other: Opaque): boolean {
    return other === this;
  }
  with(type: string, more: Partial<AccessQuestion>): Asking {
    return new Asking(type, this.ask, { ...this.question, ...more });
  }
}

class Decision implements Opaque {
  readonly celType = kubernetesType('Decision');
  readonly answer: AccessAnswer;
  constructor(answer: AccessAnswer) {
    this.answer = answer;
  }
  equals(other: Opaque): boolean {
    return other === this;
  }
}

const nothingAsked: AccessQuestion = { verb: '', group: '', resource: '', subresource: '', namespace: '', name: '' };

/** The variable `authorizer`. */
export function authorizerValue(ask: AskAccess): Opaque {
  return new Asking('Authorizer', ask, nothingAsked);
}

/** `authorizer.requestResource`: what the request itself is about. */
export function resourceCheckValue(ask: AskAccess, about: Partial<AccessQuestion>): Opaque {
  return new Asking('ResourceCheck', ask, { ...nothingAsked, ...about });
}

function path(asking: Asking, text: string): Asking {
  if (text === '') throw new CelError('path must not be empty');
  return asking.with('PathCheck', { path: text });
}

function resource(asking: Asking, text: string): Asking {
  if (text === '') throw new CelError('resource must not be empty');
  return asking.with('ResourceCheck', { resource: text });
}

function serviceAccount(asking: Asking, namespace: string, name: string): Asking {
  if (checkDnsSubdomain(name).length > 0) throw new CelError('Invalid service account name');
  if (checkDnsLabel(namespace).length > 0) throw new CelError('Invalid service account namespace');
  return asking.with('Authorizer', { serviceAccount: { namespace, name } });
}

const check = (asking: Asking, verb: string): Decision => new Decision(asking.ask({ ...asking.question, verb }));

/** Two checks fit into one expression. */
const checking = fixed(350_000);

function selectorCost(size: Range): Range {
  return add(exactly(costs.list), scale(size, traversal), scale(scale(size, 0.5), costs.list + costs.struct));
}

const selecting: CostModel = {
  actual: ([, text]) => selectorCost(exactly(sizeOfValue(text))).max,
  estimate: ([, text]) => ({ cost: selectorCost(text?.size ?? unknownRange) }),
};

export const authorizer: readonly FunctionRow[] = [
  ['Authorizer.path(string): PathCheck', path],
  ['Authorizer.group(string): GroupCheck', (asking: Asking, group: string) => asking.with('GroupCheck', { group })],
  ['Authorizer.serviceAccount(string, string): Authorizer', serviceAccount],
  ['GroupCheck.resource(string): ResourceCheck', resource],
  ['ResourceCheck.subresource(string): ResourceCheck', (asking: Asking, subresource: string) => asking.with('ResourceCheck', { subresource })],
  ['ResourceCheck.namespace(string): ResourceCheck', (asking: Asking, namespace: string) => asking.with('ResourceCheck', { namespace })],
  ['ResourceCheck.name(string): ResourceCheck', (asking: Asking, name: string) => asking.with('ResourceCheck', { name })],
  ['PathCheck.check(string): Decision', check, checking],
  ['ResourceCheck.check(string): Decision', check, checking],
  ['Decision.errored(): bool', ({ answer }: Decision) => answer.error !== undefined],
  ['Decision.error(): string', ({ answer }: Decision) => answer.error ?? ''],
  ['Decision.allowed(): bool', ({ answer }: Decision) => answer.allowed],
  ['Decision.reason(): string', ({ answer }: Decision) => answer.reason],
  ['ResourceCheck.fieldSelector(string): ResourceCheck', (asking: Asking, fieldSelector: string) => asking.with('ResourceCheck', { fieldSelector }), selecting],
  ['ResourceCheck.labelSelector(string): ResourceCheck', (asking: Asking, labelSelector: string) => asking.with('ResourceCheck', { labelSelector }), selecting],
];
