// The report of repeated test runs as text: a line for each run, then each failed test with the number of its failures.

/**
 * One run of all tests.
 * @typedef {object} RunOutcome
 * @property {number} run from 1
 * @property {boolean} loaded with a load on every core
 * @property {number} seed of the fault tests
 * @property {number} durationMs
 * @property {number | null} exitCode of vitest; null: a signal ended it
 * @property {{ readonly passed: number, readonly failed: number, readonly skipped: number } | null} counts null: vitest wrote no report
 * @property {readonly FailedTest[]} failures
 */

/**
 * @typedef {object} FailedTest
 * @property {string} file
 * @property {string} title
 * @property {number} durationMs
 * @property {string} message
 */

/**
 * The part of vitest's JSON report that is used.
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly VitestFile[]} testResults
 */

/**
 * @typedef {object} VitestFile
 * @property {string} name
 * @property {string} status
 * @property {string} message
 * @property {readonly { readonly fullName: string, readonly status: string, readonly duration?: number | null, readonly failureMessages?: readonly string[] | null }[]} assertionResults
 */

/**
 * @param {VitestReport} report
 * @param {string} root file names are shown relative to this folder
 * @returns {Pick<RunOutcome, 'counts' | 'failures'>}
 */
export function readReport(report, root) {
  const failures = report.testResults.flatMap((file) => {
    const name = file.name.startsWith(`${root}/`) ? file.name.slice(root.length + 1) : file.name;
    const failed = file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, duration, failureMessages }) => ({
        file: name,
        title: fullName,
        durationMs: duration ?? 0,
        message: failureMessages?.[0] ?? '',
      }));
    // A file that cannot be loaded, or whose hook fails, has no failed test.
    return failed.length === 0 && file.status === 'failed'
      ? [{ file: name, title: '(the file)', durationMs: 0, message: file.message }]
      : failed;
  });
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  return { counts, failures };
}

/** @param {RunOutcome} outcome */
export const hasFailed = ({ exitCode, failures, counts }) =>
  exitCode !== 0 || failures.length > 0 || counts === null || counts.passed === 0;

/** @param {RunOutcome} outcome */
export function runLine(outcome) {
  const { run, loaded, seed, durationMs, exitCode, counts } = outcome;
  const figures = counts === null ? 'no report' : `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
  const verdict = hasFailed(outcome) ? `FAILED (exit code ${String(exitCode)})` : 'ok';
  return `run ${run}: ${verdict}, ${figures}, ${duration(durationMs)}, seed ${seed}${loaded ? ', under load' : ''}`;
}

/**
 * The whole report: the runs, then the failed tests, the most frequent first.
 * @param {readonly RunOutcome[]} outcomes
 */
export function repeatReport(outcomes) {
  const failed = outcomes.filter(hasFailed);
  const lines = [...outcomes.map(runLine), '', `${failed.length} of ${outcomes.length} runs failed`];
  /** @type {Map<string, { times: number, lines: string[] }>} */
  const tests = new Map();
  for (const { run, seed, failures } of outcomes) {
    for (const { file, title, durationMs, message } of failures) {
      const key = `${file} > ${withoutSeed(title)}`;
      const entry = tests.get(key) ?? { times: 0, lines: [] };
      tests.set(key, entry);
      entry.times++;
      entry.lines.push(`      run ${run}, seed ${seed}, after ${duration(durationMs)}: ${firstLine(message)}`);
    }
  }
  for (const [key, { times, lines: details }] of [...tests].sort(([, a], [, b]) => b.times - a.times)) {
    lines.push('', `  ${times} of ${outcomes.length}  ${key}`, ...details);
  }
  return lines.join('\n');
}

/** The same test has another seed in its title in each run. @param {string} title */
const withoutSeed = (title) => title.replace(/\bseed \d+/g, 'seed N');

/** @param {string} message */
const firstLine = (message) => message.split('\n', 1)[0] ?? '';

/** @param {number} ms */
function duration(ms) {
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
