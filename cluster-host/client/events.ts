/** Contract of the event recorder: tells users, through Event objects, what a component did or could not do. */
import type { KubeObject } from '../api/object.ts';

export interface EventRecorder {
  /**
   * Records that something happened to `about`. Never throws and never waits: events are best effort. Repeats of the same
   * event within an hour raise `count` and `lastTimestamp` of the one that is there.
   */
  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, options?: EventOptions): void;
}

export interface EventOptions {
  /** Part of the object, as `spec.containers{web}`. */
  readonly fieldPath?: string;
  /** Who reports, where it is not the recorder's own component: `deployment-controller`. */
  readonly component?: string;
}
