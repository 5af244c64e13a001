// The bus over NATS. The client keeps and sends nothing while it is disconnected, forgets servers that did not answer at first, and does not
// leave a connection that is blocked. This file replaces such a client by a new one, keeps the subscriptions, and bounds what waits for the
// network.
import type { NatsConnection, Status, Subscription } from '@nats-io/transport-node';
import { codeOfError } from '../../../../shared/errors';
import type { Clock, Timer } from '../../../platform/clock';
import type { BusFault, BusStatus } from './bus';
import type { BusLink, LinkMessage, Sending } from './bus-link';
import { FRAME_HEAD_BYTES, MAX_BODY_BYTES } from './core/frame';
import { faultOf } from './core/nats-faults';
import { CredentialsError } from './nats-options';
import { Unconfirmed } from './unconfirmed';

type Handler = (message: LinkMessage) => void;

/** `subscription`: of the present connection. The client ends it when the server refuses it. */
interface Listening {
  readonly pattern: string;
  readonly handler: Handler;
  subscription: Subscription | null;
}

export interface NatsDialer {
  /** Host and port of every configured server. */
  readonly servers: readonly string[];
  /** Rejects with CredentialsError or an error of the client. Tries each server once. */
  connect(): Promise<NatsConnection>;
}

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5000;
/** A server that hangs does not hold up the end of this program. */
const DRAIN_MS = 2000;
const NO_RESPONDERS = 503;

export class NatsLink implements BusLink {
  readonly #dialer: NatsDialer;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #listening = new Set<Listening>();
  readonly #listeners = new Set<(status: BusStatus) => void>();
  readonly #unconfirmed = new Unconfirmed();
  #connection: NatsConnection | null = null;
  #isConnected = false;
  #wasConnected = false;
  #isClosed = false;
  #pause: { readonly timer: Timer; readonly end: () => void } | null = null;

  constructor(dialer: NatsDialer, clock: Clock, random: () => number = Math.random) {
    this.#dialer = dialer;
    this.#clock = clock;
    this.#random = random;
    void this.#run();
  }

  get isConnected(): boolean {
    return this.#isConnected && !this.#isClosed;
  }

  send(subject: string, bytes: Uint8Array, replyTo: string | null): Sending {
    const connection = this.#connection;
    // Also while the bus closes: what has arrived is still answered.
    if (connection === null || !this.#isConnected) return 'unsent';
    if (!this.#unconfirmed.add(bytes.length, () => connection.flush())) return 'full';
    try {
      connection.publish(subject, bytes, replyTo === null ? {} : { reply: replyTo });
      return 'sent';
    } catch {
      // The connection is closing, or the server accepts only smaller messages, which is a fault already.
      return 'unsent';
    }
  }

  listen(pattern: string, handler: Handler): () => void {
    const listening: Listening = { pattern, handler, subscription: null };
    this.#listening.add(listening);
    if (this.isConnected) this.#subscribe(listening);
    return () => {
      this.#listening.delete(listening);
      listening.subscription?.unsubscribe();
    };
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async flush(): Promise<boolean> {
    const connection = this.#connection;
    if (connection === null || !this.isConnected) return false;
    return connection.flush().then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pause?.timer.cancel();
    this.#pause?.end();
    const connection = this.#connection;
    if (connection === null) return;
    if (this.#isConnected) await this.#drained(connection);
    this.#isConnected = false;
    await connection.close();
  }

  /** Connects, and again when the client has given up, until the bus is closed. */
  async #run(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !this.#hasLeft(); pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      const connection = await this.#dialer.connect().catch((cause: unknown) => {
        this.#fault(cause);
        return null;
      });
      if (connection !== null) {
        pauseMs = FIRST_PAUSE_MS;
        await this.#use(connection);
      }
      if (!this.#hasLeft()) await this.#wait(pauseMs * (1 + this.#random()));
    }
  }

  async #use(connection: NatsConnection): Promise<void> {
    if (this.#hasLeft()) {
      await connection.close();
      return;
    }
    this.#connection = connection;
    // The client has dropped the configured servers that did not answer. It may know more ones: those of the cluster.
    connection.setServers([...new Set([...this.#dialer.servers, ...connection.getServers().map(({ listen }) => listen)])]);
    const watched = this.#watch(connection);
    this.#onConnected(connection);
    const cause = await connection.closed();
    await watched;
    this.#onDisconnected();
    this.#connection = null;
    if (cause !== undefined && !this.#hasLeft()) this.#fault(cause);
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) this.#onClientStatus(connection, status);
  }

  #onClientStatus(connection: NatsConnection, status: Status): void {
    if (status.type === 'disconnect') this.#onDisconnected();
    if (status.type === 'reconnect') this.#onConnected(connection);
    if (status.type === 'error') this.#fault(status.error);
    if (status.type === 'staleConnection') {
      // The client would first wait until its last bytes are written, which a server that hangs or a cut network never allows.
      this.#onDisconnected();
      void connection.close();
    }
  }

  #onConnected(connection: NatsConnection): void {
    this.#isConnected = true;
    for (const listening of this.#listening)
      if (listening.subscription === null || listening.subscription.isClosed()) this.#subscribe(listening);
    const limit = connection.info?.max_payload ?? Infinity;
    if (limit < MAX_BODY_BYTES + FRAME_HEAD_BYTES) this.#notify({ type: 'fault', fault: { type: 'payload_limit', bytes: limit } });
    this.#notify({ type: this.#wasConnected ? 'reconnected' : 'connected', server: connection.getServer() });
    this.#wasConnected = true;
  }

  #onDisconnected(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#unconfirmed.clear();
    this.#notify({ type: 'disconnected' });
  }

  #subscribe(listening: Listening): void {
    listening.subscription =
      this.#connection?.subscribe(listening.pattern, {
        callback: (error, message) => {
          // A refusal: it comes by the status, too.
          if (error !== null) return;
          const isNoResponder = message.data.length === 0 && message.headers?.code === NO_RESPONDERS;
          listening.handler({ subject: message.subject, bytes: message.data, replyTo: message.reply ?? null, isNoResponder });
        },
      }) ?? null;
  }

  /** A method: it changes while others wait. */
  #hasLeft(): boolean {
    return this.#isClosed;
  }

  #fault(cause: unknown): void {
    this.#notify({ type: 'fault', fault: faultOfCause(cause) });
  }

  #drained(connection: NatsConnection): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimer(DRAIN_MS, resolve);
      void connection
        .drain()
        .catch(() => undefined)
        .then(() => {
          timer.cancel();
          resolve();
        });
    });
  }

  #wait(pauseMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#pause = { timer: this.#clock.setTimer(pauseMs, resolve), end: resolve };
    });
  }

  #notify(status: BusStatus): void {
    for (const listener of [...this.#listeners]) listener(status);
  }
}

function faultOfCause(cause: unknown): BusFault {
  if (cause instanceof CredentialsError) return { type: 'credentials', reason: cause.message };
  const error: Error & { readonly operation?: unknown; readonly subject?: unknown } =
    cause instanceof Error ? cause : new Error(String(cause));
  const { name, message, operation, subject } = error;
  return faultOf({ name, message, code: codeOfError(error) ?? codeOfError(error.cause), operation, subject });
}
