// The spans of the bar, and the events as texts.
import { expect, test } from 'vitest';
import { eventText, newestFirst, presentOf, spansOf } from '../../../../src/renderer/pages/nodes/timeline';
import type { NodeEvent } from '../../../../src/shared/api/node-history';
import { nodeHistory } from '../../../support/pool-figures';
import { labelsIn } from '../support/labels';

const MINUTE = 60_000;
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const spans = (at: readonly number[], state: readonly ('available' | 'full' | 'offline')[], until = 60): unknown =>
  spansOf(nodeHistory({ at: at.map((minute) => minute * MINUTE), state: [...state], from: 0, until: until * MINUTE })).map(
    ({ fromWallMs, toWallMs, state: one }) => [fromWallMs / MINUTE, toWallMs / MINUTE, one],
  );

test.each<[string, unknown, unknown]>([
  ['no point -> one gap', spans([], []), [[0, 60, null]]],
  [
    'equal neighbours -> one span; a missing point -> a gap',
    spans([0, 1, 2, 4, 5], ['available', 'available', 'full', 'full', 'offline'], 6),
    [
      [0, 2, 'available'],
      [2, 3, 'full'],
      [3, 4, null],
      [4, 5, 'full'],
      [5, 6, 'offline'],
    ],
  ],
  [
    'the first period began before the range -> cut',
    spans([-0.5, 0.5], ['full', 'full'], 2),
    [
      [0, 1.5, 'full'],
      [1.5, 2, null],
    ],
  ],
  ['the present period has not ended -> cut', spans([0], ['full'], 0.5), [[0, 0.5, 'full']]],
])('bar: %s', (_what, found, expected) => {
  expect(found).toEqual(expected);
});

const EVENTS: readonly NodeEvent[] = [
  { kind: 'state', at: 0, state: 'disconnected', cause: { type: 'connection' } },
  { kind: 'jobs_lost', at: MINUTE, cause: 'lost', jobs: 2 },
  { kind: 'state', at: 36 * MINUTE, state: 'paused', cause: { type: 'pause', code: 'full_screen', until: null, note: 'Factorio' } },
  { kind: 'state', at: 40 * MINUTE, state: 'draining', cause: { type: 'drain', by: 'operator', note: 'driver update' } },
  { kind: 'state', at: 50 * MINUTE, state: 'available', cause: { type: 'status', reason_code: 'health_check_passed' } },
];

test.each([
  [
    'en',
    [
      'All health checks passed',
      'for 10 min · Drained by an operator: driver update',
      'for 4 min · Full-screen program (Factorio)',
      '2 jobs lost with the node',
      'for 36 min',
    ],
  ],
  ['zh-CN', undefined],
] as const)('%s: events, newest first, with their length and cause', (language, expected) => {
  const texts = newestFirst(EVENTS).map(({ event, nextWallMs }) => plain(eventText(labelsIn(language), event, nextWallMs)));
  if (expected !== undefined) expect(texts).toEqual(expected);
  else
    expect(texts.slice(1)).toEqual([
      '持续 10 分钟 · 由管理员排空：driver update',
      expect.stringMatching(/^持续 4 分钟 · /),
      '随节点丢失 2 个任务',
      '持续 36 分钟',
    ]);
});

test.each([
  ['busy -> one more event, and the state before it has ended', 'busy', 55 * MINUTE, 'Busy'],
  ['full -> the same', 'full', 55 * MINUTE, 'Full'],
  ['available -> its own event says it', 'available', 55 * MINUTE, null],
  ['busy before the last event: the clock of the scheduler -> after it', 'busy', 49 * MINUTE, 'Busy'],
] as const)('%s', (_what, state, since, expected) => {
  const present = presentOf({ state, since, reasons: [] }, EVENTS);
  expect(present === null ? null : labelsIn('en').t(`availability.${present.state}`)).toBe(expected);
  const [last] = newestFirst(EVENTS, present?.at ?? null);
  expect(last?.nextWallMs).toBe(expected === null ? null : Math.max(since, 50 * MINUTE));
});
