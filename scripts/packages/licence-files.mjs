// The licence files that go with every copy of Muster.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError, projectRoot } from '../paths.mjs';
import { licencesText, shippedPackages } from './licences.mjs';

/** Of the licence of Node.js. */
const FIRST_LINE = 'Node.js is licensed for use as follows:';

/**
 * The licences of everything but Electron, whose archive contains them.
 * @param {string} folder
 * @param {string} node the Node.js in the command line
 */
export function writeLicences(folder, node) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'LICENSE.txt'), readFileSync(join(projectRoot, 'LICENSE'), 'utf8'));
  writeFileSync(join(folder, 'LICENSE.node.txt'), nodeLicence(node));
  writeFileSync(join(folder, 'LICENSES.dependencies.txt'), licencesText(shippedPackages(projectRoot)));
}

/**
 * The licence of the package in the form of Debian. Pure.
 * @param {string} licence
 */
export function copyrightFile(licence) {
  const lines = licence.trim().split('\n');
  const holder = lines.find((line) => /^copyright/i.test(line)) ?? '';
  const text = lines.slice(lines.indexOf(holder) + 1).map((line) => (line.trim() === '' ? ' .' : ` ${line}`));
  return [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    'Upstream-Name: Muster',
    'Comment: LICENSES.dependencies.txt, LICENSE.node.txt, LICENSE.electron.txt and LICENSES.chromium.html in',
    ' /opt/Muster have the licences of the parts that are not of the Muster contributors.',
    '',
    'Files: *',
    `Copyright: ${holder.replace(/^copyright\s*(?:\(c\)|©)?\s*/i, '')}`,
    'License: MIT',
    ...text.slice(text.findIndex((line) => line !== ' .')),
    '',
  ].join('\n');
}

/**
 * The licence of the Node.js whose executable becomes the command line, with those of its parts: OpenSSL, V8, ICU. It is beside the
 * executable on Windows, and above the folder `bin` elsewhere.
 * @param {string} node
 * @returns {string} throws a SetupError when this Node.js comes without its licence
 */
export function nodeLicence(node) {
  const files = [dirname(node), dirname(dirname(node))].map((folder) => join(folder, 'LICENSE'));
  const text = files.map(textOf).find((one) => one.startsWith(FIRST_LINE));
  if (text === undefined) {
    throw new SetupError(`${node} has no licence of Node.js beside it: ${files.join(', ')}. Fix: use a Node.js from https://nodejs.org`);
  }
  return text;
}

/**
 * Empty: there is no such file.
 * @param {string} file
 */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
