import { expect, it } from 'vitest';
import { groupsOf } from '../../../../src/main/hardware/decide/process-groups';

const process = (pid: number, parentPid: number, name = 'x') => ({ pid, parentPid, name, startTicks: 0, ownTicks: pid, endedTicks: 0 });
const processes = [process(1, 0), process(10, 1, 'muster'), process(11, 10), process(12, 11), process(20, 1, 'Ollama'), process(21, 20, 'runner'), process(30, 12, 'ollama')]; // oxfmt-ignore
const server = { id: 'http://127.0.0.1:11434', port: 11_434, processNames: ['ollama'] };
const pidsOf = (groups: ReturnType<typeof groupsOf>) =>
  groups.map(({ id, processes: members }) => [id, members.map(({ pid }) => pid).toSorted()]);

it.each([
  ['no server', [10], [], [['muster', [10, 11, 12, 30]]]],
  [
    'server by name, also inside the tree of Muster',
    [10],
    [server],
    [
      [server.id, [20, 21, 30]],
      ['muster', [10, 11, 12]],
    ],
  ],
  ['server that does not run', [10], [{ ...server, processNames: ['vllm'] }], [['muster', [10, 11, 12, 30]]]],
  ['server without a known name', [10], [{ ...server, processNames: [] }], [['muster', [10, 11, 12, 30]]]],
  ['Muster not in the list', [99], [], [['muster', []]]],
])('groups of processes: %s', (_title, pids, servers, expected) => {
  expect(pidsOf(groupsOf(processes, { pids, servers }))).toEqual(expected);
});

it("groups of processes: times kept, two processes that are each other's parent -> each once", () => {
  const [group] = groupsOf([process(5, 6), process(6, 5)], { pids: [5], servers: [] });
  expect(group?.processes).toEqual([
    { pid: 5, parentPid: 6, startTicks: 0, ownTicks: 5, endedTicks: 0 },
    { pid: 6, parentPid: 5, startTicks: 0, ownTicks: 6, endedTicks: 0 },
  ]);
});
