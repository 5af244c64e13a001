// The limits of a stream. Sender and receiver of a stream use the same ones.

export interface StreamLimits {
  /** What the receiver holds for a slow reader, and what the sender holds for a slow receiver (costs: bytes and the overhead of pieces). */
  readonly windowBytes: number;
  /**
   * A side that has heard nothing for this long has lost the other one. For as long, a receiver answers a sender that may not have got its
   * last acknowledgement; the sender usually confirms at once.
   */
  readonly idleMs: number;
}

/** The sender notices a change of the NATS server after 3 to 4.5 s (two pings of 1.5 s), which must not end the stream. */
export const STREAM_LIMITS: StreamLimits = { windowBytes: 512 * 1024, idleMs: 15_000 };

/** The first wait for an acknowledgement. It doubles while none comes. More than ACK_DELAY_MS and a round trip. */
export const RETRY_MS = 300;
export const MAX_RETRY_MS = 2000;
/** Pieces that arrive within this time share an acknowledgement, unless they fill a quarter of the window. */
export const ACK_DELAY_MS = 20;
/** One gap makes every later piece that is already on its way a request to resend: only the first one counts. */
export const RESEND_PAUSE_MS = 50;
/** Parts of the window or of the idle time. */
export const QUARTER = 4;
