// The connection of a client that a replica has, as the leader's HTTP server sees it. It carries one request and its answer.
import { Duplex } from 'node:stream';
import type { Clock } from '../../platform/clock';
import type { Forwarder } from '../access/transport';
import type { Bus } from '../cluster/bus/bus';
import { StreamReceiver } from '../cluster/bus/stream-receiver';
import { StreamSender } from '../cluster/bus/stream-sender';
import type { Channel } from '../cluster/channel/channel';
import { type AnswerRecord, HTTP_ANSWER, HTTP_FAILED, MAX_WHOLE_ANSWER_BYTES, type RequestRecord } from '../replica/core/http-records';

export interface ForwardedSocketOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly channel: Channel;
}

export class ForwardedSocket extends Duplex {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly encrypted: boolean;
  readonly forwarder: Forwarder;
  readonly #options: ForwardedSocketOptions;
  readonly #id: number;
  readonly #rest: StreamReceiver | null;
  /** The begin of the answer, until all of it is known to be small. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #sender: StreamSender | null = null;
  #isSettling = false;
  #isAnswered = false;

  constructor(options: ForwardedSocketOptions, request: RequestRecord, first: Uint8Array) {
    super({ allowHalfOpen: true });
    const { from, at, transport, stream, id } = request;
    const { bus, clock, channel } = options;
    this.#options = options;
    this.#id = id;
    this.remoteAddress = from.address;
    this.remotePort = from.port;
    this.localAddress = at.address;
    this.localPort = at.port;
    this.encrypted = transport === 'tls';
    const handOver = this.#handOver.bind(this);
    this.forwarder = { replica: channel.replica, loopback: request.loopback, handOver };
    this.#rest = stream === null ? null : new StreamReceiver(bus, clock, stream);
    // An HTTP server answers errors of a connection itself. A client that has left is none for the program.
    this.on('error', () => undefined);
    this.push(first);
  }

  override _read(): void {
    void this.#readRest();
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    if (this.#sender !== null) {
      void this.#pass(this.#sender, bytes, done);
      return;
    }
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_WHOLE_ANSWER_BYTES) {
      void this.#pass(this.#stream(), null, done);
      return;
    }
    this.#settle();
    // At once: the server ends the answer only after it was written.
    done();
  }

  override _final(done: () => void): void {
    void this.#finish().then(() => {
      done();
      // The client sends no more, and the server reads no more.
      this.destroy();
    });
  }

  override _destroy(_error: Error | null, done: (error: null) => void): void {
    this.#rest?.stop('answered');
    if (!this.#isAnswered) {
      this.#isAnswered = true;
      if (this.#sender === null) this.#options.channel.send(HTTP_FAILED, { id: this.#id });
      else this.#sender.fail('cut');
    }
    done(null);
  }

  #handOver(job: Uint8Array): boolean {
    if (this.#isAnswered || this.#sender !== null || this.destroyed || !this.#options.channel.isOpen) return false;
    this.#options.channel.send(HTTP_ANSWER, { id: this.#id, stream: null, job: true }, job);
    this.#isAnswered = true;
    this.destroy();
    return true;
  }

  async #readRest(): Promise<void> {
    const item = await this.#rest?.read();
    // Without a rest the connection stays open until the answer has ended.
    if (item === undefined || this.destroyed) return;
    if (item.type === 'piece') this.push(item.bytes);
    else if (item.type === 'failed') this.destroy();
  }

  /** What the handler writes in this turn belongs together. An answer that goes on after it is a stream. */
  #settle(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    setImmediate(() => {
      if (this.#sender !== null || this.#isAnswered || this.writableEnded) return;
      void this.#pass(this.#stream(), null, () => undefined);
    });
  }

  #stream(): StreamSender {
    const { bus, clock, channel } = this.#options;
    const id = `${channel.replica}-${String(this.#id)}-a`;
    const sender = new StreamSender(bus, clock, id);
    this.#sender = sender;
    this.#answer({ id: this.#id, stream: id });
    void sender.ended.then(() => this.destroy());
    for (const bytes of this.#held.splice(0)) sender.write(bytes);
    return sender;
  }

  async #pass(sender: StreamSender, bytes: Buffer | null, done: () => void): Promise<void> {
    if (bytes !== null) sender.write(bytes);
    await sender.whenDrained();
    done();
  }

  async #finish(): Promise<void> {
    const { channel } = this.#options;
    if (this.#sender !== null) this.#sender.end();
    else {
      while (channel.isFull && channel.isOpen) await channel.whenDrained();
      if (this.#isAnswered) return;
      this.#answer({ id: this.#id, stream: null }, Buffer.concat(this.#held));
    }
    this.#isAnswered = true;
  }

  #answer(head: AnswerRecord, body?: Buffer): void {
    this.#options.channel.send(HTTP_ANSWER, head, body);
  }
}
