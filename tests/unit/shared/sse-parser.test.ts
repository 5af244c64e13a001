// Server-sent events from pieces of text.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventTooLarge, type ServerSentEvent, SseParser } from '../../../src/shared/sse-parser';

const parse = (pieces: readonly string[], limit = 1000): readonly ServerSentEvent[] => {
  const parser = new SseParser(limit);
  return pieces.flatMap((piece) => parser.push(piece));
};
const message = (data: string, id: string | null = null): ServerSentEvent => ({ id, name: 'message', data });

test.each<[string, readonly string[], readonly ServerSentEvent[]]>([
  ['one event', ['data: {"a":1}\n\n'], [message('{"a":1}')]],
  ['lines that end with CRLF', ['data: a\r\n\r\ndata: b\r\n\r\n'], [message('a'), message('b')]],
  ['lines that end with CR', ['data: a\r\rdata: b\r\r'], [message('a'), message('b')]],
  ['line ends of all kinds in one event', ['data: a\rdata: b\r\ndata: c\n\r'], [message('a\nb\nc')]],
  ['a CRLF cut in two', ['data: a\r', '\n\r', '\ndata: b\n\n'], [message('a'), message('b')]],
  ['a CRLF cut in two with nothing between', ['data: a\r', '', '\n\r', '', '\ndata: b\n\n'], [message('a'), message('b')]],
  ['a CR and an LF that end two lines', ['data: a\r\r', '\ndata: b\r', '\r'], [message('a'), message('b')]],
  ['an event that ends with the CR of its empty line', ['data: a\r\n\r'], [message('a')]],
  ['comments', [': ping\n\n: ping\ndata: a\n\n'], [message('a')]],
  ['data of several lines', ['data: a\ndata\ndata:b\n\n'], [message('a\n\nb')]],
  ['empty data', ['data\n\ndata:\n\ndata: \n\n'], [message(''), message(''), message('')]],
  ['only the first space is removed', ['data:  a\n\n'], [message(' a')]],
  ['data with a colon', ['data: a: b\n\n'], [message('a: b')]],
  [
    'a named event, then an event without a name',
    ['event: error\ndata: x\n\ndata: y\n\n'],
    [{ id: null, name: 'error', data: 'x' }, message('y')],
  ],
  ['a name without data', ['event: ping\n\ndata: a\n\n'], [message('a')]],
  [
    'an id applies until the next id',
    ['id: 1\ndata: a\n\ndata: b\n\nid:2\ndata: c\n\n'],
    [message('a', '1'), message('b', '1'), message('c', '2')],
  ],
  ['an id without data', ['id: 3\n\ndata: a\n\n'], [message('a', '3')]],
  ['an empty id resets the id', ['id: 3\ndata: a\n\nid\ndata: b\n\n'], [message('a', '3'), message('b', '')]],
  ['an id with a null character is ignored', ['id: 3\nid: 4\0\ndata: a\n\n'], [message('a', '3')]],
  ['unknown fields', ['retry: 5\nother\nDATA: x\n data: y\ndata: a\n\n'], [message('a')]],
  ['a byte order mark at the beginning', ['\ufeffdata: a\n\n'], [message('a')]],
  ['a byte order mark in its own piece', ['', '\ufeff', 'data: a\n\n'], [message('a')]],
  ['a byte order mark later, which is part of a field name', ['\n\ufeffdata: a\n\n'], []],
  ['an unfinished event is not returned', ['data: a\n\ndata: b\n'], [message('a')]],
])('SSE: %s', (_title, pieces, events) => {
  expect(parse(pieces)).toEqual(events);
});

test.each<[string, string, readonly ServerSentEvent[]]>([
  ['an event without its empty line', 'data: a\n\ndata: b\n', [message('b')]],
  ['an event without the end of its line', 'data: [DONE]', [message('[DONE]')]],
  ['a named event', 'event: error\ndata: x\r', [{ id: null, name: 'error', data: 'x' }]],
  ['no unfinished event', 'data: a\n\n', []],
  ['an event without data', ': ping\nevent: ping', []],
])('SSE end: %s', (_title, text, events) => {
  const parser = new SseParser(1000);
  parser.push(text);
  expect(parser.end()).toEqual(events);
  expect(parser.end()).toEqual([]);
});

test('SSE: text cut anywhere -> the same events', () => {
  const text =
    '\ufeff: hi\r\n\r\nid: 1\r\ndata: {"text":"节点就绪 🙂"}\r\n\r\nevent: error\rdata: a\rdata: é\r\rdata: [DONE]\n\ndata: left\n';
  const whole = parse([text]);
  expect(whole).toHaveLength(3);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
      const ends = [0, ...cuts.sort((a, b) => a - b), text.length];
      expect(parse(ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end)))).toEqual(whole);
    }),
  );
});

test.each<[string, readonly string[]]>([
  ['one line without an end', ['data: ', ...Array.from({ length: 20 }, () => 'x'.repeat(60))]],
  ['many lines without an end of the event', Array.from({ length: 20 }, () => `data: ${'x'.repeat(60)}\n`)],
  ['many lines without data', Array.from({ length: 20 }, () => 'data\n'.repeat(60))],
  ['one piece', [`data: ${'x'.repeat(1001)}\n\n`]],
])('SSE: %s over the limit -> EventTooLarge', (_title, pieces) => {
  expect(() => parse(pieces)).toThrow(new EventTooLarge('a server-sent event has more than 1000 characters'));
});

test('SSE: a comment or unknown field without an end -> ignored, not buffered', () => {
  const parser = new SseParser(1000);
  for (const start of [': ', 'unknown: ']) {
    parser.push(start);
    for (let i = 0; i < 100; i++) expect(parser.push('x'.repeat(60))).toEqual([]);
    expect(parser.push('\n')).toEqual([]);
  }
  expect(parser.push('data: a\n\n')).toEqual([message('a')]);
});

test('SSE: any number of events within the limit', () => {
  expect(parse(Array.from({ length: 50 }, () => `data: ${'x'.repeat(60)}\n\n`))).toHaveLength(50);
});

test('SSE: any text -> no exception but EventTooLarge', () => {
  const line = fc.oneof(fc.string(), fc.constantFrom('data', 'data:', 'event: error', 'id', ':', '\r', '\n', '\r\n\r\n', '[DONE]'));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (pieces) => {
      try {
        for (const { data } of parse(pieces, 100)) expect(data.length).toBeLessThan(100);
      } catch (cause) {
        expect(cause).toBeInstanceOf(EventTooLarge);
      }
    }),
  );
});
