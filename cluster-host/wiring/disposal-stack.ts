/** What has to be ended, the last first. As `AsyncDisposableStack`, which the Node of VS Code 1.103 does not have yet. */
export class DisposalStack {
  readonly #deferred: (() => unknown)[] = [];

  defer(end: () => unknown): void {
    this.#deferred.push(end);
  }

  /** Ends everything, also where something fails; rejects with the first failure then. A second call has nothing to do. */
  async disposeAsync(): Promise<void> {
    const failures: unknown[] = [];
    for (let end = this.#deferred.pop(); end !== undefined; end = this.#deferred.pop()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
