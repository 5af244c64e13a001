// The last line of CI, which programs read: the form of the line, and that only a good report passes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const script = join(import.meta.dirname, '../../../scripts/test-counts.mjs');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-counts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('last line of CI', () => {
  test.each([
    [
      'a good report',
      { success: true, numPassedTests: 12, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1 },
      0,
      '12 passed, 0 failed, 2 skipped\n',
    ],
    [
      'a failed test',
      { success: false, numPassedTests: 3, numFailedTests: 2, numPendingTests: 0, numTodoTests: 0 },
      1,
      '3 passed, 2 failed, 0 skipped\n',
    ],
    [
      'a file that failed to load',
      { success: false, numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 },
      1,
      '3 passed, 0 failed, 0 skipped\n',
    ],
    [
      'no test at all',
      { success: true, numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 },
      1,
      '0 passed, 0 failed, 0 skipped\n',
    ],
  ])('%s -> counts and exit code', (_what, report, status, stdout) => {
    const file = join(folder, 'report.json');
    writeFileSync(file, JSON.stringify(report));
    const run = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status, stdout });
  });

  test('no report -> message, exit code 1', () => {
    const run = spawnSync(process.execPath, [script, join(folder, 'none.json')], { encoding: 'utf8' });
    expect({ failed: run.status !== 0, stdout: run.stdout }).toEqual({ failed: true, stdout: '' });
  });
});
