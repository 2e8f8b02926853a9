/** A client of a fake API with a virtual clock: what most unit tests of a client room start from. */
import { VirtualClock } from '../../platform/simulated/clock.ts';
import { seededRandom } from '../../platform/simulated/random.ts';
import type { Random } from '../../platform/platform.ts';
import { ApiClient } from '../api-client.ts';
import type { ControllerContext } from '../controller.ts';
import type { EventRecorder } from '../events.ts';
import { SharedInformers } from '../shared-informers.ts';
import { FakeApi, type FakeApiOptions } from './fake-api.ts';
import { testLog, type LogLine } from './test-log.ts';

export interface TestSurroundings extends ControllerContext {
  readonly api: FakeApi;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly lines: LogLine[];
  /** `Warning FailedCreate about: message`. */
  readonly recorded: string[];
}

export function testSurroundings(options: FakeApiOptions = {}): TestSurroundings {
  const clock = new VirtualClock();
  const random = seededRandom(1);
  const lines: LogLine[] = [];
  const recorded: string[] = [];
  const log = testLog(lines);
  const api = new FakeApi({ clock, ...options });
  const client = new ApiClient(api);
  const events: EventRecorder = { event: (about, type, reason, message) => void recorded.push(`${type} ${reason} ${about.metadata?.name ?? ''}: ${message}`) };
  return { api, client, clock, random, log, lines, events, recorded, informers: new SharedInformers(client, { clock, random, log }) };
}
