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

test('chunks are numbered from 0 and sent once', () => {
  const texts: string[] = [];
  const outbox = new ChunkOutbox({ jobId: 'j', attempt: 2 });
  expect([outbox.add({ a: 1 }), outbox.add('b')]).toEqual([true, true]);
  const send = (text: string) => texts.push(text) > 0;
  expect([outbox.flush(send), outbox.flush(send), outbox.waits]).toEqual([true, true, false]);
  expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual([
    { type: 'job_chunk', job_id: 'j', attempt: 2, seq: 0, data: { a: 1 } },
    { type: 'job_chunk', job_id: 'j', attempt: 2, seq: 1, data: 'b' },
  ]);
});

test('what the connection does not take waits, and nothing overtakes it', () => {
  const { sent, outbox, send } = open();
  for (const data of ['a', 'b', 'c']) outbox.add(data);
  let room = 1;
  expect(outbox.flush((text) => room-- > 0 && send(text))).toBe(false);
  expect(outbox.waits).toBe(true);
  outbox.flush(send);
  expect(sent).toEqual([0, 1, 2]);
});

test('over a new connection all that is kept is sent again', () => {
  const { sent, outbox, send } = open();
  outbox.add('a');
  outbox.add('b');
  outbox.flush(send);
  outbox.rewind();
  outbox.add('c');
  outbox.flush(send);
  expect(sent).toEqual([0, 1, 0, 1, 2]);
});

test('sent chunks give way to new ones; unsent ones never do, and then the stream is broken', () => {
  const { sent, outbox, send } = open();
  for (let added = 0; added < 6; added++) {
    expect(outbox.add(large)).toBe(true);
    outbox.flush(send);
  }
  outbox.rewind();
  outbox.flush(send);
  expect(sent.slice(6)).toEqual([3, 4, 5]);
  const { outbox: stuck } = open();
  expect([large, large, large, large].map((data) => stuck.add(data))).toEqual([true, true, true, false]);
});

test('a chunk that no frame can carry breaks the stream', () => {
  const { outbox } = open();
  expect(outbox.add(undefined)).toBe(false);
  expect(outbox.add(JSON.parse('['.repeat(80) + ']'.repeat(80)))).toBe(false);
});
