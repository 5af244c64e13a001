import { expect, it } from 'vitest';
import { ticksUsed } from '../../../../src/main/hardware/decide/process-use';

const process = (pid: number, parentPid: number, ownTicks: number, endedTicks = 0, startTicks = 1) => ({ pid, parentPid, startTicks, ownTicks, endedTicks }); // oxfmt-ignore
const main = process(1, 0, 100);

it.each([
  ['no process', [], [], 0],
  ['idle', [main], [main], 0],
  ['a process and its child', [main, process(2, 1, 50)], [process(1, 0, 103), process(2, 1, 60)], 13],
  ['new child', [main], [main, process(2, 1, 7, 3)], 10],
  ['new process that the group did not start', [main], [main, process(9, 4, 5000)], 0],
  ['child started and ended between the samples', [main], [process(1, 0, 100, 20)], 20],
  ['child ended: only its time since the last sample counts', [main, process(2, 1, 50)], [process(1, 0, 100, 58)], 8],
  ['grandchild ended with its parent', [main, process(2, 1, 50), process(3, 2, 30)], [process(1, 0, 100, 95)], 15],
  ['grandchild ended before its parent', [main, process(2, 1, 50), process(3, 2, 30)], [main, process(2, 1, 50, 34)], 4],
  ['child ended and was not waited for', [main, process(2, 1, 50)], [process(1, 0, 101)], 1],
  ['whole group ended', [main, process(2, 1, 50)], [], 0],
  ['pid used again by another child', [main, process(2, 1, 50)], [process(1, 0, 100, 52), process(2, 1, 4, 0, 9)], 6],
  ['pid used again by a process that the group did not start', [main, process(2, 1, 50)], [main, process(2, 77, 900, 0, 9)], 0],
  ['times that run backwards', [main], [process(1, 0, 90)], 0],
  ["ended processes that are each other's parent", [process(5, 6, 1), process(6, 5, 1)], [], 0],
])('ticks used: %s', (_title, before, now, expected) => {
  expect(ticksUsed(before, now)).toBe(expected);
});
