// Server-sent events from the bytes of a response: bytes cut anywhere, every line end, limits.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serverEvents, type ServerEventsOptions } from '../../../src/main/platform/server-events';
import { EventTooLarge } from '../../../src/shared/sse-parser';

type Piece = string | Uint8Array;
type Read = readonly [name: string, data: string];

const bytesOf = (piece: Piece): Uint8Array => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);

async function* bodyOf(pieces: readonly Piece[], onEnd: () => void = () => undefined): AsyncGenerator<Uint8Array> {
  try {
    for (const piece of pieces) yield await Promise.resolve(bytesOf(piece));
  } finally {
    onEnd();
  }
}

async function read(pieces: readonly Piece[], maxEventCharacters = 1000): Promise<Read[]> {
  const events: Read[] = [];
  for await (const { name, data } of serverEvents(bodyOf(pieces), { maxEventCharacters, takesUnfinished: true })) events.push([name, data]);
  return events;
}

async function dataOf(pieces: readonly Piece[], options: ServerEventsOptions = {}): Promise<string[]> {
  const read: string[] = [];
  for await (const { data } of serverEvents(bodyOf(pieces), options)) read.push(data);
  return read;
}

const message = (data: string): Read => ['message', data];

test.each<[string, readonly Piece[], readonly Read[]]>([
  ['one event', ['data: {"a":1}\n\n'], [message('{"a":1}')]],
  ['CRLF', ['data: a\r\n\r\ndata: b\r\n\r\n'], [message('a'), message('b')]],
  ['CR', ['data: a\r\rdata: b\r\r'], [message('a'), message('b')]],
  ['every line end in one event', ['data: a\rdata: b\r\ndata: c\n\r'], [message('a\nb\nc')]],
  ['CRLF cut in two', ['data: a\r', '\n\r', '\ndata: b\n\n'], [message('a'), message('b')]],
  ['CRLF cut in two with empty pieces between', ['data: a\r', '', '\n\r', '', '\ndata: b\n\n'], [message('a'), message('b')]],
  ['CR and LF that end two lines', ['data: a\r\r', '\ndata: b\r', '\r'], [message('a'), message('b')]],
  ['comments', [': ping\n\n: ping\ndata: a\n\n'], [message('a')]],
  ['data of several lines', ['data: a\ndata\ndata:b\n\n'], [message('a\n\nb')]],
  ['empty data', ['data\n\ndata:\n\ndata: \n\n'], [message(''), message(''), message('')]],
  ['only the first space removed', ['data:  a\n\n'], [message(' a')]],
  ['data with a colon', ['data: a: b\n\n'], [message('a: b')]],
  ['named event, then one without a name', ['event: error\ndata: x\n\ndata: y\n\n'], [['error', 'x'], message('y')]],
  ['name without data', ['event: ping\n\ndata: a\n\n'], [message('a')]],
  ['other fields', ['id: 1\nretry: 5\nretry: x\nother\nDATA: x\n data: y\ndata: a\n\n'], [message('a')]],
  ['byte order mark', ['\ufeffdata: a\n\n'], [message('a')]],
  ['byte order mark in a piece of its own', ['', '\ufeff', 'data: a\n\n'], [message('a')]],
  ['byte order mark further on', ['\n\ufeffdata: a\n\n'], []],
  ['invalid bytes', ['data: a', new Uint8Array([0xff, 0xc3]), '\n\n'], [message('a\ufffd\ufffd')]],
  ['last event without its empty line', ['data: a\n\ndata: b\n'], [message('a'), message('b')]],
  ['last event without its line end', ['data: a\n\ndata: ', '[DONE]'], [message('a'), message('[DONE]')]],
  ['named last event, ended by CR', ['event: error\ndata: x\r'], [['error', 'x']]],
  ['last character incomplete', ['data: a', new Uint8Array([0xc3])], [message('a\ufffd')]],
  ['last event without data', [': ping\nevent: ping'], []],
  ['empty body', [], []],
])('server events: %s', async (_what, pieces, events) => {
  expect(await read(pieces)).toEqual(events);
});

test('server events: bytes cut anywhere, also within a character, with an unfinished event -> same events', async () => {
  const bytes = bytesOf(
    '\ufeff: hi\r\n\r\nid: 1\r\ndata: {"text":"节点就绪 🙂"}\r\n\r\nevent: error\rdata: a\rdata: é\r\rdata: [DONE]\n\ndata: last\n',
  );
  const whole = await read([bytes]);
  expect(whole).toEqual([message('{"text":"节点就绪 🙂"}'), ['error', 'a\né'], message('[DONE]'), message('last')]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
      const ends = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      expect(await read(ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end)))).toEqual(whole);
    }),
  );
});

test('server events: bytes cut anywhere, also within a character -> the same events', async () => {
  const bytes = bytesOf('\ufeffdata: {"text":"节点就绪 🙂"}\r\n\r\ndata: é\n\ndata: [DONE]\n\ndata: unfinished');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
      const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const pieces = ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
      expect(await dataOf(pieces)).toEqual(['{"text":"节点就绪 🙂"}', 'é', '[DONE]']);
    }),
  );
});

test('server events: unfinished event at the end -> only with takesUnfinished', async () => {
  const pieces = ['data: a\n\ndata: ', '[DONE]'];
  expect(await dataOf(pieces)).toEqual(['a']);
  expect(await dataOf(pieces, { takesUnfinished: true })).toEqual(['a', '[DONE]']);
});

const x60 = 'x'.repeat(60);

test.each<[string, readonly Piece[]]>([
  ['one piece', [`data: ${'x'.repeat(1001)}\n\n`]],
  ['one piece with CRLF', [`data: ${'x'.repeat(1001)}\r\n\r\n`]],
  ['unfinished last event in one piece', [`data: ${'x'.repeat(1001)}`]],
  ['line without an end', ['data: ', ...Array.from({ length: 20 }, () => x60)]],
  ['many lines', Array.from({ length: 20 }, () => `data: ${x60}\n`)],
  ['many lines in one piece', [`data: ${x60}\n`.repeat(20)]],
  ['many lines without data', Array.from({ length: 20 }, () => 'data\n'.repeat(60))],
])('server events: event exceeds the limit (%s) -> EventTooLarge', async (_what, pieces) => {
  await expect(read(pieces)).rejects.toThrow(EventTooLarge);
});

test('server events: any number of events within the limit', async () => {
  expect(await read(Array.from({ length: 50 }, () => `data: ${x60}\n\n`))).toHaveLength(50);
});

test('server events: comment or unknown field without an end -> ignored', async () => {
  expect(
    await read([': ', ...Array.from({ length: 40 }, () => x60), '\nother', ...Array.from({ length: 40 }, () => x60), '\ndata: a\n\n']),
  ).toEqual([message('a')]);
});

test('server events: any text -> events within the limit or EventTooLarge', async () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('data', 'data:', 'event: error', 'id', ':', '\r', '\n', '\r\n\r\n', '[DONE]'));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 60 }), async (pieces) => {
      try {
        for (const [, data] of await read(pieces, 100)) expect(data.length).toBeLessThanOrEqual(100);
      } catch (cause) {
        expect(cause).toBeInstanceOf(EventTooLarge);
      }
    }),
  );
});

test('server events: body fails -> rejects with its error', async () => {
  const error = new Error('connection reset');
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytesOf('data: a\n\n'));
    throw error;
  }
  const events: string[] = [];
  const reading = (async () => {
    for await (const { data } of serverEvents(failing())) events.push(data);
  })();
  await expect(reading).rejects.toBe(error);
  expect(events).toEqual(['a']);
});

test('server events: consumer stops early -> body cancelled', async () => {
  let isCancelled = false;
  const body = bodyOf(['data: a\n\ndata: b\n\n', 'data: c\n\n'], () => (isCancelled = true));
  for await (const { data } of serverEvents(body)) if (data === 'a') break;
  expect(isCancelled).toBe(true);
});
