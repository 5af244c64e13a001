// A message on the bus: the version of the frame, the leader epoch that its sender knows or has, and the body. Big-endian.
// Programs of two versions share a bus during an upgrade, so an unknown version is refused and not guessed.

/** Below the 1 MB that a NATS server accepts by default. What is larger goes through a stream. */
export const MAX_BODY_BYTES = 512 * 1024;
const VERSION = 1;
const EPOCH_AT = 1;
export const FRAME_HEAD_BYTES = 9;
/** Epochs are numbers of the database, one for each change of the leader: they stay far below 2^53. */
const MAX_EPOCH = Number.MAX_SAFE_INTEGER;
const HIGH = 2 ** 32;

export interface Frame {
  readonly epoch: number;
  readonly body: Uint8Array;
}

export const isEpoch = (epoch: number): boolean => Number.isSafeInteger(epoch) && epoch >= 0;

/** New bytes: a client of a bus keeps them until they are sent, so the caller may change its body at once. */
export function encodeFrame({ epoch, body }: Frame): Uint8Array {
  if (!isEpoch(epoch)) throw new RangeError(`not an epoch: ${String(epoch)}`);
  if (body.length > MAX_BODY_BYTES) throw new RangeError(`a body of ${String(body.length)} bytes is over ${String(MAX_BODY_BYTES)}`);
  const bytes = new Uint8Array(FRAME_HEAD_BYTES + body.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  view.setUint32(EPOCH_AT, Math.floor(epoch / HIGH));
  view.setUint32(EPOCH_AT + 4, epoch % HIGH);
  bytes.set(body, FRAME_HEAD_BYTES);
  return bytes;
}

/** Null: not a frame of this version. The body shares the memory of `bytes`. */
export function decodeFrame(bytes: Uint8Array): Frame | null {
  if (bytes.length < FRAME_HEAD_BYTES || bytes.length > FRAME_HEAD_BYTES + MAX_BODY_BYTES || bytes[0] !== VERSION) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, FRAME_HEAD_BYTES);
  const epoch = view.getUint32(EPOCH_AT) * HIGH + view.getUint32(EPOCH_AT + 4);
  // Not `subarray`: of a Buffer of Node it would be another Buffer, whose `slice` does not copy.
  const body = new Uint8Array(bytes.buffer, bytes.byteOffset + FRAME_HEAD_BYTES, bytes.length - FRAME_HEAD_BYTES);
  return epoch > MAX_EPOCH ? null : { epoch, body };
}
