// Server-sent events from the bytes of a response.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serverEvents, type ServerEventsOptions } from '../../../src/main/platform/server-events';
import { EventTooLarge } from '../../../src/shared/sse-parser';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A body in pieces. `left` is called when the consumer stops reading. */
async function* bodyOf(pieces: readonly Uint8Array[], left: () => void = () => undefined): AsyncGenerator<Uint8Array> {
  try {
    for (const piece of pieces) yield await Promise.resolve(piece);
  } finally {
    left();
  }
}

async function dataOf(body: AsyncIterable<Uint8Array>, options: ServerEventsOptions = {}): Promise<string[]> {
  const read: string[] = [];
  for await (const { data } of serverEvents(body, options)) read.push(data);
  return read;
}

test('server events: bytes cut anywhere, also within a character -> the same events', async () => {
  const bytes = bytesOf('\ufeffdata: {"text":"节点就绪 🙂"}\r\n\r\ndata: é\n\ndata: [DONE]\n\ndata: unfinished');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
      const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const pieces = ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
      expect(await dataOf(bodyOf(pieces))).toEqual(['{"text":"节点就绪 🙂"}', 'é', '[DONE]']);
    }),
  );
});

test('server events: invalid UTF-8 -> replacement characters', async () => {
  expect(await dataOf(bodyOf([bytesOf('data: a'), new Uint8Array([0xff, 0xc3]), bytesOf('\n\n')]))).toEqual(['a\ufffd\ufffd']);
});

test('server events: event over the limit -> EventTooLarge', async () => {
  await expect(dataOf(bodyOf([bytesOf(`data: ${'x'.repeat(100)}`)]), { maxEventCharacters: 50 })).rejects.toThrow(EventTooLarge);
});

test('server events: unfinished event at the end -> only with takesUnfinished', async () => {
  const pieces = [bytesOf('data: a\n\ndata: '), bytesOf('[DONE]')];
  expect(await dataOf(bodyOf(pieces))).toEqual(['a']);
  expect(await dataOf(bodyOf(pieces), { takesUnfinished: true })).toEqual(['a', '[DONE]']);
});

test('server events: consumer stops early -> body cancelled', async () => {
  let isLeft = false;
  const body = bodyOf([bytesOf('data: a\n\ndata: b\n\n'), bytesOf('data: c\n\n')], () => (isLeft = true));
  for await (const { data } of serverEvents(body)) if (data === 'a') break;
  expect(isLeft).toBe(true);
});
