import { expect, it } from 'vitest';
import { parseMacProcesses } from '../../../../src/main/hardware/parse/mac-processes';

it.each([
  [
    'minutes',
    '  501     1   0:05.25 /Applications/Ollama.app/Contents/Resources/ollama',
    { pid: 501, parentPid: 1, ownTicks: 525, name: 'ollama' },
  ],
  ['hours in minutes', '  502     1 123:05.25 /usr/bin/python3', { pid: 502, parentPid: 1, ownTicks: 738_525, name: 'python3' }],
  ['hours', '7 1 2:03:04 x', { pid: 7, parentPid: 1, ownTicks: 738_400, name: 'x' }],
  ['days', '7 1 1-00:00:01 x', { pid: 7, parentPid: 1, ownTicks: 8_640_100, name: 'x' }],
  [
    'decimal comma, name with blanks',
    '7 1 0:00,5 /Applications/LM Studio.app/Contents/MacOS/LM Studio',
    { pid: 7, parentPid: 1, ownTicks: 50, name: 'lm studio' },
  ],
])('ps of macOS: %s', (_title, line, expected) => {
  expect(parseMacProcesses(`${line}\n`)).toEqual([{ startTicks: 0, endedTicks: 0, ...expected }]);
});

it('ps of macOS: invalid lines skipped', () => {
  expect(parseMacProcesses('PID PPID TIME COMM\n\n7 1 - x\n7 1 0:01.00\nx 1 0:01.00 y\n')).toEqual([]);
});
