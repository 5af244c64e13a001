import { expect, test } from 'vitest';
import { streamToEnd } from '../../../../src/main/scheduler/api/stream-admission';

/** `a1`: the first stream of `a`. `o`: the owner. */
const stream = (name: string) => ({ name, client: { holder: { id: name.slice(0, 1), isOwner: name.startsWith('o') } } });

test.each([
  ['another holds more -> its oldest', 'a1 b1 a2 a3', 'b', 'a1'],
  ['the holder with the most, not the oldest stream', 'b1 a1 a2 a3', 'c', 'a1'],
  ['equal shares -> none', 'a1 b1 a2 b2', 'b', null],
  ['the share would only be exchanged -> none', 'a1 b1', 'c', null],
  ['the caller holds the most -> none', 'a1 a2 a3 b1', 'a', null],
  ['only the owner holds more -> none', 'o1 o2 o3 a1', 'b', null],
  ['owner, others hold one each -> the oldest', 'o1 b1 a1 o2', 'o', 'b1'],
  ['owner holds all -> none', 'o1 o2', 'o', null],
  ['no streams -> none', '', 'o', null],
])('all streams are taken, %s', (_what, open, caller, ended) => {
  const streams = open.split(' ').filter(Boolean).map(stream);
  expect(streamToEnd(streams, { id: caller, isOwner: caller === 'o' })?.name ?? null).toBe(ended);
});
