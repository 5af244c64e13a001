// The messages of a stream of chunks. From the sender: numbered pieces, the end, and messages without a number. From the receiver: what it
// has and how much more it takes, both as absolute numbers, so that a lost message of the receiver does no harm.
import { assertNever } from '../../../../../shared/assert-never';

/** Larger payloads are cut: a large message holds up the small ones behind it on the same connection. */
export const MAX_PIECE_BYTES = 128 * 1024;
/** What a piece costs besides its bytes, in the credit of a receiver: many small pieces need memory too. */
export const PIECE_OVERHEAD = 64;
const MAX_CODE_LENGTH = 64;
const CODE = /^[a-z0-9_]{1,64}$/;
const HIGH = 2 ** 32;

export interface Piece {
  readonly bytes: Uint8Array;
  /** The last piece of a payload. */
  readonly isLast: boolean;
}

export type SenderMessage =
  | ({ readonly type: 'piece'; readonly seq: number } & Piece)
  | { readonly type: 'end'; readonly seq: number }
  /** The end of a stream that failed. It comes after all pieces. */
  | { readonly type: 'error'; readonly seq: number; readonly code: string }
  /** The sender is alive and asks for an acknowledgement. */
  | { readonly type: 'probe' }
  /** The sender has left without sending the rest. */
  | { readonly type: 'abort'; readonly code: string }
  /** The sender has got the last acknowledgement, or the stop. */
  | { readonly type: 'closed' };

export type ReceiverMessage =
  /** All numbers below `next` have arrived. New pieces may start below the cost `upTo`. `isAgain`: a number at or above `next` is missing. */
  | { readonly type: 'ack'; readonly next: number; readonly upTo: number; readonly isAgain: boolean }
  | { readonly type: 'stop'; readonly code: string };

export const costOf = ({ bytes }: Piece): number => bytes.length + PIECE_OVERHEAD;
export const isCode = (text: string): boolean => CODE.test(text);

const PIECE = 1;
const LAST_PIECE = 2;
const END = 3;
const ERROR = 4;
const PROBE = 5;
const ABORT = 6;
const CLOSED = 7;
const ACK = 8;
const ACK_AGAIN = 9;
const STOP = 10;
const NUMBERED_HEAD = 5;
const ACK_BYTES = 13;

export function encodeSenderMessage(message: SenderMessage): Uint8Array {
  switch (message.type) {
    case 'piece':
      return numbered(message.isLast ? LAST_PIECE : PIECE, message.seq, message.bytes);
    case 'end':
      return numbered(END, message.seq, new Uint8Array(0));
    case 'error':
      return numbered(ERROR, message.seq, codeBytes(message.code));
    case 'probe':
      return Uint8Array.of(PROBE);
    case 'abort':
      return Uint8Array.of(ABORT, ...codeBytes(message.code));
    case 'closed':
      return Uint8Array.of(CLOSED);
    default:
      return assertNever(message);
  }
}

export function encodeReceiverMessage(message: ReceiverMessage): Uint8Array {
  if (message.type === 'stop') return Uint8Array.of(STOP, ...codeBytes(message.code));
  const bytes = new Uint8Array(ACK_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = message.isAgain ? ACK_AGAIN : ACK;
  view.setUint32(1, message.next);
  view.setUint32(5, Math.floor(message.upTo / HIGH));
  view.setUint32(9, message.upTo % HIGH);
  return bytes;
}

/** Null: not a message of a sender. The bytes of a piece share the memory of `body`. */
export function decodeSenderMessage(body: Uint8Array): SenderMessage | null {
  const kind = body[0];
  if (kind === PROBE || kind === CLOSED) return body.length === 1 ? { type: kind === PROBE ? 'probe' : 'closed' } : null;
  if (kind === ABORT) {
    const code = codeOf(body.subarray(1));
    return code === null ? null : { type: 'abort', code };
  }
  if (body.length < NUMBERED_HEAD || kind === undefined) return null;
  const seq = new DataView(body.buffer, body.byteOffset, body.length).getUint32(1);
  return decodeNumbered(kind, seq, body.subarray(NUMBERED_HEAD));
}

function decodeNumbered(kind: number, seq: number, rest: Uint8Array): SenderMessage | null {
  switch (kind) {
    case PIECE:
    case LAST_PIECE:
      return rest.length > MAX_PIECE_BYTES ? null : { type: 'piece', seq, bytes: rest, isLast: kind === LAST_PIECE };
    case END:
      return rest.length > 0 ? null : { type: 'end', seq };
    case ERROR: {
      const code = codeOf(rest);
      return code === null ? null : { type: 'error', seq, code };
    }
    default:
      return null;
  }
}

export function decodeReceiverMessage(body: Uint8Array): ReceiverMessage | null {
  const kind = body[0];
  if (kind === STOP) {
    const code = codeOf(body.subarray(1));
    return code === null ? null : { type: 'stop', code };
  }
  if ((kind !== ACK && kind !== ACK_AGAIN) || body.length !== ACK_BYTES) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const upTo = view.getUint32(5) * HIGH + view.getUint32(9);
  return Number.isSafeInteger(upTo) ? { type: 'ack', next: view.getUint32(1), upTo, isAgain: kind === ACK_AGAIN } : null;
}

function numbered(kind: number, seq: number, rest: Uint8Array): Uint8Array {
  if (seq >= HIGH) throw new RangeError('a stream has at most 2^32 pieces');
  const bytes = new Uint8Array(NUMBERED_HEAD + rest.length);
  bytes[0] = kind;
  new DataView(bytes.buffer).setUint32(1, seq);
  bytes.set(rest, NUMBERED_HEAD);
  return bytes;
}

function codeBytes(code: string): Uint8Array {
  if (!isCode(code)) throw new RangeError(`not a code: ${code}`);
  return Uint8Array.from(code, (character) => character.charCodeAt(0));
}

function codeOf(bytes: Uint8Array): string | null {
  if (bytes.length > MAX_CODE_LENGTH) return null;
  const code = String.fromCharCode(...bytes);
  return isCode(code) ? code : null;
}
