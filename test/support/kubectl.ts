/** A real kubectl against one cluster. */
import { spawn, type ChildProcess } from 'node:child_process';
import { finished, type Finished } from './kubicle.ts';

const program = process.env.KUBECTL ?? 'kubectl';

export class Kubectl {
  readonly #kubeconfig: string;

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
  }

  spawn(...args: readonly string[]): ChildProcess {
    return spawn(program, args, { env: { ...process.env, KUBECONFIG: this.#kubeconfig }, stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** Runs to the end, with the text on standard input; does not mind failure. */
  async try(args: readonly string[], input = ''): Promise<Finished> {
    const child = this.spawn(...args);
    const done = finished(child);
    child.stdin?.end(input);
    return done;
  }

  /** What it printed; throws when it fails. */
  async run(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await this.try(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}:\n${out}${err}`);
    return out;
  }

  async json(...args: readonly string[]): Promise<any> {
    return JSON.parse(await this.run(...args, '-o', 'json'));
  }

  /** Applies manifests; what it printed. */
  async apply(manifests: string, ...options: readonly string[]): Promise<string> {
    const { code, out, err } = await this.try(['apply', '-f', '-', ...options], manifests);
    if (code !== 0) throw new Error(`kubectl apply ended with ${code}:\n${out}${err}`);
    return out;
  }
}
