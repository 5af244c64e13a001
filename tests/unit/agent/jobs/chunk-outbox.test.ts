import { expect, test } from 'vitest';
import { ChunkOutbox, MAX_KEPT_CHUNK_CHARACTERS } from '../../../../src/main/agent/jobs/chunk-outbox';

const open = () => {
  const sent: number[] = [];
  const outbox = new ChunkOutbox({ jobId: 'j', attempt: 2 });
  const send = (text: string) => {
    sent.push((JSON.parse(text) as { seq: number }).seq);
    return true;
  };
  return { sent, outbox, send };
};
const large = 'x'.repeat(MAX_KEPT_CHUNK_CHARACTERS / 4);
const huge = 'x'.repeat(2 * MAX_KEPT_CHUNK_CHARACTERS);
const ANY_SIZE = Infinity;

test('chunks are numbered from 0 and sent once', () => {
  const texts: string[] = [];
  const outbox = new ChunkOutbox({ jobId: 'j', attempt: 2 });
  expect([outbox.add({ a: 1 }), outbox.add('b')]).toEqual([true, true]);
  const send = (text: string) => texts.push(text) > 0;
  expect([outbox.flush(send, ANY_SIZE), outbox.flush(send, ANY_SIZE), outbox.waits]).toEqual([
    { end: 'all_sent' },
    { end: 'all_sent' },
    false,
  ]);
  expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual([
    { type: 'job_chunk', job_id: 'j', attempt: 2, seq: 0, data: { a: 1 } },
    { type: 'job_chunk', job_id: 'j', attempt: 2, seq: 1, data: 'b' },
  ]);
});

test('what the connection does not take waits, and nothing overtakes it', () => {
  const { sent, outbox, send } = open();
  for (const data of ['a', 'b', 'c']) outbox.add(data);
  let room = 1;
  expect(outbox.flush((text) => room-- > 0 && send(text), ANY_SIZE)).toEqual({ end: 'waits' });
  expect(outbox.waits).toBe(true);
  outbox.flush(send, ANY_SIZE);
  expect(sent).toEqual([0, 1, 2]);
});

test('over a new connection all that is kept is sent again', () => {
  const { sent, outbox, send } = open();
  outbox.add('a');
  outbox.add('b');
  outbox.flush(send, ANY_SIZE);
  outbox.rewind();
  outbox.add('c');
  outbox.flush(send, ANY_SIZE);
  expect(sent).toEqual([0, 1, 0, 1, 2]);
});

test('sent chunks give way to new ones; unsent ones never do, and then the stream does not flow', () => {
  const { sent, outbox, send } = open();
  for (let added = 0; added < 6; added++) {
    outbox.add(large);
    outbox.flush(send, ANY_SIZE);
    expect(outbox.overflows).toBe(false);
  }
  outbox.rewind();
  outbox.flush(send, ANY_SIZE);
  expect(sent.slice(6)).toEqual([3, 4, 5]);
  const { outbox: stuck } = open();
  const overflows = [large, large, large, large].map((data) => {
    stuck.add(data);
    return stuck.overflows;
  });
  expect(overflows).toEqual([false, false, false, true]);
});

test('a chunk larger than all that is kept flows like any other, may wait alone, and comes again over a new connection', () => {
  const { sent, outbox, send } = open();
  for (const data of ['a', huge]) {
    outbox.add(data);
    outbox.flush(send, ANY_SIZE);
  }
  expect([sent, outbox.overflows]).toEqual([[0, 1], false]);
  outbox.rewind();
  expect(outbox.overflows).toBe(false);
  outbox.add('b');
  expect(outbox.overflows).toBe(true);
  outbox.flush(send, ANY_SIZE);
  expect([sent, outbox.overflows]).toEqual([[0, 1, 1, 2], false]);
});

test('a chunk larger than the scheduler takes is not sent, and nothing overtakes it', () => {
  const { sent, outbox, send } = open();
  for (const data of ['a', 'é'.repeat(100), 'b']) outbox.add(data);
  expect(outbox.flush(send, 200)).toEqual({ end: 'too_large', bytes: 263 });
  expect([sent, outbox.waits]).toEqual([[0], true]);
  expect(outbox.flush(send, 263)).toEqual({ end: 'all_sent' });
  expect(sent).toEqual([0, 1, 2]);
});

test('an outbox that was given up keeps nothing, and sends nothing more', () => {
  const { sent, outbox, send } = open();
  outbox.add('a');
  outbox.flush(send, ANY_SIZE);
  outbox.add('b');
  outbox.giveUp();
  expect([outbox.add('c'), outbox.waits]).toEqual([true, false]);
  outbox.rewind();
  expect(outbox.flush(send, ANY_SIZE)).toEqual({ end: 'all_sent' });
  expect(sent).toEqual([0]);
});

test('a chunk that no frame can carry breaks the stream', () => {
  const { outbox } = open();
  expect(outbox.add(undefined)).toBe(false);
  expect(outbox.add(JSON.parse('['.repeat(80) + ']'.repeat(80)))).toBe(false);
});
