import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SseParser } from '../../../../src/renderer/api/sse-parser';

describe('an event stream', () => {
  test.each([
    ['one event', 'id: 7\ndata: {"a":1}\n\n', [{ id: '7', data: '{"a":1}' }]],
    ['comments and unknown fields are passed over', ': ping\nretry: 10\nevent: x\ndata:y\n\n', [{ id: null, data: 'y' }]],
    ['several data lines are joined by a line feed', 'data: a\ndata: b\n\n', [{ id: null, data: 'a\nb' }]],
    ['an empty block is no event', 'id: 3\n\ndata: a\n\n', [{ id: '3', data: 'a' }]],
    ['CRLF and CR end lines too', 'data: a\r\n\r\ndata: b\r\r', [{ id: null, data: 'a' }]],
    ['an event without its blank line waits', 'data: a\n', []],
  ])('%s', (_name, text, expected) => {
    expect(new SseParser().push(text)).toEqual(expected);
  });

  test('is read the same however it is cut into pieces', () => {
    const text = 'id: 1\r\ndata: {"x":"é"}\r\n\r\n: ping\n\nid: 2\ndata: a\ndata: b\n\n';
    const whole = new SseParser().push(text);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const parser = new SseParser();
        const bounds = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = bounds.slice(1).map((end, index) => text.slice(bounds[index], end));
        expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(whole);
      }),
    );
  });
});
