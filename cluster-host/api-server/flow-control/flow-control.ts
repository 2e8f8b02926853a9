/**
 * Priority and fairness: each request has a level, and each level so many seats that no other one can take
 * (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/). A request sits until it is answered; a watch until it
 * has begun; streams take no seat.
 */
import type { V1FlowSchema, V1PriorityLevelConfiguration } from '../../api/generated/types.ts';
import type { Clock, Disposable } from '../../platform/platform.ts';
import type { Store } from '../../storage/store.ts';
import type { Registries } from '../registry/registries.ts';
import { StoreSnapshot } from '../registry/snapshot.ts';
import type { Answer, RequestContext } from '../request.ts';
import type { Step } from '../request-chain.ts';
import { tellDangling } from './dangling.ts';
import { flowOf, inOrder, takes } from './matching.ts';
import { Seats, type SeatLimits } from './seats.ts';

const group = 'flowcontrol.apiserver.k8s.io';
/** Kubernetes' `--max-requests-inflight` and `--max-mutating-requests-inflight` together. */
const allSeats = 600;
const streams: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

interface Configuration {
  readonly schemas: readonly V1FlowSchema[];
  readonly levels: ReadonlyMap<string, Level>;
}

interface Level {
  readonly uid: string;
  /** Left out where requests need none. */
  readonly seats?: Seats;
}

export class FlowControl implements Disposable {
  readonly #registries: Registries;
  readonly #clock: Clock;
  readonly #seats = new Map<string, Seats>();
  readonly #configuration: StoreSnapshot<Configuration>;

  private constructor(registries: Registries, clock: Clock, store: Store, revision: number) {
    this.#registries = registries;
    this.#clock = clock;
    this.#configuration = new StoreSnapshot(store, `/registry/${group}/`, revision, () => this.#read());
  }

  static async create(registries: Registries, store: Store, clock: Clock): Promise<FlowControl> {
    return new FlowControl(registries, clock, store, await store.revision());
  }

  dispose(): void {
    this.#configuration.dispose();
  }

  readonly step: Step = async (context) => {
    const { info, user } = context;
    if (info.verb === 'proxy' || (info.isResource && streams.has(info.subresource))) return undefined;
    const { schemas, levels } = await this.#configuration.current();
    const schema = schemas.find((candidate) => takes(candidate, info, user));
    const level = levels.get(schema?.spec?.priorityLevelConfiguration.name ?? '');
    if (schema === undefined || level === undefined) return undefined;
    context.headers['x-kubernetes-pf-flowschema-uid'] = schema.metadata?.uid ?? '';
    context.headers['x-kubernetes-pf-prioritylevel-uid'] = level.uid;
    return level.seats === undefined ? undefined : this.#sit(level.seats, `${schema.metadata?.name}/${flowOf(schema, info, user)}`, context);
  };

  async #sit(seats: Seats, flow: string, context: RequestContext): Promise<Answer | undefined> {
    const taken = seats.take(flow);
    const seat = taken instanceof Promise ? await taken : taken;
    if (seat === undefined) return tooMany;
    context.release = () => seat.dispose();
    return undefined;
  }

  async #read(): Promise<Configuration> {
    const read = async (plural: string): Promise<readonly object[]> => (await this.#registries.find(group, 'v1', plural)?.all(''))?.map(({ object }) => object) ?? [];
    const [schemas, levels] = await Promise.all([read('flowschemas'), read('prioritylevelconfigurations')]);
    const configuration = { schemas: inOrder(schemas as V1FlowSchema[]), levels: this.#levelsOf(levels as V1PriorityLevelConfiguration[]) };
    const registry = this.#registries.find(group, 'v1', 'flowschemas');
    if (registry !== undefined) void tellDangling(registry, configuration.schemas, new Set(configuration.levels.keys()), this.#clock.now());
    return configuration;
  }

  /** Who sits keeps the seat when limits change. */
  #levelsOf(levels: readonly V1PriorityLevelConfiguration[]): ReadonlyMap<string, Level> {
    const shares = levels.reduce((sum, { spec }) => sum + (spec?.limited?.nominalConcurrencyShares ?? 0), 0);
    return new Map(
      levels.map(({ metadata, spec }) => {
        const [name, uid] = [metadata?.name ?? '', metadata?.uid ?? ''];
        if (spec?.type !== 'Limited') return [name, { uid }];
        const limits = limitsOf(spec.limited, shares);
        const seats = this.#seats.get(name) ?? new Seats(this.#clock, limits);
        this.#seats.set(name, seats);
        seats.limit(limits);
        return [name, { uid, seats }];
      }),
    );
  }
}

/** A flow is dealt a hand of queues, so as many of its requests wait as these hold. */
function limitsOf({ nominalConcurrencyShares = 30, limitResponse }: NonNullable<NonNullable<V1PriorityLevelConfiguration['spec']>['limited']> = {}, shares: number): SeatLimits {
  const { handSize = 8, queueLengthLimit = 50 } = limitResponse?.queuing ?? {};
  return { seats: Math.ceil((allSeats * nominalConcurrencyShares) / Math.max(shares, 1)), waiting: limitResponse?.type === 'Queue' ? handSize * queueLengthLimit : 0 };
}

const tooMany: Answer = {
  type: 'text',
  status: 429,
  contentType: 'text/plain; charset=utf-8',
  text: 'Too many requests, please try again later.\n',
  headers: { 'retry-after': '1', 'x-content-type-options': 'nosniff' },
};
