// Makes out-cli/: the command line as one executable with Node.js in it, the dashboard, shell completions and the man page.
// The entry is bundled as CommonJS, because single executables of Node.js 24 run no ES modules.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError, outDir, projectRoot, say } from './paths.mjs';
import { runStep } from './run-child.mjs';

export const cliDir = join(projectRoot, 'out-cli');
export const cliProgram = join(cliDir, process.platform === 'win32' ? 'muster.exe' : 'muster');

/** Node.js looks for this text in its own file, to learn whether a program is injected. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Needs a build of the dashboard in out/.
 * @param {string} node the Node.js that becomes the executable
 */
export async function buildCliProgram(node) {
  const renderer = join(outDir, 'renderer');
  if (!existsSync(join(renderer, 'index.html'))) throw new SetupError('out/renderer is missing: npm run build');
  say('building the command line as one executable');
  const work = mkdtempSync(join(tmpdir(), 'muster-cli-program-'));
  try {
    rmSync(cliDir, { recursive: true, force: true });
    mkdirSync(cliDir);
    const { program, pages } = await bundle(work);
    const blob = join(work, 'muster.blob');
    const config = join(work, 'sea.json');
    // `none`: NODE_OPTIONS cannot add arguments. The code cache halves the time of the start.
    writeFileSync(
      config,
      JSON.stringify({ main: program, output: blob, disableExperimentalSEAWarning: true, useCodeCache: true, execArgvExtension: 'none' }),
    );
    await runStep('Compiling the command line', node, ['--experimental-sea-config', config]);
    await inject(node, blob);
    cpSync(renderer, join(cliDir, 'renderer'), { recursive: true, filter: (file) => !file.endsWith('.map') });
    await runStep('Writing the completions and the man page', node, [pages, join(cliDir, 'share')]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} work
 * @returns {Promise<{ readonly program: string, readonly pages: string }>}
 */
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
  return { program: join(work, 'cli-program.cjs'), pages: join(work, 'cli-pages.cjs') };
}

/**
 * @param {string} node
 * @param {string} blob
 */
async function inject(node, blob) {
  copyFileSync(node, cliProgram);
  chmodSync(cliProgram, 0o755);
  // A signature would not match the changed file. The symbols are removed before the injection, because `strip` would drop the program.
  if (process.platform === 'darwin') execFileSync('codesign', ['--remove-signature', cliProgram]);
  if (process.platform === 'linux') await runStep('Stripping the executable', 'strip', [cliProgram]);
  const postject = join(projectRoot, 'node_modules', 'postject', 'dist', 'cli.js');
  const forMac = process.platform === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : [];
  await runStep('Injecting the command line', node, [postject, cliProgram, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE, ...forMac]);
  if (process.platform === 'darwin') execFileSync('codesign', ['--sign', '-', cliProgram]);
}
