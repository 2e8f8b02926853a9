/** A watch's events as bytes: a line of JSON each, or protobuf messages with their lengths before them. */
import type { KubeObject } from '../../api/object.ts';
import { encodeProtobuf, encodeWatchFrame } from '../../api/protobuf/codec.ts';
import { mediaTypes } from '../negotiation/accept.ts';
import type { ObjectVersion } from '../registry/object-version.ts';
import type { WatchEventType } from '../request.ts';

export interface WatchFrames {
  readonly contentType: string;
  event(type: WatchEventType, version: ObjectVersion): Uint8Array;
  error(status: KubeObject): Uint8Array;
}

export const jsonFrames: WatchFrames = {
  contentType: mediaTypes.json,
  event: (type, version) => version.frame(type),
  error: (status) => Buffer.from(`${JSON.stringify({ type: 'ERROR', object: status })}\n`),
};

export const protobufFrames: WatchFrames = {
  contentType: `${mediaTypes.protobuf};stream=watch`,
  event: (type, version) => version.protobufFrame(type),
  error: (status) => encodeWatchFrame('ERROR', encodeProtobuf(status) ?? new Uint8Array()),
};
