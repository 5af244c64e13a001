// The entry of all npm scripts: `npm start`, `npm test` and the others. It has no dependencies and runs on any Node from 18 on.
// It installs Node and the dependencies, builds the program, and then runs the requested command.
import { join } from 'node:path';
import { benchCommandOf } from './bench.mjs';
import { buildCliProgram } from './cli-program.mjs';
import { asksForStandIn, ensureElectron } from './electron-runtime.mjs';
import { SetupError, outDir, projectRoot, say } from './paths.mjs';
import { runInPlace } from './run-child.mjs';
import { build, ensureBuild, forgetBuild } from './setup-build.mjs';
import { ensureDependencies } from './setup-dependencies.mjs';
import { ensureNode, environmentFor } from './setup-node.mjs';
import { rootSwitches, start } from './start.mjs';
import { repeatTests } from './repeat-tests.mjs';
import { test, testFast, testLong, testPackages } from './test.mjs';

const tiers = ['pure', 'node', 'web', 'tests'];

/** @typedef {(node: string, args: readonly string[]) => Promise<number>} Command resolves to the exit code */

/** @type {Record<string, { needsBuild: boolean, run: Command }>} */
const commands = {
  start: { needsBuild: true, run: start },
  test: { needsBuild: true, run: test },
  'test:fast': { needsBuild: true, run: testFast },
  'test:long': { needsBuild: true, run: testLong },
  'test:packages': { needsBuild: true, run: testPackages },
  'test:repeat': { needsBuild: true, run: repeatTests },
  cli: {
    needsBuild: true,
    run: (node, args) => runInPlace(node, [join(outDir, 'main', 'cli.js'), ...args], { env: environmentFor(node) }),
  },
  build: { needsBuild: false, run: (node) => build(node).then(() => 0) },
  package: { needsBuild: false, run: async (node, args) => (await import('./packages/package.mjs')).packageApp(node, args) },
  release: { needsBuild: false, run: async (node, args) => (await import('./release/release.mjs')).release(node, args) },
  'build:cli': { needsBuild: true, run: (node) => buildCliProgram(node).then(() => 0) },
  dev: { needsBuild: false, run: dev },
  gallery: {
    needsBuild: false,
    run: (node, args) =>
      args.includes('--guide')
        ? tool(node, 'vitest/vitest.mjs', ['run', '--project', 'web', 'tests/web/screens.test.ts', '-t', 'pictures of the guide'], {
            MUSTER_WRITE_GUIDE_PICTURES: '1',
          })
        : tool(node, 'vite/bin/vite.js', ['--config', 'gallery/vite.config.ts', ...args]),
  },
  // For CI, which installs the Electron of the tests beside other steps.
  electron: { needsBuild: false, run: (node) => ensureElectron(node, { standIn: true }).then(() => 0) },
  lint: { needsBuild: false, run: lint },
  typecheck: { needsBuild: false, run: typecheck },
  check: {
    needsBuild: true,
    run: async (node) => (await lint(node, [])) || (await typecheck(node)) || (await test(node, [])),
  },
  bench: { needsBuild: false, run: bench },
};

/**
 * Runs a program of node_modules in place of this process.
 * @param {string} node
 * @param {string} program its path below node_modules
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} variables
 */
function tool(node, program, args, variables = {}) {
  const env = { ...environmentFor(node), ...variables };
  return runInPlace(node, [join(projectRoot, 'node_modules', program), ...args], { cwd: projectRoot, env });
}

/** @type {Command} */
async function bench(node, args) {
  // npm starts this program in the project, and INIT_CWD is the folder of the user.
  const command = benchCommandOf(args, process.env['INIT_CWD'] ?? process.cwd());
  if ('error' in command) {
    say(command.error);
    return 2;
  }
  return tool(node, 'vitest/vitest.mjs', ['bench', '--run', '--config', 'vitest.bench.config.ts', ...command.args], command.env);
}

/** @type {Command} */
async function lint(node, args) {
  const format = await tool(node, 'oxfmt/bin/oxfmt', ['--check']);
  const rules = await Promise.all([
    tool(node, 'oxlint/bin/oxlint', []),
    tool(node, 'eslint/bin/eslint.js', ['.', '--max-warnings', '0', ...args]),
  ]);
  return format || Math.max(...rules);
}

/** @param {string} node */
async function typecheck(node) {
  for (const tier of tiers) {
    // Several threads would check the shared files again, and need two to three times the CPU time.
    const code = await tool(node, 'typescript-native/bin/tsc', ['-p', `tsconfig.${tier}.json`, '--singleThreaded']);
    if (code !== 0) return code;
  }
  return 0;
}

/** @type {Command} */
async function dev(node, args) {
  const electron = await ensureElectron(node, { standIn: asksForStandIn() });
  forgetBuild();
  const env = environmentFor(node);
  env['ELECTRON_EXEC_PATH'] = electron.path;
  if (electron.kind === 'stand-in') env['MUSTER_NODE_EXEC'] = node;
  const program = join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  return runInPlace(node, [program, 'dev', '--watch', '--', ...rootSwitches(), ...args], { cwd: projectRoot, env });
}

/**
 * @param {string | undefined} name
 * @param {readonly string[]} args
 */
async function main(name, args) {
  const command = name === undefined ? undefined : commands[name];
  if (!command) {
    say(`usage: node scripts/muster.mjs <${Object.keys(commands).join('|')}> [arguments]`);
    return 2;
  }
  const node = await ensureNode();
  await ensureDependencies(node);
  if (command.needsBuild) await ensureBuild(node);
  return command.run(node, args);
}

const [name, ...args] = process.argv.slice(2);
main(name, args).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    say(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error));
    process.exitCode = 1;
  },
);
