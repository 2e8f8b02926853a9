/** A socket in front of the real Docker Engine, to be cut and mended: what a host sees of an engine that dies and comes back. */
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';

const real = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace('unix://', '');

export class EngineProxy implements AsyncDisposable {
  readonly path: string;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #left = Infinity;
  #held: Socket[] | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** What DOCKER_HOST has to be. */
  get address(): string {
    return `unix://${this.path}`;
  }

  /** Lets calls through: all of them, or so many connections until it is cut by itself. */
  async open(connections = Infinity): Promise<void> {
    this.cut();
    this.#left = connections;
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#join(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
  }

  /** Connections are taken and nothing is said on them until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  /** Goes on with every connection that was held. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const socket of held) this.#join(socket);
  }

  /** Breaks every connection; nobody answers any more. */
  cut(): void {
    this.#server?.close();
    rmSync(this.path, { force: true });
    for (const socket of [...this.#sockets, ...(this.#held ?? [])]) socket.destroy();
  }

  #join(socket: Socket): void {
    if (this.#held !== undefined) {
      this.#held.push(socket);
      return;
    }
    this.#left -= 1;
    if (this.#left < 0) {
      socket.destroy();
      this.cut();
      return;
    }
    const engine = connect({ path: real, allowHalfOpen: true });
    for (const [one, other] of [[socket, engine], [engine, socket]] as const) {
      this.#sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    return Promise.resolve();
  }
}
