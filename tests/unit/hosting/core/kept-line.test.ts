import { expect, test } from 'vitest';
import { keptLine } from '../../../../src/main/hosting/core/kept-line';
import { superviseScripted } from '../../../support/scripted-child';

const NOW = Date.UTC(2026, 10, 30);
const output = (text: string, level = 'warn'): string =>
  `${JSON.stringify({ level, time: '2026-11-30T00:00:00.000Z', event: 'scheduler_output', text })}\n`;

test.each([
  ['log line -> as it is', '{"level":"info","time":"2026-11-30T10:00:00.000Z","event":"x"}', null],
  ['other output -> a line of scheduler_output', 'Error: boom', output('Error: boom')],
  ['JSON that is no log line -> a line of scheduler_output', '{"a":1}', output('{"a":1}')],
  [
    'experimental part of Node.js -> no warning',
    '(node:4117) ExperimentalWarning: SQLite is an experimental feature',
    output('(node:4117) ExperimentalWarning: SQLite is an experimental feature', 'debug'),
  ],
  [
    'its hint -> no warning',
    '(Use `node --trace-warnings ...` to show where the warning was created)',
    output('(Use `node --trace-warnings ...` to show where the warning was created)', 'debug'),
  ],
  ['secret in other output -> masked', 'at http://x/?token=abc', output('at http://x/?token=[redacted]')],
  ['very long line -> cut', 'x'.repeat(20_000), output('x'.repeat(16_384))],
])('%s', (_name, line, expected) => {
  expect(keptLine(line, NOW)).toBe(expected ?? `${line}\n`);
});

test('supervisor: every line of each run is kept', async () => {
  const kept: string[] = [];
  const { child, supervisor } = superviseScripted({ keepLine: (line) => void kept.push(line) });
  const started = supervisor.start({ scope: 'this_computer' });
  await Promise.resolve();
  child().line('first');
  await child().listen(7080);
  await started;
  child().line('last');
  expect([kept[0], kept.length, kept.at(-1)]).toEqual(['first', 3, 'last']);
});
