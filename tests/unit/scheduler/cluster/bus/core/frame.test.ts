// The frame of a message: every epoch and body comes back, and other bytes are refused.
import { describe, expect, test } from 'vitest';
import { judgeEpoch } from '../../../../../../src/main/scheduler/cluster/bus/core/epoch-gate';
import { decodeFrame, encodeFrame, FRAME_HEAD_BYTES, MAX_BODY_BYTES } from '../../../../../../src/main/scheduler/cluster/bus/core/frame';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('frame', () => {
  test.each([
    ['no epoch, no body', 0, bytes(), bytes(1, 0, 0, 0, 0, 0, 0, 0, 0)],
    ['a small epoch', 7, bytes(255), bytes(1, 0, 0, 0, 0, 0, 0, 0, 7, 255)],
    ['above 32 bits', 2 ** 32 + 5, bytes(0, 1), bytes(1, 0, 0, 0, 1, 0, 0, 0, 5, 0, 1)],
    ['the highest epoch', Number.MAX_SAFE_INTEGER, bytes(9), bytes(1, 0, 31, 255, 255, 255, 255, 255, 255, 9)],
  ])('frame: %s -> bytes, and back', (_, epoch, body, encoded) => {
    expect(encodeFrame({ epoch, body })).toEqual(encoded);
    expect(decodeFrame(encoded)).toEqual({ epoch, body });
  });

  test.each([
    ['empty', bytes()],
    ['cut', bytes(1, 0, 0, 0, 0, 0, 0, 0)],
    ['another version', bytes(2, 0, 0, 0, 0, 0, 0, 0, 7)],
    ['an epoch above 2^53', bytes(1, 0, 32, 0, 0, 0, 0, 0, 0)],
    ['too long', new Uint8Array(FRAME_HEAD_BYTES + MAX_BODY_BYTES + 1).fill(1, 0, 1)],
  ])('frame: %s -> refused', (_, encoded) => {
    expect(decodeFrame(encoded)).toBeNull();
  });

  test('frame: part of a larger block -> decoded from its own start', () => {
    const block = new Uint8Array(20);
    block.set(encodeFrame({ epoch: 3, body: bytes(4, 5) }), 6);
    expect(decodeFrame(block.subarray(6, 17))).toEqual({ epoch: 3, body: bytes(4, 5) });
  });

  test('frame: in a Buffer -> the body is none: its slice is a copy', () => {
    const encoded = Buffer.from(encodeFrame({ epoch: 3, body: bytes(4, 5) }));
    const copy = decodeFrame(encoded)?.body.slice();
    encoded.fill(0);
    expect(copy).toEqual(bytes(4, 5));
  });

  test('frame: body changed after encoding -> frame stays', () => {
    const body = bytes(1);
    const encoded = encodeFrame({ epoch: 1, body });
    body[0] = 2;
    expect(encoded.at(-1)).toBe(1);
  });

  test.each([[-1], [1.5], [2 ** 53], [NaN]])('frame: epoch %d -> a defect', (epoch) => {
    expect(() => encodeFrame({ epoch, body: bytes() })).toThrow(RangeError);
  });

  test('frame: body over the limit -> a defect', () => {
    expect(() => encodeFrame({ epoch: 0, body: new Uint8Array(MAX_BODY_BYTES + 1) })).toThrow(RangeError);
    expect(encodeFrame({ epoch: 0, body: new Uint8Array(MAX_BODY_BYTES) })).toHaveLength(FRAME_HEAD_BYTES + MAX_BODY_BYTES);
  });
});

test.each([
  [7, 6, 'stale'],
  [7, 7, 'current'],
  [7, 8, 'newer'],
  [0, 0, 'current'],
] as const)('epochs: known %d, message of %d -> %s', (known, epoch, judgement) => {
  expect(judgeEpoch(known, epoch)).toBe(judgement);
});
