// `npm test`: gets the Electron that tests run in, says which suites this machine cannot run, and runs the others with vitest.
// With MUSTER_FORBID_SKIP=1 (as in CI) a suite that cannot run is a failure.
import { join } from 'node:path';
import { ensureElectron } from './electron-runtime.mjs';
import { SetupError, projectRoot, say } from './paths.mjs';
import { hasTestDisplay, requireChromium, requireDesktop } from './requirements.mjs';
import { runInOurPlace } from './run-child.mjs';
import { environmentFor } from './setup-node.mjs';

/**
 * @param {string} node
 * @param {readonly string[]} args passed on to vitest
 * @returns {Promise<number>} the exit code
 */
export async function test(node, args) {
  if (hasTestDisplay()) {
    await ensureElectron(node, { official: false }).catch((error) => {
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
    throw new SetupError('MUSTER_FORBID_SKIP=1: skipping is a failure. Fix what is named above.');
  }
  const vitest = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const code = await runInOurPlace(node, [vitest, 'run', ...args], {
    cwd: projectRoot,
    env: { ...environmentFor(node), MUSTER_NODE_EXEC: node },
  });
  announce();
  return code;
}
