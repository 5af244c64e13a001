// The order in which large results are read.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LargeResults } from '../../../../src/main/scheduler/api/large-results';

const MIB = 1024 * 1024;
const SIZES: Readonly<Record<string, number>> = { large: 15 * MIB, small: 1000 };

it('large results asked for at once -> one in each turn of the event loop, the addresses by turns; a small one at once', async () => {
  const large = new LargeResults({ resultBytes: (jobId) => SIZES[jobId] ?? 0 });
  let turn = 0;
  const started: (readonly [from: string, turn: number])[] = [];
  const ask = (jobId: string, from: string): Promise<unknown> => large.turn(jobId, from).then(() => started.push([from, turn]));
  const asked = [...Array.from({ length: 5 }, () => ask('large', '10.0.0.1')), ask('large', '10.0.0.2'), ask('small', '10.0.0.3')];
  void Promise.all(asked).then(() => (turn = Infinity));
  for (; turn < 1000; turn++) await nextTurn();
  expect(started[0]).toEqual(['10.0.0.3', 0]);
  expect(started.slice(1).map(([from]) => from)).toEqual(['10.0.0.1', '10.0.0.2', ...Array.from({ length: 4 }, () => '10.0.0.1')]);
  const turns = started.slice(1).map(([, at]) => at);
  expect(new Set(turns).size).toBe(turns.length);
});
