// The messages of a stream: each comes back, and other bytes are refused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeReceiverMessage,
  decodeSenderMessage,
  encodeReceiverMessage,
  encodeSenderMessage,
  MAX_PIECE_BYTES,
  type ReceiverMessage,
  type SenderMessage,
} from '../../../../../../src/main/scheduler/cluster/bus/core/stream-messages';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

const FROM_SENDER: readonly (readonly [SenderMessage, Uint8Array])[] = [
  [{ type: 'piece', seq: 0, bytes: bytes(), isLast: true }, bytes(2, 0, 0, 0, 0)],
  [{ type: 'piece', seq: 258, bytes: bytes(7, 8), isLast: false }, bytes(1, 0, 0, 1, 2, 7, 8)],
  [{ type: 'end', seq: 2 ** 32 - 1 }, bytes(3, 255, 255, 255, 255)],
  [{ type: 'error', seq: 1, code: 'no_ai' }, bytes(4, 0, 0, 0, 1, 110, 111, 95, 97, 105)],
  [{ type: 'probe' }, bytes(5)],
  [{ type: 'abort', code: 'x' }, bytes(6, 120)],
  [{ type: 'closed' }, bytes(7)],
];
const FROM_RECEIVER: readonly (readonly [ReceiverMessage, Uint8Array])[] = [
  [{ type: 'ack', next: 3, upTo: 2 ** 32 + 1, isAgain: false }, bytes(8, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1)],
  [{ type: 'ack', next: 0, upTo: 0, isAgain: true }, bytes(9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
  [{ type: 'stop', code: 'full' }, bytes(10, 102, 117, 108, 108)],
];

describe('stream messages', () => {
  test.each(FROM_SENDER)('sender: %j -> bytes, and back', (message, encoded) => {
    expect(encodeSenderMessage(message)).toEqual(encoded);
    expect(decodeSenderMessage(encoded)).toEqual(message);
    expect(decodeReceiverMessage(encoded)).toBeNull();
  });

  test.each(FROM_RECEIVER)('receiver: %j -> bytes, and back', (message, encoded) => {
    expect(encodeReceiverMessage(message)).toEqual(encoded);
    expect(decodeReceiverMessage(encoded)).toEqual(message);
    expect(decodeSenderMessage(encoded)).toBeNull();
  });

  test.each([
    ['empty', bytes()],
    ['unknown kind', bytes(99, 0, 0, 0, 0)],
    ['cut number', bytes(1, 0, 0, 0)],
    ['end with a rest', bytes(3, 0, 0, 0, 0, 1)],
    ['error without a code', bytes(4, 0, 0, 0, 0)],
    ['code with a capital', bytes(6, 65)],
    ['code of 65 letters', bytes(6, ...new Array<number>(65).fill(97))],
    ['probe with a rest', bytes(5, 0)],
    ['piece over the limit', new Uint8Array(5 + MAX_PIECE_BYTES + 1).fill(1, 0, 1)],
    ['cut acknowledgement', bytes(8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
    ['credit above 2^53', bytes(8, 0, 0, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0)],
  ])('%s -> refused', (_, encoded) => {
    expect([decodeSenderMessage(encoded), decodeReceiverMessage(encoded)]).toEqual([null, null]);
  });

  test('random bytes -> a message or null, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (encoded) => {
        const message = decodeSenderMessage(encoded);
        if (message !== null) expect(encodeSenderMessage(message)).toEqual(encoded);
        const answer = decodeReceiverMessage(encoded);
        if (answer !== null) expect(encodeReceiverMessage(answer)).toEqual(encoded);
      }),
    );
  });

  test.each([['', 'A', 'a b', 'x'.repeat(65)]])('code %j -> a defect', (code) => {
    expect(() => encodeSenderMessage({ type: 'abort', code })).toThrow(RangeError);
  });
});
