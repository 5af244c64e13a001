// What nodes reported before the client of a job returned is passed on in turns of the event loop.
import { expect, it, vi } from 'vitest';
import { LateReports } from '../../../../src/main/scheduler/jobs/late-reports';
import { TurnCounts } from '../../../support/turn-counts';

const KEY = { jobId: 'job-1', attempt: 1 };
const MANY = 1000;
const MOST_IN_ONE_TURN = 200;
const numbers = Array.from({ length: MANY }, (_, number) => number);

function waiting(bytes = 0) {
  const [late, turns] = [new LateReports(), new TurnCounts()];
  const passed: (number | string)[] = [];
  const reportOf = (name: number | string) => (): void => {
    turns.count();
    passed.push(name);
  };
  const reports = numbers.map((number) => ({ report: reportOf(number), bytes }));
  late.passInTurns({ nodeId: 'node-a', ...KEY, reports });
  const done = (count: number): Promise<void> =>
    vi.waitFor(() => {
      expect(passed).toHaveLength(count);
    });
  return { late, turns, passed, reportOf, done };
}

it.each([
  [0, MOST_IN_ONE_TURN],
  [100_000, 10],
])('many reports of %i bytes each -> fewer than %i in one turn, in order, and before later ones', async (bytes, most) => {
  const { late, turns, passed, reportOf, done } = waiting(bytes);
  late.pass('node-a', KEY, null, reportOf('later'));
  late.pass('node-b', KEY, null, reportOf('other'));
  expect(passed.at(-1)).toBe('other');
  await done(MANY + 2);
  turns.stop();
  expect(turns.most).toBeLessThan(most);
  expect(passed.filter((name) => name !== 'other')).toEqual([...numbers, 'later']);
  late.pass('node-a', KEY, null, reportOf('at once'));
  expect(passed.at(-1)).toBe('at once');
});

it('the scheduler stops meanwhile -> nothing more is passed on', async () => {
  const { late, turns, passed } = waiting();
  const before = passed.length;
  late.stop();
  const later = waiting();
  await later.done(MANY);
  turns.stop();
  expect(before).toBeLessThan(MANY);
  expect(passed).toHaveLength(before);
});
