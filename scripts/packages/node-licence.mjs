// The licence of the Node.js whose executable becomes the command line. It also has the licences of the parts of Node.js: OpenSSL, V8, ICU.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from '../paths.mjs';

const FIRST_LINE = 'Node.js is licensed for use as follows:';

/**
 * Its place beside the executable on Windows, and above the folder `bin` elsewhere.
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
