// Decodes the messages of the node protocol from the bytes of a connection: the frames of RFC 6455 that both sides use here.
import type { Direction, Tap } from './tcp-proxy';

export type WireListener = (direction: Direction, message: Readonly<Record<string, unknown>>) => void;

const END_OF_HEAD = '\r\n\r\n';
const TEXT = 1;
const CONTINUATION = 0;

/** For one connection. Bytes that are no WebSocket frames have no messages. */
export function tapMessages(listener: WireListener): Tap {
  const lanes = {
    up: new FrameReader((message) => {
      listener('up', message);
    }),
    down: new FrameReader((message) => {
      listener('down', message);
    }),
  };
  return (direction, bytes) => {
    lanes[direction].push(bytes);
  };
}

class FrameReader {
  readonly #listener: (message: Readonly<Record<string, unknown>>) => void;
  #bytes = Buffer.alloc(0);
  #isHead = true;
  #text: Buffer[] = [];

  constructor(listener: (message: Readonly<Record<string, unknown>>) => void) {
    this.#listener = listener;
  }

  push(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (this.#isHead) {
      const end = this.#bytes.indexOf(END_OF_HEAD);
      if (end < 0) return;
      this.#bytes = this.#bytes.subarray(end + END_OF_HEAD.length);
      this.#isHead = false;
    }
    while (this.#readFrame());
  }

  /** False: the next frame is not complete yet. */
  #readFrame(): boolean {
    const bytes = this.#bytes;
    if (bytes.length < 2) return false;
    const [first = 0, second = 0] = bytes;
    const short = second & 0x7f;
    const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
    const isMasked = (second & 0x80) !== 0;
    const start = 2 + lengthBytes + (isMasked ? 4 : 0);
    if (bytes.length < start) return false;
    const length = lengthBytes === 8 ? Number(bytes.readBigUInt64BE(2)) : lengthBytes === 2 ? bytes.readUInt16BE(2) : short;
    if (bytes.length < start + length) return false;
    const payload = Buffer.from(bytes.subarray(start, start + length));
    if (isMasked) for (let i = 0; i < length; i++) payload[i] = (payload[i] ?? 0) ^ (bytes[start - 4 + (i % 4)] ?? 0);
    this.#bytes = bytes.subarray(start + length);
    this.#take(first & 0x0f, (first & 0x80) !== 0, payload);
    return true;
  }

  #take(opcode: number, isLast: boolean, payload: Buffer): void {
    if (opcode !== TEXT && opcode !== CONTINUATION) return;
    this.#text.push(payload);
    if (!isLast) return;
    const text = Buffer.concat(this.#text).toString('utf8');
    this.#text = [];
    this.#listener(JSON.parse(text) as Readonly<Record<string, unknown>>);
  }
}
