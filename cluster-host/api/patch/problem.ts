/** What is wrong with patches. */
import { goText, goType } from '../go-values.ts';

/** Why a patch cannot be applied. Thrown inside this folder only; `applyPatch` turns it into a Status. */
export class PatchProblem extends Error {
  /** `unprocessable` is answered without its message, as the API server does; `unclassified` are errors that it foresees no answer for. */
  readonly kind: 'badRequest' | 'unprocessable' | 'tooLarge' | 'unclassified';

  constructor(kind: PatchProblem['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The problems of strategic merge patches in Kubernetes' words (k8s.io/apimachinery/pkg/util/mergepatch). */
export const problems = {
  format: (of: 'primitive list' | 'retainKeys' | 'setElementOrder list') => new PatchProblem('badRequest', `invalid patch format of ${of}`),
  listOfLists: () => new PatchProblem('unprocessable', 'lists of lists are not supported'),
  mergeKey: (item: unknown, key: string) => new PatchProblem('unclassified', `map: ${shown(item)} does not contain declared merge key: ${key}`),
  patchType: (directive: unknown, item: unknown) => new PatchProblem('unclassified', `unknown patch type: ${typeof directive === 'string' ? directive : `%!s(${goType(directive, 'integers')}=${shown(directive)})`} in map: ${shown(item)}`),
  type: (expected: 'list' | 'map', value: unknown) =>
    new PatchProblem('unclassified', `expected a ${goType(expected === 'list' ? [] : {})}, but received a ${value === null ? '%!s(<nil>)' : goType(value, 'integers')}`),
  other: (message: string) => new PatchProblem('unclassified', message),
};

/** A value in a message. */
export function shown(value: unknown): string {
  return goText(value, 'integers');
}
