// `npm run test:repeat -- --runs N [--load] [arguments for vitest]`: runs all tests N times and prints each failed test with the
// number of its failures. `--load` adds a load on every core. The reports and the output of each run are in artifacts/repeat/.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startLoad } from './busy-load.mjs';
import { projectRoot, say } from './paths.mjs';
import { hasFailed, readReport, repeatReport, runLine } from './repeat-report.mjs';
import { prepare, testEnvironment, vitest } from './test.mjs';

/** @typedef {import('./repeat-report.mjs').RunOutcome} RunOutcome */

const folder = join(projectRoot, 'artifacts', 'repeat');
const usage = 'usage: npm run test:repeat -- --runs N [--load] [arguments for vitest]';

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code: 0 when no run failed
 */
export async function repeatTests(node, args) {
  const options = parseArguments(args);
  if (options === null) {
    say(usage);
    return 2;
  }
  await prepare(node);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const stop = stopOnSignal();
  const load = options.load ? startLoad(node) : null;
  /** @type {RunOutcome[]} */
  const outcomes = [];
  try {
    for (let run = 1; run <= options.runs && !stop.signal.aborted; run++) {
      const outcome = await runOnce(node, run, options, stop.signal);
      outcomes.push(outcome);
      say(runLine(outcome));
    }
  } finally {
    await load?.stop();
  }
  process.stdout.write(`\n${repeatReport(outcomes)}\n`);
  return outcomes.length === options.runs && !outcomes.some(hasFailed) ? 0 : 1;
}

/**
 * @typedef {object} Options
 * @property {number} runs
 * @property {boolean} load
 * @property {readonly string[]} rest
 */

/**
 * @param {readonly string[]} args
 * @returns {Options | null}
 */
export function parseArguments(args) {
  const at = args.indexOf('--runs');
  const runs = at < 0 ? NaN : Number(args[at + 1]);
  if (!Number.isSafeInteger(runs) || runs < 1) return null;
  const rest = args.filter((arg, index) => index !== at && index !== at + 1 && arg !== '--load');
  return { runs, load: args.includes('--load'), rest };
}

/**
 * @param {string} node
 * @param {number} run
 * @param {Options} options
 * @param {AbortSignal} signal
 * @returns {Promise<RunOutcome>}
 */
async function runOnce(node, run, { load: loaded, rest }, signal) {
  const seed = Math.floor(Math.random() * 1e9);
  const reportFile = join(folder, `run-${run}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const startMs = performance.now();
  const exitCode = await runToFile(node, [vitest, 'run', ...reporters, ...rest], {
    env: { ...testEnvironment(node), MUSTER_FAULT_SEED: String(seed), NO_COLOR: '1' },
    file: join(folder, `run-${run}.log`),
    signal,
  });
  return { run, loaded, seed, durationMs: performance.now() - startMs, exitCode, ...readReportFile(reportFile) };
}

/**
 * @param {string} file
 * @returns {Pick<RunOutcome, 'counts' | 'failures'>}
 */
function readReportFile(file) {
  try {
    return readReport(JSON.parse(readFileSync(file, 'utf8')), projectRoot);
  } catch {
    return { counts: null, failures: [] };
  }
}

/**
 * Runs a program with its output in a file. An abort ends the program.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env: NodeJS.ProcessEnv, file: string, signal: AbortSignal }} options
 * @returns {Promise<number | null>} its exit code; null: a signal ended it
 */
function runToFile(command, args, { env, file, signal }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: projectRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => child.kill('SIGTERM');
    signal.addEventListener('abort', end);
    const output = createWriteStream(file);
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', end);
      output.end();
      resolve(code);
    });
  });
}

/** Aborts at the first stop signal: the current run is ended, and the report of the earlier runs is printed. */
function stopOnSignal() {
  const stop = new AbortController();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, () => stop.abort());
  return stop;
}
