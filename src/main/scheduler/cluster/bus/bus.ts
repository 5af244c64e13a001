// The port to the bus between the members of a cluster. Nothing on the bus lasts: a message reaches the members that listen now, at most once,
// and a message that is lost makes no error. Streams (stream-sender.ts) number their messages and lose none.
import type { Result } from '../../../../shared/result';

export interface BusMessage {
  readonly subject: string;
  /** The leader epoch that the sender stamped: at least the one that this member knew. */
  readonly epoch: number;
  /** Valid after the handler has returned, too. */
  readonly body: Uint8Array;
  /** Answers a request. Without a request: does nothing. Returns false when the answer was not sent. */
  reply(body: Uint8Array, options?: SendOptions): boolean;
}

export interface SendOptions {
  /**
   * The epoch of the message. A leader passes the epoch of its own lease, so that its messages are refused after another leader was elected,
   * also when it has not noticed. Default: the highest epoch that this member knows.
   */
  readonly epoch?: number;
}

/**
 * `no_responder`: no member listens to the subject; none has the request. `overloaded`: not sent, too much waits for the network.
 * `refused`: the server permits this user no such subject. `timeout`, `disconnected`: unknown whether a member got the request.
 */
export type RequestFailure = 'no_responder' | 'timeout' | 'disconnected' | 'overloaded' | 'refused';

export type BusFault =
  /** The server does not permit this user to publish or to subscribe. */
  | { readonly type: 'permission'; readonly operation: 'publish' | 'subscribe'; readonly subject: string }
  /** The server refuses the name, the password, the token or the key. */
  | { readonly type: 'auth'; readonly reason: string }
  /** The file with the credentials cannot be read, or has none. */
  | { readonly type: 'credentials'; readonly reason: string }
  | { readonly type: 'tls'; readonly reason: string }
  | { readonly type: 'unreachable'; readonly reason: string }
  /** The server accepts only smaller messages than the bus sends. */
  | { readonly type: 'payload_limit'; readonly bytes: number }
  /** A handler of this member has thrown: a defect. */
  | { readonly type: 'handler'; readonly subject: string; readonly reason: string };

export type BusStatus =
  /** `server`: host and port, or empty inside of one process. */
  | { readonly type: 'connected' | 'reconnected'; readonly server: string }
  | { readonly type: 'disconnected' }
  /** A message, or this member itself, brought a higher epoch. */
  | { readonly type: 'epoch_raised'; readonly epoch: number }
  | { readonly type: 'fault'; readonly fault: BusFault };

export interface BusCounts {
  /** Messages that arrived with a lower epoch than the known one, and were dropped. */
  readonly stale: number;
  /** Messages that arrived and were not of this version. */
  readonly malformed: number;
  /** Messages of this member that were not sent: no connection, or too much waited for it. */
  readonly unsent: number;
}

/** Subjects are relative to the pool. In a pattern `*` stands for one token, and a last `>` for one or more. */
export interface Bus {
  readonly isConnected: boolean;
  /** The highest epoch that this member knows. */
  readonly epoch: number;
  readonly counts: BusCounts;
  /** The member has learned an epoch, such as that of its own lease. A lower one changes nothing. */
  raiseEpoch(epoch: number): void;
  /** Returns false when the message was not sent. The body has at most MAX_BODY_BYTES and may be changed afterwards. */
  publish(subject: string, body: Uint8Array, options?: SendOptions): boolean;
  /** Returns a function that ends the subscription. A subscription outlives a lost connection. */
  subscribe(pattern: string, handler: (message: BusMessage) => void): () => void;
  /** The first answer. */
  request(subject: string, body: Uint8Array, timeoutMs: number, options?: SendOptions): Promise<Result<Uint8Array, RequestFailure>>;
  /** Returns a function that ends the calls. */
  onStatus(listener: (status: BusStatus) => void): () => void;
  /** The server has all messages and subscriptions of before. False: the connection was lost meanwhile. */
  flush(): Promise<boolean>;
  /** Handles what has arrived, sends what waits, and leaves. Later messages are not sent. */
  close(): Promise<void>;
}
