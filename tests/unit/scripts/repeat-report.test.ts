import { describe, expect, test } from 'vitest';
import { hasFailed, readReport, repeatReport, type RunOutcome, runLine } from '../../../scripts/repeat-report.mjs';
import { parseArguments } from '../../../scripts/repeat-tests.mjs';

const outcome = (change: Partial<RunOutcome> = {}): RunOutcome => ({
  run: 1,
  loaded: false,
  seed: 7,
  durationMs: 61_400,
  exitCode: 0,
  counts: { passed: 10, failed: 0, skipped: 1 },
  failures: [],
  ...change,
});
const failure = (title: string, message = 'Error: it broke\n    at somewhere') => ({
  file: 'tests/a.test.ts',
  title,
  durationMs: 1500,
  message,
});

test.each<[string, Partial<RunOutcome>, boolean]>([
  ['all tests passed', {}, false],
  ['a test failed', { exitCode: 1, failures: [failure('x')] }, true],
  ['an error outside of tests', { exitCode: 1 }, true],
  ['vitest was killed', { exitCode: null }, true],
  ['no report', { counts: null }, true],
  ['no test ran', { counts: { passed: 0, failed: 0, skipped: 5 } }, true],
])('repeated run: %s -> failed %s', (_what, change, expected) => {
  expect(hasFailed(outcome(change))).toBe(expected);
});

test('repeated run: line -> verdict, counts, duration, seed, load', () => {
  expect(runLine(outcome())).toBe('run 1: ok, 10 passed, 0 failed, 1 skipped, 1 min 1 s, seed 7');
  expect(runLine(outcome({ run: 2, loaded: true, exitCode: null, counts: null, durationMs: 900 }))).toBe(
    'run 2: FAILED (exit code null), no report, 0.9 s, seed 7, under load',
  );
});

test('report of runs: same test with another seed in its title -> one entry, the most frequent first', () => {
  const report = repeatReport([
    outcome(),
    outcome({ run: 2, seed: 8, exitCode: 1, failures: [failure('rare'), failure('often, seed 8, goes on')] }),
    outcome({ run: 3, seed: 9, exitCode: 1, failures: [failure('often, seed 9, goes on')] }),
  ]);
  expect(report.split('\n').slice(3)).toEqual([
    '',
    '2 of 3 runs failed',
    '',
    '  2 of 3  tests/a.test.ts > often, seed N, goes on',
    '      run 2, seed 8, after 1.5 s: Error: it broke',
    '      run 3, seed 9, after 1.5 s: Error: it broke',
    '',
    '  1 of 3  tests/a.test.ts > rare',
    '      run 2, seed 8, after 1.5 s: Error: it broke',
  ]);
});

describe('report of vitest', () => {
  const passed = { fullName: 'good', status: 'passed', duration: 1, failureMessages: [] };
  const failed = { fullName: 'bad', status: 'failed', duration: 1500, failureMessages: ['Error: it broke\n    at somewhere'] };
  const report = (testResults: Parameters<typeof readReport>[0]['testResults']) => ({
    numPassedTests: 1,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults,
  });

  test('failed test -> named below the root', () => {
    const file = { name: '/project/tests/a.test.ts', status: 'failed', message: '', assertionResults: [passed, failed] };
    expect(readReport(report([file]), '/project')).toEqual({ counts: { passed: 1, failed: 1, skipped: 3 }, failures: [failure('bad')] });
  });

  test('file that cannot be loaded -> a failure of the file', () => {
    const file = { name: '/project/tests/a.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] };
    expect(readReport(report([file]), '/project').failures).toEqual([{ ...failure('(the file)', 'SyntaxError'), durationMs: 0 }]);
  });
});

test.each<[readonly string[], ReturnType<typeof parseArguments>]>([
  [['--runs', '3'], { runs: 3, load: false, rest: [] }],
  [['--load', '--runs', '10', '--project', 'faults'], { runs: 10, load: true, rest: ['--project', 'faults'] }],
  [[], null],
  [['--runs'], null],
  [['--runs', '0'], null],
  [['--runs', 'many'], null],
])('arguments of test:repeat: %j -> %j', (args, expected) => {
  expect(parseArguments(args)).toEqual(expected);
});
