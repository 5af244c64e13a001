// The message that a node has begun to send and has not ended: its bytes, and since when. The WebSocket library reports whole messages
// only, so this file counts the bytes of the socket since the last whole message, without pings and pongs.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Holding } from '../access/unfinished-bytes';

/** Maximum size of one read of a socket, beyond the message that it completes. */
const SOCKET_READ_BYTES = 64 * 1024;
/** The header of a masked control frame. */
const CONTROL_HEADER_BYTES = 6;

export interface UnfinishedMessageOptions {
  readonly holding: Holding;
  /** The largest message that the node may send now. */
  readonly maxBytes: () => number;
  readonly onTooLarge: () => void;
  /** A message has begun, and the read ended before the message did; or the message has ended. */
  readonly onUnfinished: (isUnfinished: boolean) => void;
}

export class UnfinishedMessage {
  readonly #socket: Socket;
  readonly #options: UnfinishedMessageOptions;
  #bytes = 0;
  #isBegun = false;

  constructor(ws: WebSocket, socket: Socket, options: UnfinishedMessageOptions) {
    this.#socket = socket;
    this.#options = options;
    // Before the library reads the bytes, and after it.
    socket.prependListener('data', this.#before);
    socket.on('data', this.#after);
    ws.on('ping', this.#onControl);
    ws.on('pong', this.#onControl);
  }

  /** A whole message has arrived. */
  ended(): void {
    this.#bytes = 0;
    if (!this.#isBegun) return;
    this.#isBegun = false;
    this.#options.holding.set(0);
    this.#options.onUnfinished(false);
  }

  /** Counts no more. */
  stop(): void {
    this.ended();
    this.#options.holding.release();
    this.#socket.off('data', this.#before).off('data', this.#after);
  }

  readonly #before = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
  };

  readonly #after = (): void => {
    const { holding, maxBytes, onTooLarge, onUnfinished } = this.#options;
    if (this.#bytes === 0) return;
    if (this.#bytes > maxBytes() + SOCKET_READ_BYTES) {
      onTooLarge();
      return;
    }
    if (!this.#isBegun) onUnfinished(true);
    this.#isBegun = true;
    holding.set(this.#bytes);
  };

  readonly #onControl = (data: Buffer): void => {
    this.#bytes = Math.max(0, this.#bytes - data.length - CONTROL_HEADER_BYTES);
    if (this.#bytes === 0) this.ended();
  };
}
