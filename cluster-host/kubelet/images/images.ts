/** Gets a container's image as its pull policy wants it, with Kubernetes' reasons, back-off and events (kubernetes.io/docs/concepts/containers/images). */
import type { V1Pod } from '../../api/generated/types.ts';
import type { Clock, Disposable } from '../../platform/platform.ts';
import { type ContainerRuntime, type Image, type RegistryAuth, RuntimeError } from '../runtime/runtime.ts';
import { BackOffs } from '../pods/back-offs.ts';
import { type PodContainer, uidOf } from '../pods/pod-facts.ts';
import { parseImage } from './reference.ts';

export type ImageOutcome = { readonly image: Image } | { readonly reason: ImageFailureReason; readonly message: string; readonly retryAt: number };

export type ImageFailureReason = 'ErrImagePull' | 'ImagePullBackOff' | 'InvalidImageName' | 'ErrImageNeverPull' | 'ImageInspectError';

/** Records an event about the container. */
export type Tell = (type: 'Normal' | 'Warning', reason: string, message: string) => void;

/** After a failed pull the state turns from the error to the back-off. */
const failureShownFor = 1_000;
/** What no retry mends is looked at again now and then all the same: the image may have been made meanwhile. */
const retryAfter = 10_000;

export class Images implements Disposable {
  readonly #runtime: ContainerRuntime;
  readonly #clock: Clock;
  readonly #backOffs = new BackOffs();
  readonly #failures = new Map<string, { readonly message: string; readonly at: number }>();
  readonly #known = new Map<string, Image>();
  readonly #pulls = new Map<string, Promise<Image>>();
  readonly #stop = new AbortController();
  readonly #pulled: () => void;

  /** `pulled` is called when the node has another image. */
  constructor(runtime: ContainerRuntime, clock: Clock, pulled: () => void) {
    this.#runtime = runtime;
    this.#clock = clock;
    this.#pulled = pulled;
  }

  /** An image that some container of the node was made from. */
  known(id: string): Image | undefined {
    return this.#known.get(id);
  }

  /** Makes images known whose containers ran before the host started. */
  async learn(ids: readonly string[]): Promise<void> {
    for (const id of new Set(ids)) {
      const image = this.#known.has(id) ? undefined : await this.#runtime.imageStatus(id);
      if (image !== undefined) this.#known.set(id, image);
    }
  }

  async ensure(pod: V1Pod, { spec }: PodContainer, auth: (registry: string) => RegistryAuth | undefined, tell: Tell, signal: AbortSignal): Promise<ImageOutcome> {
    const wanted = spec.image ?? '';
    const reference = parseImage(wanted);
    if (!reference.ok) {
      const message = `Failed to apply default image tag "${wanted}": couldn't parse image name "${wanted}": ${reference.error}`;
      tell('Warning', 'InspectFailed', message);
      return { reason: 'InvalidImageName', message, retryAt: this.#clock.now() + retryAfter };
    }
    const present = await this.#runtime.imageStatus(reference.value.text);
    const policy = spec.imagePullPolicy ?? (reference.value.text.endsWith(':latest') ? 'Always' : 'IfNotPresent');
    if (present !== undefined && policy !== 'Always') {
      tell('Normal', 'Pulled', `Container image "${wanted}" already present on machine and can be accessed by the pod`);
      return { image: this.#learned(present) };
    }
    if (policy === 'Never') {
      const message = `Container image "${wanted}" is not present with pull policy of Never`;
      tell('Warning', 'ErrImageNeverPull', message);
      return { reason: 'ErrImageNeverPull', message, retryAt: this.#clock.now() + retryAfter };
    }
    return this.#pull(`${uidOf(pod)}_${wanted}`, wanted, reference.value.text, auth(reference.value.registry), tell, signal);
  }

  async #pull(key: string, wanted: string, reference: string, auth: RegistryAuth | undefined, tell: Tell, signal: AbortSignal): Promise<ImageOutcome> {
    const failure = this.#failures.get(key);
    const until = failure === undefined ? 0 : failure.at + this.#backOffs.delay(key);
    if (failure !== undefined && until > this.#clock.now()) {
      tell('Normal', 'BackOff', `Back-off pulling image "${wanted}"`);
      return { reason: 'ImagePullBackOff', message: `Back-off pulling image "${wanted}": ErrImagePull: ${failure.message}`, retryAt: until };
    }
    tell('Normal', 'Pulling', `Pulling image "${wanted}"`);
    const begun = this.#clock.monotonic();
    try {
      const image = this.#learned(await this.#pullOnce(reference, auth, signal));
      const took = durationText(this.#clock.monotonic() - begun);
      tell('Normal', 'Pulled', `Successfully pulled image "${wanted}" in ${took} (${took} including waiting). Image size: ${image.size} bytes.`);
      this.#pulled();
      this.#failures.delete(key);
      this.#backOffs.forget(key);
      return { image };
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      if (signal.aborted) return { reason: 'ErrImagePull', message: error.message, retryAt: this.#clock.now() };
      tell('Warning', 'Failed', `Failed to pull image "${wanted}": ${error.message}`);
      this.#backOffs.next(key, this.#clock.now());
      this.#failures.set(key, { message: error.message, at: this.#clock.now() });
      return { reason: 'ErrImagePull', message: error.message, retryAt: this.#clock.now() + failureShownFor };
    }
  }

  /** Pods that want the same image wait for one pull; one that gives up leaves it to the others. */
  #pullOnce(reference: string, auth: RegistryAuth | undefined, signal: AbortSignal): Promise<Image> {
    const key = `${reference} ${auth?.username ?? ''}`;
    const pull = this.#pulls.get(key) ?? this.#runtime.pullImage(reference, auth, this.#stop.signal).finally(() => this.#pulls.delete(key));
    this.#pulls.set(key, pull);
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => reject(new RuntimeError('ImagePullFailed', 'the pod is ending'));
    signal.addEventListener('abort', giveUp, { once: true });
    return Promise.race([pull, givenUp]).finally(() => signal.removeEventListener('abort', giveUp));
  }

  dispose(): void {
    this.#stop.abort();
  }

  #learned(image: Image): Image {
    this.#known.set(image.id, image);
    return image;
  }
}

/** `842ms`, `1.42s`, as Kubernetes writes a duration. */
function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)}ms` : `${(milliseconds / 1000).toFixed(3).replace(/\.?0+$/, '')}s`;
}
