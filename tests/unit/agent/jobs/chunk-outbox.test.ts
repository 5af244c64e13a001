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

test('outbox: chunks numbered from 0, sent once', () => {
  const texts: string[] = [];
  const outbox = new ChunkOutbox({ jobId: 'j', attempt: 2 });
  expect([outbox.add({ a: 1 }), outbox.add('b')]).toEqual([true, true]);
  const send = (text: string) => texts.push(text) > 0;
  expect([outbox.flush(send, ANY_SIZE), outbox.flush(send, ANY_SIZE), outbox.hasUnsent]).toEqual([
    { end: 'all_sent' },
    { end: 'all_sent' },
    false,
  ]);
  expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual([
    { type: 'job_chunk', job_id: 'j', attempt: 2, seq: 0, data: { a: 1 } },
    { type: 'job_chunk', job_id: 'j', attempt: 2, seq: 1, data: 'b' },
  ]);
});

test('outbox: connection blocked -> chunks stay in order', () => {
  const { sent, outbox, send } = open();
  for (const data of ['a', 'b', 'c']) outbox.add(data);
  let capacity = 1;
  expect(outbox.flush((text) => capacity-- > 0 && send(text), ANY_SIZE)).toEqual({ end: 'blocked' });
  expect(outbox.hasUnsent).toBe(true);
  outbox.flush(send, ANY_SIZE);
  expect(sent).toEqual([0, 1, 2]);
});

test('outbox: new connection -> kept chunks sent again', () => {
  const { sent, outbox, send } = open();
  outbox.add('a');
  outbox.add('b');
  outbox.flush(send, ANY_SIZE);
  outbox.rewind();
  outbox.add('c');
  outbox.flush(send, ANY_SIZE);
  expect(sent).toEqual([0, 1, 0, 1, 2]);
});

test('outbox: limit reached -> sent chunks dropped, unsent chunks kept and overflowing', () => {
  const { sent, outbox, send } = open();
  for (let added = 0; added < 6; added++) {
    outbox.add(large);
    outbox.flush(send, ANY_SIZE);
    expect(outbox.isOverflowing).toBe(false);
  }
  outbox.rewind();
  outbox.flush(send, ANY_SIZE);
  expect(sent.slice(6)).toEqual([3, 4, 5]);
  const { outbox: stuck } = open();
  const overflows = [large, large, large, large].map((data) => {
    stuck.add(data);
    return stuck.isOverflowing;
  });
  expect(overflows).toEqual([false, false, false, true]);
});

test('outbox: chunk larger than the limit -> sent, may wait alone, sent again over a new connection', () => {
  const { sent, outbox, send } = open();
  for (const data of ['a', huge]) {
    outbox.add(data);
    outbox.flush(send, ANY_SIZE);
  }
  expect([sent, outbox.isOverflowing]).toEqual([[0, 1], false]);
  outbox.rewind();
  expect(outbox.isOverflowing).toBe(false);
  outbox.add('b');
  expect(outbox.isOverflowing).toBe(true);
  outbox.flush(send, ANY_SIZE);
  expect([sent, outbox.isOverflowing]).toEqual([[0, 1, 1, 2], false]);
});

test('outbox: chunk larger than the scheduler accepts -> not sent, later chunks wait', () => {
  const { sent, outbox, send } = open();
  for (const data of ['a', 'é'.repeat(100), 'b']) outbox.add(data);
  expect(outbox.flush(send, 200)).toEqual({ end: 'too_large', bytes: 263 });
  expect([sent, outbox.hasUnsent]).toEqual([[0], true]);
  expect(outbox.flush(send, 263)).toEqual({ end: 'all_sent' });
  expect(sent).toEqual([0, 1, 2]);
});

test('outbox: discarded -> keeps and sends nothing', () => {
  const { sent, outbox, send } = open();
  outbox.add('a');
  outbox.flush(send, ANY_SIZE);
  outbox.add('b');
  outbox.discard();
  expect([outbox.add('c'), outbox.hasUnsent]).toEqual([true, false]);
  outbox.rewind();
  expect(outbox.flush(send, ANY_SIZE)).toEqual({ end: 'all_sent' });
  expect(sent).toEqual([0]);
});

test('outbox: chunk that no frame can contain -> add returns false', () => {
  const { outbox } = open();
  expect(outbox.add(undefined)).toBe(false);
  expect(outbox.add(JSON.parse('['.repeat(80) + ']'.repeat(80)))).toBe(false);
});
