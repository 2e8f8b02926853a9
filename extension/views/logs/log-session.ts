/**
 * The logs of all containers of an object as one stream: new pods join, a container that starts again goes on where it was.
 * Driven by watches; nothing polls. No `vscode` here.
 */
import type { V1ContainerStatus, V1Pod } from '../../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../../cluster-host/api/object.ts';
import type { Lister } from '../../../cluster-host/client/informer.ts';
import type { Disposable } from '../../../cluster-host/platform/platform.ts';
import type { Signal } from '../../clusters/signal.ts';
import { streamLog, type LogLine, type LogSource } from '../../clusters/streams/log-stream.ts';
import { podsOf, type PodOwnerRef } from '../../workloads.ts';

export interface LogCluster extends LogSource {
  readonly changed: Signal;
  lister<T extends KubeObject>(resource: Resource<T>): Lister<T> | undefined;
}

export interface LogWish {
  readonly ref: PodOwnerRef;
  /** Only this container of the pods. */
  readonly container?: string;
  readonly previous: boolean;
  readonly tailLines: number;
}

export interface LogSessionHandlers {
  lines(source: string, lines: readonly LogLine[]): void;
  /** What the server says instead of a log. */
  refused(source: string, message: string): void;
}

interface Stream {
  /** Which run of the container is or was read. */
  run: string;
  last: string | undefined;
  reading: Disposable | undefined;
}

export class LogSession implements Disposable {
  readonly #cluster: LogCluster;
  readonly #wish: LogWish;
  readonly #handlers: LogSessionHandlers;
  readonly #streams = new Map<string, Stream>();
  readonly #subscription: Disposable;

  constructor(cluster: LogCluster, wish: LogWish, handlers: LogSessionHandlers) {
    this.#cluster = cluster;
    this.#wish = wish;
    this.#handlers = handlers;
    this.#subscription = cluster.changed.on(() => this.#look());
    this.#look();
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const { reading } of this.#streams.values()) reading?.dispose();
    this.#streams.clear();
  }

  #look(): void {
    for (const pod of podsOf(this.#cluster, this.#wish.ref)) {
      for (const { container, run } of runsOf(pod, this.#wish.previous)) {
        if (this.#wish.container === undefined || this.#wish.container === container) this.#follow(pod, container, run);
      }
    }
  }

  #follow(pod: V1Pod, container: string, run: string): void {
    const { namespace = '', name = '', uid = '' } = pod.metadata ?? {};
    const key = `${uid}/${container}`;
    const stream = this.#streams.get(key) ?? { run: '', last: undefined, reading: undefined };
    if (stream.reading !== undefined || stream.run === run) return;
    this.#streams.set(key, stream);
    stream.run = run;
    const source = `${name}/${container}`;
    const { previous, tailLines } = this.#wish;
    const request = { follow: !previous, previous, tailLines, ...(stream.last === undefined ? {} : { after: stream.last }) };
    stream.reading = streamLog(this.#cluster, { namespace, pod: name, container }, request, {
      lines: (lines) => {
        stream.last = lines.at(-1)?.time ?? stream.last;
        this.#handlers.lines(source, lines);
      },
      ended: (refusal) => {
        stream.reading = undefined;
        if (refusal !== undefined) this.#handlers.refused(source, refusal);
        // It may have started again while the rest of the old run was read.
        this.#look();
      },
    });
  }
}

/** The containers of a pod that have a log, each with what tells one run of it from the next. */
export function runsOf(pod: V1Pod, previous: boolean): readonly { readonly container: string; readonly run: string }[] {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return statuses.flatMap((status) => {
    const run = previous ? status.lastState?.terminated?.containerID : runOf(status);
    return run === undefined ? [] : [{ container: status.name, run }];
  });
}

function runOf({ state, lastState, containerID, restartCount }: V1ContainerStatus): string | undefined {
  const hasRun = state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined;
  return hasRun ? `${containerID ?? ''}#${restartCount}` : undefined;
}
