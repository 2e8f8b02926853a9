/**
 * The `channel.k8s.io` family of WebSocket subprotocols: several byte streams in one WebSocket, each message naming its
 * channel first (kubernetes.io/docs/reference/using-api/websockets, KEP-4006).
 *
 * Binary: one byte, then the data. Base64: one digit, then the data as base64 text. Version 5 adds a message that ends a
 * channel: channel 255, then the number of the channel that ends.
 */

export interface ChannelMessage {
  readonly channel: number;
  readonly data: Uint8Array;
}

/** How a subprotocol writes a message. `decode` yields undefined for what is to be ignored: an empty message, broken base64. */
export interface ChannelCodec {
  encode(message: ChannelMessage): Uint8Array | string;
  decode(message: Uint8Array): ChannelMessage | undefined;
}

export const closeChannel = 255;

export const binaryCodec: ChannelCodec = {
  encode({ channel, data }) {
    const message = new Uint8Array(data.length + 1);
    message[0] = channel;
    message.set(data, 1);
    return message;
  },
  decode(message) {
    const channel = message[0];
    return channel === undefined ? undefined : { channel, data: message.subarray(1) };
  },
};

const zero = 0x30;

export const base64Codec: ChannelCodec = {
  encode({ channel, data }) {
    return String.fromCharCode(zero + channel) + Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
  },
  decode(message) {
    const digit = message[0];
    if (digit === undefined || digit < zero) return undefined;
    const text = Buffer.from(message.subarray(1)).toString('latin1');
    if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
    return { channel: digit - zero, data: Buffer.from(text, 'base64') };
  },
};

export interface ChannelProtocol {
  /** As in `Sec-WebSocket-Protocol`; empty where the client asks for none. */
  readonly name: string;
  readonly codec: ChannelCodec;
  /** Whether the client may end one channel and keep the others. */
  readonly halfClose: boolean;
  /** Whether the error channel carries a Status as JSON; before version 4 it carries the message's text. */
  readonly jsonStatus: boolean;
}

/** What exec and attach speak over a WebSocket. */
export const remoteCommandProtocols: readonly ChannelProtocol[] = [
  { name: 'v5.channel.k8s.io', codec: binaryCodec, halfClose: true, jsonStatus: true },
  { name: 'v4.channel.k8s.io', codec: binaryCodec, halfClose: false, jsonStatus: true },
  { name: 'v4.base64.channel.k8s.io', codec: base64Codec, halfClose: false, jsonStatus: true },
  { name: '', codec: binaryCodec, halfClose: false, jsonStatus: false },
  { name: 'channel.k8s.io', codec: binaryCodec, halfClose: false, jsonStatus: false },
  { name: 'base64.channel.k8s.io', codec: base64Codec, halfClose: false, jsonStatus: false },
];

/** What port-forward speaks over a WebSocket, besides the tunnel of SPDY. */
export const portForwardProtocols: readonly ChannelProtocol[] = [
  { name: '', codec: binaryCodec, halfClose: false, jsonStatus: false },
  { name: 'v4.channel.k8s.io', codec: binaryCodec, halfClose: false, jsonStatus: false },
  { name: 'v4.base64.channel.k8s.io', codec: base64Codec, halfClose: false, jsonStatus: false },
];

/** What logs speak over a WebSocket: each message a piece of the log, without a channel. */
export const readerProtocols: readonly { readonly name: string; readonly base64: boolean }[] = [
  { name: '', base64: false },
  { name: 'binary.k8s.io', base64: false },
  { name: 'base64.binary.k8s.io', base64: true },
];

/** The first of the client's wishes that is offered; a client without wishes gets the protocol without a name. */
export function negotiate<P extends { readonly name: string }>(wishes: readonly string[], offered: readonly P[]): P | undefined {
  for (const wish of wishes.length === 0 ? [''] : wishes) {
    const found = offered.find(({ name }) => name === wish);
    if (found !== undefined) return found;
  }
  return undefined;
}
