// Sends requests of clients to the leader, and its answers to the clients. A request waits while no member leads. A request whose answer got
// lost is sent again when it only reads: others may have been done. So is a request of a client API, because its job ends with its leader.
import type { LoopbackState } from '../../../shared/loopback';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../platform/clock';
import type { ErrorCode } from '../../../shared/protocol/codes';
import { sourceOf } from '../../platform/source-address';
import { type ErrorDetails, refuseSocket } from '../access/error-response';
import { transportOf } from '../access/transport';
import type { Holding, UnfinishedBytes } from '../access/unfinished-bytes';
import { formatOfPath } from '../api/client-apis/formats';
import type { Bus } from '../cluster/bus/bus';
import { StreamReceiver } from '../cluster/bus/stream-receiver';
import { StreamSender } from '../cluster/bus/stream-sender';
import type { Channel } from '../cluster/channel/channel';
import { onRecord } from '../cluster/channel/on-record';
import type { LeaderLink } from '../cluster/channel/leader-link';
import { answerSchema, failedSchema, HTTP_ANSWER, HTTP_FAILED, HTTP_GONE, HTTP_REQUEST, type RequestRecord } from './core/http-records';
import { encodeRequestHead } from './core/request-head';
import { type AnswerEnd, CHANNEL_ENDED, passAnswer, wholeAnswer, writeHead } from './forwarded-answer';
import { KeptBodies, type KeptBody } from './kept-bodies';
import { pathOf } from './refuse-request';
import type { ReplicaAnswers } from './replica-answers';
import { hasBody, passBody, smallBody } from './request-body';

/** How long a request waits for a leader: a take-over takes up to 8 s. */
export const LEADER_WAIT_MS = 12_000;

export interface RequestForwarderOptions {
  readonly link: LeaderLink;
  readonly bus: Bus;
  readonly clock: Clock;
  /** What this replica permits its own machine without a key. */
  readonly loopback: LoopbackState;
  readonly unfinished: UnfinishedBytes;
  readonly answers: Pick<ReplicaAnswers, 'open'>;
  /** Host and port of the leader, where they are known and another member leads. */
  readonly leader: () => string | null;
  readonly refuse: (request: IncomingMessage, response: ServerResponse, code: ErrorCode, details: ErrorDetails) => void;
}

/** `failed`: the leader has ended the connection, or the client has. `lost`: the channel to the leader has ended. */
type Answer = { readonly stream: string } | { readonly bytes: Uint8Array } | { readonly job: Uint8Array } | 'failed' | 'lost';

interface Exchange {
  readonly sinceMonotonicMs: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Resolves when the client has left, or has its answer. */
  readonly left: Promise<void>;
  /** Null: it goes in a stream. */
  readonly body: Buffer | null;
  readonly holding: Holding;
  /** Null: the request is not sent again with its body. */
  readonly kept: KeptBody | null;
}

export class RequestForwarder {
  readonly #options: RequestForwarderOptions;
  /** Those that wait for an answer, by their id. */
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  /** The answers that arrive in streams, by the connection of the client. */
  readonly #receivers = new Map<object, StreamReceiver>();
  readonly #bodies = new KeptBodies();
  #lastId = 0;

  constructor(options: RequestForwarderOptions) {
    this.#options = options;
    options.link.onChannel((channel) => {
      this.#attach(channel);
    });
  }

  /** What has arrived for this connection of a client, and waits until it reads. */
  heldBytes(socket: object): number {
    return this.#receivers.get(socket)?.heldBytes ?? 0;
  }

  /** Never rejects. */
  async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const holding = this.#options.unfinished.hold(sourceOf(request.socket.remoteAddress), () => {
      // The rest of the body is not read.
      request.socket.once('finish', () => request.destroy());
      refuseSocket(request.socket, 'OVERLOADED', null, request);
    });
    const kept = isOfClientApi(request) ? this.#bodies.keep() : null;
    response.once('close', () => kept?.release());
    const left = new Promise<void>((resolve) => response.once('close', resolve));
    const sinceMonotonicMs = this.#options.clock.monotonicMs();
    try {
      const body = await smallBody(request, holding);
      if (body !== null) {
        kept?.add(body);
        kept?.end();
      }
      await this.#forward({ request, response, left, body, holding, kept, sinceMonotonicMs });
    } catch {
      // The client has left, or the answer of the leader cannot be written.
      response.destroy();
    } finally {
      holding.release();
    }
  }

  async #forward(exchange: Exchange): Promise<void> {
    const { leader, refuse } = this.#options;
    const { request, response, kept } = exchange;
    let lostWith: number | null = null;
    for (let { body } = exchange; ; body = kept?.whole() ?? body) {
      const channel = await this.#channel(exchange);
      if (channel === 'gone') return;
      // The leader that got it before goes on with a job in the background.
      const isRepeated = channel?.epoch === lostWith && mayOutliveClient(request);
      if (channel === null || isRepeated) {
        refuse(request, response, 'NOT_LEADER', { leader: leader(), ...(lostWith === null ? {} : { may_be_done: true }) });
        return;
      }
      const end = await this.#exchange(channel, { ...exchange, body });
      if (end !== 'lost' || response.destroyed) return;
      lostWith = channel.epoch;
      if (isRepeatable(request) || kept?.whole() != null) continue;
      refuse(request, response, 'NOT_LEADER', { leader: leader(), may_be_done: true });
      return;
    }
  }

  /** A channel that takes more. Null: there is none in time. */
  async #channel({ response, left }: Exchange): Promise<Channel | 'gone' | null> {
    for (;;) {
      const channel = await this.#options.link.whenLed(LEADER_WAIT_MS, left);
      if (response.destroyed) return 'gone';
      if (channel?.isFull !== true) return channel;
      await Promise.race([channel.whenDrained(), left]);
    }
  }

  async #exchange(channel: Channel, exchange: Exchange): Promise<AnswerEnd> {
    const { bus, clock } = this.#options;
    const { request, response, body, holding, kept } = exchange;
    const id = (this.#lastId += 1);
    const stream = body === null ? `${channel.replica}-${String(id)}-b` : null;
    const sender = stream === null ? null : new StreamSender(bus, clock, stream);
    let receiver: StreamReceiver | null = null;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    const onClose = (): void => {
      channel.send(HTTP_GONE, { id });
      this.#settle(id, 'failed');
      receiver?.stop('client_gone');
    };
    response.once('close', onClose);
    channel.send(HTTP_REQUEST, { id, ...this.#about(request), stream }, firstPart(request, body));
    if (sender === null) holding.release();
    else passBody(request, sender, holding, kept);
    try {
      const answer = await answered;
      if (answer === 'lost') return 'lost';
      if (answer === 'failed') return cut(response);
      if ('bytes' in answer) return writeWhole(response, answer.bytes);
      if ('job' in answer) return this.#openAnswer(answer.job, exchange);
      receiver = new StreamReceiver(bus, clock, answer.stream);
      this.#receivers.set(request.socket, receiver);
      return await passAnswer(receiver, response);
    } finally {
      response.off('close', onClose);
      sender?.abort('answered');
      if (receiver !== null) {
        this.#receivers.delete(request.socket);
        receiver.stop('done');
      }
    }
  }

  /** The job may be lost with the leader before the client has got a part of its answer. */
  #openAnswer(job: Uint8Array, exchange: Exchange): AnswerEnd {
    // Without its body, which only `kept` holds while the answer is open.
    const { request, response, left, holding, kept, sinceMonotonicMs } = exchange;
    const again = (): void => {
      const body = kept?.whole() ?? null;
      const { leader, refuse } = this.#options;
      if (body === null) refuse(request, response, 'NOT_LEADER', { leader: leader(), may_be_done: true });
      else this.#forward({ request, response, left, body, holding, kept, sinceMonotonicMs }).catch(() => response.destroy());
    };
    const begun = (): void => kept?.release();
    // One in chunks is kept as it goes to the leader.
    const body = (): Buffer | null => (request.headers['transfer-encoding'] === undefined ? (kept?.whole() ?? null) : null);
    const isOpen = this.#options.answers.open(job, response, { sinceMonotonicMs, again, begun, body });
    return isOpen ? 'whole' : cut(response);
  }

  #about({ socket }: IncomingMessage): Omit<RequestRecord, 'id' | 'stream'> {
    return {
      from: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
      at: { address: socket.localAddress ?? '', port: socket.localPort ?? 0 },
      transport: transportOf(socket),
      loopback: this.#options.loopback,
    };
  }

  #attach(channel: Channel): void {
    onRecord(channel, HTTP_ANSWER, answerSchema, ({ id, stream, job = false }, body) => {
      if (job) this.#settle(id, { job: body });
      else this.#settle(id, stream === null ? { bytes: body } : { stream });
    });
    onRecord(channel, HTTP_FAILED, failedSchema, ({ id }) => {
      this.#settle(id, 'failed');
    });
    // A replica has one channel at a time.
    void channel.ended.then(() => {
      for (const id of [...this.#waiting.keys()]) this.#settle(id, 'lost');
      for (const receiver of [...this.#receivers.values()]) receiver.stop(CHANNEL_ENDED);
    });
  }

  #settle(id: number, answer: Answer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}

/** It becomes a job whose client waits, or changes nothing that outlives its leader. */
const isOfClientApi = (request: IncomingMessage): boolean => request.method === 'POST' && formatOfPath(pathOf(request)) !== null;

/** A response in the background goes on when its client leaves. */
const mayOutliveClient = (request: IncomingMessage): boolean => request.method === 'POST' && pathOf(request) === '/v1/responses';

/** It only reads. */
const isRepeatable = (request: IncomingMessage): boolean => (request.method === 'GET' || request.method === 'HEAD') && !hasBody(request);

function firstPart({ method = 'GET', url = '/', rawHeaders }: IncomingMessage, body: Buffer | null): Buffer {
  const head = Buffer.from(encodeRequestHead({ method, url, rawHeaders }), 'latin1');
  return body === null ? head : Buffer.concat([head, body]);
}

function cut(response: ServerResponse): AnswerEnd {
  response.destroy();
  return 'cut';
}

function writeWhole(response: ServerResponse, bytes: Uint8Array): AnswerEnd {
  const answer = wholeAnswer(bytes);
  if (answer === null) return cut(response);
  writeHead(response, answer.head);
  response.end(answer.body);
  return 'whole';
}
