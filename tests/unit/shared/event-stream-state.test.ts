// When an event stream reconnects, and from which event.
import { expect, test } from 'vitest';
import {
  afterEvent,
  afterInvalidEvent,
  afterLoss,
  afterStableConnection,
  NEW_STREAM,
  resumeHeaders,
} from '../../../src/shared/event-stream-state';

const POLICY = { firstMs: 250, maxMs: 5000 };

test.each([
  ['longest', 1, [250, 500, 1000, 2000, 4000, 5000, 5000]],
  ['shortest', 0, [125, 125, 125, 125, 125, 125, 125]],
] as const)('event stream: losses in a row -> growing delay with jitter, at most the maximum (%s)', (_name, random, expected) => {
  let state = NEW_STREAM;
  const delays = Array.from({ length: 7 }, () => {
    const [next, delayMs] = afterLoss(state, POLICY, random);
    state = next;
    return delayMs;
  });
  expect(delays).toEqual(expected);
});

test('event stream: valid event -> next connection resumes after its id, delay keeps growing', () => {
  const [lost] = afterLoss(NEW_STREAM, POLICY, 1);
  const state = afterEvent(lost, '7');
  expect(resumeHeaders(state)).toEqual({ 'last-event-id': '7' });
  expect(afterLoss(state, POLICY, 1)).toEqual([{ failures: 2, lastEventId: '7' }, 500]);
});

test('event stream: connection that lasted -> delay starts again, next connection resumes', () => {
  const state = afterStableConnection({ failures: 5, lastEventId: '7' });
  expect(resumeHeaders(state)).toEqual({ 'last-event-id': '7' });
  expect(afterLoss(state, POLICY, 1)).toEqual([{ failures: 1, lastEventId: '7' }, 250]);
});

test('event stream: event without an id -> the last id stays', () => {
  expect(afterEvent({ failures: 0, lastEventId: '7' }, null).lastEventId).toBe('7');
  expect(resumeHeaders(afterEvent(NEW_STREAM, null))).toEqual({});
});

test.each([
  ['empty', ''],
  ['with characters that no header has', '节点'],
  ['longer than a header', '7'.repeat(257)],
])('event stream: id %s -> next connection starts with a snapshot', (_title, id) => {
  expect(resumeHeaders(afterEvent({ failures: 0, lastEventId: '7' }, id))).toEqual({});
});

test('event stream: invalid event -> next connection starts with a snapshot, delay keeps growing', () => {
  expect(afterInvalidEvent({ failures: 2, lastEventId: '7' })).toEqual({ failures: 2, lastEventId: null });
});
