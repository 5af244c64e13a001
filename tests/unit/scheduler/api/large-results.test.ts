// The order and the times in which large results are read.
import { expect, it } from 'vitest';
import { LargeResults } from '../../../../src/main/scheduler/api/large-results';
import { ManualClock } from '../../../support/manual-clock';

const MIB = 1024 * 1024;
const SIZES: Readonly<Record<string, number>> = { large: 16 * MIB, medium: MIB, small: 1000 };

it('large results asked for at once -> 64 MiB in a second, the addresses by turns; a small one at once', async () => {
  const clock = new ManualClock();
  const large = new LargeResults({ resultBytes: (jobId) => Promise.resolve(SIZES[jobId] ?? 0) }, clock);
  const startMs = clock.monotonicMs();
  const started: (readonly [from: string, afterMs: number, isLarge: boolean])[] = [];
  const ask = (jobId: string, from: string): Promise<unknown> =>
    large.turn(jobId, from).then((isLarge) => started.push([from, clock.monotonicMs() - startMs, isLarge]));
  const asked = Promise.all([
    ...Array.from({ length: 3 }, () => ask('large', '10.0.0.1')),
    ask('medium', '10.0.0.2'),
    ask('small', '10.0.0.3'),
  ]);
  for (let ms = 0; ms < 1000; ms += 4) {
    await new Promise(setImmediate);
    clock.advance(4);
  }
  await asked;
  expect(started).toEqual([
    ['10.0.0.3', 0, false],
    ['10.0.0.1', 4, true],
    ['10.0.0.2', 260, true],
    ['10.0.0.1', 276, true],
    ['10.0.0.1', 532, true],
  ]);
});
