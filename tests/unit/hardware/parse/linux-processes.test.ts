import { describe, expect, it } from 'vitest';
import { parseCpuTicks, parseListeners, parsePids, parseProcessStat } from '../../../../src/main/hardware/parse/linux-processes';

describe('parseCpuTicks', () => {
  it.each([
    ['whole machine', 'cpu  100 10 40 800 50 0 5 7 3 0\ncpu0 1 1 1 1 1 1 1\n', { busy: 155, total: 1005 }],
    ['old kernel', 'cpu  100 10 40 800\n', { busy: 150, total: 950 }],
    ['no line for the whole machine', 'cpu0 1 2 3 4\n', null],
    ['not numbers', 'cpu  a b c d\n', null],
    ['too few columns', 'cpu  1 2 3\n', null],
    ['empty', '', null],
  ])('%s', (_title, text, expected) => {
    expect(parseCpuTicks(text)).toEqual(expected);
  });
});

/** utime 14, stime 15, cutime 16, cstime 17, start 22. */
const stat = (pid: string, name: string, tail = '4242 4240 4240 0 -1 4194560 10 20 0 0 30 5 7 2 20 0 11 0 987654 1000 2 3'): string =>
  `${pid} (${name}) S ${tail}\n`;

describe('parseProcessStat', () => {
  const parsed = { pid: 4711, parentPid: 4242, startTicks: 987654, ownTicks: 35, endedTicks: 9, name: 'node' };
  it.each([
    ['process', stat('4711', 'node'), parsed],
    ['name with blanks and parentheses', stat('4711', 'a) (b c) S'), { ...parsed, name: 'a) (b c) S' }],
    ['cut', stat('4711', 'node', '4242 4240'), null],
    ['not numbers', stat('x', 'node'), null],
    ['negative time', stat('4711', 'node', '4242 4240 4240 0 -1 4194560 10 20 0 0 -30 5 7 2 20 0 11 0 987654 1000'), null],
    ['no name', '4711 node S 1', null],
    ['empty', '', null],
  ])('%s', (_title, text, expected) => {
    expect(parseProcessStat(text)).toEqual(expected);
  });
});

it.each([
  ['2', [2]],
  ['12 345 \n', [12, 345]],
  ['', []],
  ['1 x', []],
])('parsePids: "%s"', (text, expected) => {
  expect(parsePids(text)).toEqual(expected);
});

describe('parseListeners', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 5827526 1 0000000022ff5b79 100 0 0 10 0
   1: 00000000:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 5827527 1 0000000022ff5b79 100 0 0 10 0
   2: 0100007F:2CAA 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1000        0 5827528 1 0000000022ff5b79 100 0 0 10 0
   3: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5827529 1 0000000022ff5b79 100 0 0 10 0
   4: 0100007F:2CAA 00000000:0000 0A cut`;
  it.each([
    ['two listeners', 11_434, [{ inode: '5827526', uid: 998 }, { inode: '5827527', uid: 1000 }]], // oxfmt-ignore
    ['low port', 80, [{ inode: '5827529', uid: 0 }]],
    ['only connected from there', 54_000, []],
    ['unused port', 8080, []],
  ])('%s', (_title, port, expected) => {
    expect(parseListeners(table, port)).toEqual(expected);
  });

  it('IPv6', () => {
    const row = '   0: 00000000000000000000000000000000:2CAA 00000000000000000000000000000000:0000 0A 0:0 00:0 0  1000 0 77 1';
    expect(parseListeners(row, 11_434)).toEqual([{ inode: '77', uid: 1000 }]);
  });

  it('many rows -> at most 16', () => {
    const row = '   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000 998 0 1 1\n';
    expect(parseListeners(row.repeat(50), 11_434)).toHaveLength(16);
  });
});
