// Each entry of the tray calls what it says.
import { expect, test } from 'vitest';
import type { TrayAction } from '../../../src/main/desktop/core/tray-view';
import { performTrayAction } from '../../../src/main/desktop/tray-actions';
import { tomorrowWallMs } from '../../../src/shared/api/pause-times';
import { fail, ok } from '../../../src/shared/result';
import { ManualClock } from '../../support/manual-clock';

async function act(action: TrayAction, isRefused = false) {
  const done: unknown[] = [];
  const clock = new ManualClock();
  await performTrayAction(action, {
    api: {
      call: ((name: string, params: object) => {
        done.push([name, params]);
        return Promise.resolve(isRefused ? fail({ code: 'INVALID_STATE', message: '', details: null }) : ok(null));
      }) as never,
    },
    clock,
    logger: { log: (...line: unknown[]) => void done.push(line), isEnabled: () => true },
    open: (hash) => void done.push(['open', hash]),
    quit: () => void done.push(['quit']),
  });
  return { done, now: clock.wallMs() };
}

const { now } = await act('open');
const pauseUntil = (untilMs: number | null) => ['agent.pause', { until_ms: untilMs, running_jobs: 'finish' }];

test.each<[TrayAction, unknown]>([
  ['share', ['agent.resume', {}]],
  ['stop', pauseUntil(null)],
  ['pause_hour', pauseUntil(now + 3_600_000)],
  ['pause_tomorrow', pauseUntil(tomorrowWallMs(now))],
  ['pause_open', pauseUntil(null)],
  ['open', ['open', null]],
  ['settings', ['open', '#/settings']],
  ['quit', ['quit']],
])('tray: %s', async (action, call) => {
  expect((await act(action)).done).toEqual([call]);
});

test.each(['share', 'stop'] as const)('tray: %s is refused -> log line with the code', async (action) => {
  expect((await act(action, true)).done[1]).toEqual(['warn', 'tray_action_failed', { action, code: 'INVALID_STATE' }]);
});
