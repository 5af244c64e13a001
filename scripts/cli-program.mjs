// Makes out-cli/: the command line as one executable with Node.js in it, the dashboard, licences, shell completions and the man page.
// The entry is bundled as CommonJS, because single executables of Node.js 24 run no ES modules.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLicences } from './packages/licence-files.mjs';
import { SetupError, outDir, projectRoot, say } from './paths.mjs';
import { findProgram } from './requirements.mjs';
import { runStep } from './run-child.mjs';

export const cliDir = join(projectRoot, 'out-cli');

/** Node.js looks for this text in its own file, to learn whether a program is injected. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** The version of the Node.js in the executable. The last file that a build writes. */
const nodeVersionFile = (/** @type {string} */ folder) => join(folder, 'share', 'node-version');

/** Of the executable in out-cli/. */
export const builtCliNode = () => readFileSync(nodeVersionFile(cliDir), 'utf8');

/**
 * Builds out-cli/ when it is older than the program, or has another Node.js.
 * @param {string} node
 */
export async function ensureCliProgram(node) {
  const builtAtMs = (/** @type {string} */ file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isCurrent = builtAtMs(nodeVersionFile(cliDir)) > builtAtMs(join(outDir, '.built')) && builtCliNode() === versionOf(node);
  if (!isCurrent) await buildCliProgram(node);
}

/** @param {string} node */
const versionOf = (node) => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().replace(/^v/, '');

/**
 * Needs a build of the dashboard in out/.
 * @param {string} node the Node.js that becomes the executable
 * @param {string} [folder] is replaced
 * @returns {Promise<string>} the path of the executable
 */
export async function buildCliProgram(node, folder = cliDir) {
  const renderer = join(outDir, 'renderer');
  if (!existsSync(join(renderer, 'index.html'))) throw new SetupError('out/renderer is missing: npm run build');
  say('building the command line as one executable');
  const program = join(folder, process.platform === 'win32' ? 'muster.exe' : 'muster');
  const work = mkdtempSync(join(tmpdir(), 'muster-cli-program-'));
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await bundle(work);
    const blob = join(work, 'muster.blob');
    const config = join(work, 'sea.json');
    // `none`: NODE_OPTIONS cannot add arguments. The code cache halves the time of the start.
    writeFileSync(
      config,
      JSON.stringify({
        main: join(work, 'cli-program.cjs'),
        output: blob,
        disableExperimentalSEAWarning: true,
        useCodeCache: true,
        execArgvExtension: 'none',
      }),
    );
    await runStep('Compiling the command line', node, ['--experimental-sea-config', config]);
    await inject(node, program, blob);
    writeLicences(join(folder, 'licences'), node);
    cpSync(renderer, join(folder, 'renderer'), { recursive: true, filter: (file) => !file.endsWith('.map') });
    await runStep('Writing the completions and the man page', node, [join(work, 'cli-pages.cjs'), join(folder, 'share')]);
    writeFileSync(nodeVersionFile(folder), versionOf(node));
    return program;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} work */
async function bundle(work) {
  const { build } = await import('vite');
  for (const entry of ['cli-program', 'cli-pages']) {
    await build({
      root: projectRoot,
      configFile: false,
      logLevel: 'warn',
      ssr: { noExternal: true },
      build: {
        ssr: join(projectRoot, 'src', 'main', `${entry}.ts`),
        outDir: work,
        emptyOutDir: false,
        target: 'node24',
        rolldownOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false } },
      },
    });
  }
}

/**
 * @param {string} node
 * @param {string} program
 * @param {string} blob
 */
async function inject(node, program, blob) {
  copyFileSync(node, program);
  chmodSync(program, 0o755);
  // A signature would not match the changed file. The symbols are removed before the injection, because `strip` would drop the program.
  if (process.platform === 'darwin') execFileSync('codesign', ['--remove-signature', program]);
  // Without `strip` the executable is some MB larger.
  if (process.platform === 'linux' && findProgram('strip') !== undefined) await runStep('Stripping the executable', 'strip', [program]);
  const postject = join(projectRoot, 'node_modules', 'postject', 'dist', 'cli.js');
  const forMac = process.platform === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : [];
  await runStep('Injecting the command line', node, [postject, program, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE, ...forMac]);
  if (process.platform === 'darwin') execFileSync('codesign', ['--sign', '-', program]);
}
