// The requests that wait for their jobs now. When the scheduler stops each is told so, while there is still somebody to tell.
import type { ServerResponse } from 'node:http';
import { writtenOut } from '../written-out';
import { ResponseStream, type RelayParts, type RelayRequest } from './response-stream';

export class ResponseStreams {
  readonly #parts: RelayParts;
  readonly #open = new Map<ServerResponse, ResponseStream>();
  #isStopping = false;

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  /** Takes the response over, to its end. */
  open(request: RelayRequest, response: ServerResponse): void {
    const relay = new ResponseStream(this.#parts, request, response);
    if (!response.destroyed) this.#open.set(response, relay);
    response.on('close', () => this.#open.delete(response));
    relay.start();
    if (this.#isStopping) relay.stop();
  }

  /** Before nodes leave because of it, which would look like their loss. */
  stopSoon(): void {
    this.#isStopping = true;
    for (const relay of [...this.#open.values()]) relay.stopSoon();
  }

  /** Resolves when all were told. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const relay of [...this.#open.values()]) relay.stop();
    await writtenOut(this.#open.keys(), this.#parts.clock);
  }
}
