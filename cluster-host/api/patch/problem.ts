/** Why a patch cannot be applied. Thrown inside this folder only; `applyPatch` turns it into a Status. */
export class PatchProblem extends Error {
  /** `unprocessable` is answered without its message, as the API server does. */
  readonly kind: 'badRequest' | 'unprocessable' | 'tooLarge';

  constructor(kind: PatchProblem['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
