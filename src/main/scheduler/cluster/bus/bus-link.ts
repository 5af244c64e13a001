// What a bus needs from its transport: bytes on subjects. FramedBus makes a Bus of it; NATS and one process implement it.
import type { BusStatus } from './bus';

export interface LinkMessage {
  readonly subject: string;
  readonly bytes: Uint8Array;
  /** Where an answer goes, or null. */
  readonly replyTo: string | null;
  /** The answer of the transport to a request that no member listens to. */
  readonly isNoResponder: boolean;
}

/** `unsent`: there is no connection. `full`: too much waits for the network. */
export type Sending = 'sent' | 'unsent' | 'full';

export interface BusLink {
  readonly isConnected: boolean;
  /** Keeps `bytes` until they are sent: the caller changes them no more. */
  send(subject: string, bytes: Uint8Array, replyTo: string | null): Sending;
  /** The handler does not throw. Returns a function that ends the calls. */
  listen(pattern: string, handler: (message: LinkMessage) => void): () => void;
  onStatus(listener: (status: BusStatus) => void): () => void;
  flush(): Promise<boolean>;
  close(): Promise<void>;
}
