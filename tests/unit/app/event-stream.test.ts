import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventStreamReader, type ServerSentEvent } from '../../../src/main/app/event-stream';

const stream =
  ': hello\n\nid: 1\ndata: {"a":1}\n\nid:2\r\ndata: one\r\ndata: two\r\n\r\nevent: x\nretry: 5\n\ndata\n\ndata: no id\n\ndata: unfinished\n';
const expected: ServerSentEvent[] = [
  { id: '1', data: '{"a":1}' },
  { id: '2', data: 'one\ntwo' },
  { id: null, data: '' },
  { id: null, data: 'no id' },
];

test('events come whole, however the stream is cut into chunks', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: stream.length })), (cuts) => {
      const reader = new EventStreamReader();
      const points = [0, ...[...cuts].sort((a, b) => a - b), stream.length];
      const events = points.flatMap((start, index) => reader.push(stream.slice(start, points[index + 1] ?? stream.length)));
      expect(events).toEqual(expected);
    }),
  );
});
