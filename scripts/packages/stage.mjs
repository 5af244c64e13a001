// The files that go into the packages beside the built program, in dist/stage: electron-builder.yml names them there.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot } from '../paths.mjs';
import { writeGuide } from './guide-files.mjs';
import { copyrightFile, writeLicences } from './licence-files.mjs';

const stageDir = join(projectRoot, 'dist', 'stage');

/** gzip's best compression, as Debian wants it for documents. */
const BEST = { level: 9 };
const METAINFO = 'app.muster.desktop.metainfo.xml';

/** The files in the folder itself; the folders `licences` and `guide` are copied as a whole. */
export const STAGED_FILES = [METAINFO, 'copyright', 'CHANGELOG.md.gz'];

/** @param {string} file */
const read = (file) => readFileSync(join(projectRoot, file), 'utf8');

/**
 * @param {{ readonly version: string, readonly releasedOn: string }} release `releasedOn`: a day, as in 2026-11-30
 * @param {string} node the Node.js in the command line
 */
export function stageFiles(release, node) {
  rmSync(stageDir, { recursive: true, force: true });
  mkdirSync(stageDir, { recursive: true });
  writeLicences(join(stageDir, 'licences'), node);
  writeGuide(join(stageDir, 'guide'), release.version);
  writeFileSync(join(stageDir, 'copyright'), copyrightFile(read('LICENSE')));
  writeFileSync(join(stageDir, 'CHANGELOG.md.gz'), gzipSync(read('CHANGELOG.md'), BEST));
  writeFileSync(join(stageDir, METAINFO), withRelease(read(join('build', 'linux', METAINFO)), release));
}

/**
 * The AppStream metadata with the release: a version has one place, package.json. Pure.
 * @param {string} metainfo
 * @param {{ readonly version: string, readonly releasedOn: string }} release
 */
export const withRelease = (metainfo, { version, releasedOn }) =>
  metainfo.replace(
    '<releases/>',
    `<releases>\n    <release version="${version.replaceAll('-', '~')}" date="${releasedOn}"/>\n  </releases>`,
  );

/**
 * An Electron to pack: a copy without the app that a plain Electron starts.
 * @param {string} electronDir
 * @returns {string} the folder
 */
export function stageElectron(electronDir) {
  const folder = join(stageDir, 'electron');
  cpSync(electronDir, folder, { recursive: true, verbatimSymlinks: true });
  rmSync(join(folder, 'resources', 'default_app.asar'), { force: true });
  return folder;
}
