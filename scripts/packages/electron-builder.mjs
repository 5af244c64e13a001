// Runs electron-builder.
import { dirname, join } from 'node:path';
import { standInVersion } from '../electron-runtime.mjs';
import { projectRoot } from '../paths.mjs';
import { findProgram } from '../requirements.mjs';
import { runStep } from '../run-child.mjs';
import { environmentFor } from '../setup-node.mjs';
import { stageElectron } from './stage.mjs';

/**
 * @param {string} node
 * @param {object} options
 * @param {import('../electron-runtime.mjs').ElectronRuntime} options.electron
 * @param {string} options.output
 * @param {string} options.version
 * @param {readonly string[]} options.targets
 * @param {boolean} options.isFast
 * @param {readonly string[]} options.passedOn
 */
export async function runElectronBuilder(node, { electron, output, version, targets, isFast, passedOn }) {
  const env = environmentFor(node);
  const sevenZip = findProgram('7za');
  if (process.platform === 'linux') env['CUSTOM_FPM_PATH'] = join(projectRoot, 'scripts', 'packages', 'fpm.mjs');
  if (process.platform === 'linux' && sevenZip !== undefined) env['ELECTRON_BUILDER_7ZIP_PATH'] ??= sevenZip;
  if (isFast) env['MUSTER_PACKAGE_COMPRESSION'] = 'zstd';
  const standIn = () => [`-c.electronDist=${stageElectron(dirname(electron.path))}`, `-c.electronVersion=${standInVersion}`];
  const settings = [
    `-c.directories.output=${output}`,
    `-c.extraMetadata.version=${version}`,
    ...(electron.kind === 'official' ? [] : standIn()),
  ];
  const program = join(projectRoot, 'node_modules', 'electron-builder', 'cli.js');
  await runStep('electron-builder', node, [program, platformFlag(), ...targets, '--publish', 'never', ...settings, ...passedOn], {
    cwd: projectRoot,
    env,
  });
}

function platformFlag() {
  if (process.platform === 'win32') return '--win';
  return process.platform === 'darwin' ? '--mac' : '--linux';
}
