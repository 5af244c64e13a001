// `npm test` and its parts: installs the Electron of the tests, prints which suites this machine cannot run, and runs the others
// with vitest. With MUSTER_FORBID_SKIP=1 (as in CI) a suite that cannot run is a failure.
import { join } from 'node:path';
import { ensureElectron } from './electron-runtime.mjs';
import { SetupError, projectRoot, say } from './paths.mjs';
import { hasTestDisplay, requireChromium, requireDesktop } from './requirements.mjs';
import { runInPlace } from './run-child.mjs';
import { environmentFor } from './setup-node.mjs';

export const vitest = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');

/** The suites that start no program. They are fast enough to run after every change. */
const fastSuites = ['unit', 'renderer', 'contract', 'architecture'];

/** The files whose cases repeat more often with MUSTER_TEST_LONG=1, or run only then. */
const longFiles = [
  'tests/faults/scheduler-killed',
  'tests/faults/node-killed',
  'tests/simulation/',
  'tests/integration/jobs-soak',
  'tests/integration/random-messages',
  'tests/integration/random-requests',
  'tests/desktop/start-and-quit',
  'tests/web/screens',
  'tests/flows/',
];

/** Files that measure durations: beside other tests, they would measure the machine. */
const filesThatRunAlone = ['tests/integration/attack-traffic', 'tests/diaries/'];
/** The exit code of a program that a signal ended is at least this. */
const ENDED_BY_SIGNAL = 128;

/**
 * The tests start some hundred processes of the same files: with a cache of their compiled code each needs a third less time to start.
 * @param {string} node
 */
export const testEnvironment = (node) => ({
  ...environmentFor(node),
  MUSTER_NODE_EXEC: node,
  NODE_COMPILE_CACHE: join(projectRoot, 'node_modules', '.cache', 'node-compile'),
});

/**
 * Runs every case of every suite.
 * @param {string} node
 * @param {readonly string[]} args passed on to vitest
 * @returns {Promise<number>} the exit code
 */
export async function test(node, args) {
  const announce = await prepare(node);
  const code = await runVitest(node, args);
  announce();
  return code;
}

/**
 * @param {string} node
 * @param {readonly string[]} args passed on to vitest
 */
export const testFast = (node, args) => runVitest(node, [...fastSuites.flatMap((suite) => ['--project', suite]), ...args]);

/**
 * Runs cases of `npm test` with more rounds, more seeds and longer soaks, and every case of the gallery in every language and theme.
 * @param {string} node
 * @param {readonly string[]} args passed on to vitest
 */
export async function testLong(node, args) {
  const env = { MUSTER_TEST_LONG: '1' };
  const code = await runVitest(node, [...longFiles, ...args], env);
  if (code >= ENDED_BY_SIGNAL) return code;
  const codeAlone = await runVitest(node, [...filesThatRunAlone, ...args], env);
  return code === 0 ? codeAlone : code;
}

/**
 * Builds packages and installs them, in folders of their own. Each of these files uses the whole machine.
 * @param {string} node
 * @param {readonly string[]} args passed on to vitest
 */
export const testPackages = (node, args) =>
  runVitest(node, ['--project', 'packages', '--project', 'session', ...args], { MUSTER_TEST_PACKAGES: '1' });

/**
 * Installs Electron and prints the suites that are skipped.
 * @param {string} node
 * @returns {Promise<() => void>} prints the skipped suites again
 */
export async function prepare(node) {
  if (hasTestDisplay()) {
    await ensureElectron(node, { standIn: true }).catch((error) => {
      if (!(error instanceof SetupError)) throw error;
      say(error.message);
    });
  }
  const skipped = Object.entries({ desktop: requireDesktop(), web: requireChromium() }).filter(([, { missing }]) => missing !== undefined);
  const announce = () => {
    for (const [suite, { missing }] of skipped) say(`SKIPPED: the ${suite} tests, because ${missing}`);
  };
  announce();
  if (skipped.length > 0 && process.env['MUSTER_FORBID_SKIP'] === '1') {
    throw new SetupError('MUSTER_FORBID_SKIP=1: a skipped suite is a failure. Fix the causes above.');
  }
  return announce;
}

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
const runVitest = (node, args, env = {}) =>
  runInPlace(node, [vitest, 'run', ...args], { cwd: projectRoot, env: { ...testEnvironment(node), ...env } });
