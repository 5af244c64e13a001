import { expect, test } from 'vitest';
import { askForCopies } from '../../../src/main/cli/ask-for-copies';
import { fail, ok } from '../../../src/shared/result';

const running = fail({ code: 'INVALID_STATE', message: 'busy', details: { reason: 'backup_running' } });
const denied = fail({ code: 'FORBIDDEN', message: 'no', details: null });

/** Answers with each result in turn, then with the last one. */
function asked(...results: readonly Awaited<ReturnType<Parameters<typeof askForCopies>[0]>>[]) {
  const seen = { asked: 0, sleptMs: [] as number[] };
  const ask = () => Promise.resolve(results[Math.min(seen.asked++, results.length - 1)] ?? denied);
  const sleep = (ms: number) => {
    seen.sleptMs.push(ms);
    return Promise.resolve();
  };
  return { seen, ask, sleep };
}

test('backup of another caller runs -> asked again until the answer comes', async () => {
  const { seen, ask, sleep } = asked(running, running, ok({ files: ['scheduler.db'] }));
  expect(await askForCopies(ask, sleep)).toEqual(ok({ files: ['scheduler.db'] }));
  expect(seen.asked).toBe(3);
  expect(Math.max(...seen.sleptMs)).toBeLessThanOrEqual(1000);
});

test('backup of another caller does not end -> the last refusal, after a bounded time', async () => {
  const { seen, ask, sleep } = asked(running);
  expect(await askForCopies(ask, sleep)).toEqual(running);
  expect(seen.sleptMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(15_000);
});

test('other refusal -> not asked again', async () => {
  const { seen, ask, sleep } = asked(denied);
  expect([await askForCopies(ask, sleep), seen.asked, seen.sleptMs]).toEqual([denied, 1, []]);
});
