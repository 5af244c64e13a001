// Server-sent events, however the network cut them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventTooLarge, SseParser } from '../../../../src/main/runtimes/openai-compatible/sse-parser';

const parse = (pieces: readonly (string | Uint8Array)[], limit = 1000) => {
  const parser = new SseParser(limit);
  return pieces.flatMap((piece) => parser.push(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
};
const message = (data: string) => ({ name: 'message', data });

test.each<[string, readonly string[], readonly unknown[]]>([
  ['one event', ['data: {"a":1}\n\n'], [message('{"a":1}')]],
  ['lines that end with CRLF', ['data: a\r\n\r\ndata: b\r\n\r\n'], [message('a'), message('b')]],
  ['lines that end with CR', ['data: a\r\rdata: b\r\r'], [message('a'), message('b')]],
  ['a CRLF cut in two', ['data: a\r', '\n\r', '\ndata: b\n\n'], [message('a'), message('b')]],
  ['comments', [': ping\n\n: ping\ndata: a\n\n'], [message('a')]],
  ['data of several lines', ['data: a\ndata\ndata:b\n\n'], [message('a\n\nb')]],
  ['only the first space is no data', ['data:  a\n\n'], [message(' a')]],
  ['a named event, and the next without a name', ['event: error\ndata: x\n\ndata: y\n\n'], [{ name: 'error', data: 'x' }, message('y')]],
  ['fields that nobody needs', ['id: 1\nretry: 5\nother\ndata: a\n\n'], [message('a')]],
  ['an event without data', ['event: ping\n\ndata: a\n\n'], [message('a')]],
  ['a mark at the beginning', ['\ufeffdata: a\n\n'], [message('a')]],
  ['an event that was not ended', ['data: a\n\ndata: b\n'], [message('a')]],
])('%s', (_what, pieces, events) => {
  expect(parse(pieces)).toEqual(events);
});

test.each<[string, string, readonly unknown[]]>([
  ['an event without its empty line', 'data: a\n\ndata: b\n', [message('b')]],
  ['an event without the end of its line', 'data: [DONE]', [message('[DONE]')]],
  ['a named event', 'event: error\ndata: x\r', [{ name: 'error', data: 'x' }]],
  ['nothing', 'data: a\n\n', []],
  ['an event without data', ': ping\nevent: ping', []],
])('the end of the body completes %s', (_what, bytes, events) => {
  const parser = new SseParser(1000);
  parser.push(new TextEncoder().encode(bytes));
  expect(parser.end()).toEqual(events);
  expect(parser.end()).toEqual([]);
});

test('wherever the bytes are cut, the events are the same', () => {
  const bytes = new TextEncoder().encode(
    ': hi\r\n\r\ndata: {"text":"节点就绪 🙂"}\r\n\r\nevent: error\ndata: a\ndata: é\n\ndata: [DONE]\n\n',
  );
  const whole = parse([bytes]);
  expect(whole).toHaveLength(3);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
      const ends = [...new Set([0, ...cuts, bytes.length])].sort((a, b) => a - b);
      expect(parse(ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end)))).toEqual(whole);
    }),
  );
});

test.each([
  ['one line without an end', ['data: ', ...Array.from({ length: 20 }, () => 'x'.repeat(60))]],
  ['many lines without an end of the event', Array.from({ length: 20 }, () => `data: ${'x'.repeat(60)}\n`)],
])('%s is given up when it is too large', (_what, pieces) => {
  expect(() => parse(pieces)).toThrow(EventTooLarge);
});

test('whatever comes, the parser only ever gives it up for its size', () => {
  const line = fc.oneof(fc.string(), fc.constantFrom('data', 'data:', 'event: error', ':', '\r', '\n', '\r\n\r\n', '[DONE]'));
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.uint8Array()), { maxLength: 60 }), (pieces) => {
      try {
        for (const { data } of parse(pieces, 100)) expect(data.length).toBeLessThanOrEqual(100 + pieces.length);
      } catch (cause) {
        expect(cause).toBeInstanceOf(EventTooLarge);
      }
    }),
  );
});
