// The arguments of `npm run package`. Pure.
import { parseArgs } from 'node:util';
import { TARGET_NAMES } from './plan.mjs';

export const PACKAGE_USAGE = `usage: npm run package -- [--list] [--fast] [--set-version VERSION] [TARGET...] [-- ARGUMENTS OF electron-builder]
  --list                 says what this system can build, and builds nothing
  --fast                 large packages in a short time, for tests
  --set-version VERSION  another version than that of package.json, to test an upgrade
  TARGET                 ${TARGET_NAMES.join(', ')}; none: all of this system`;

/**
 * @typedef {object} PackageCommand
 * @property {readonly string[]} targets
 * @property {boolean} isList
 * @property {boolean} isFast
 * @property {string | undefined} version
 * @property {readonly string[]} passedOn to electron-builder
 */

/**
 * @param {readonly string[]} args
 * @returns {PackageCommand | 'help' | { readonly error: string }}
 */
export function parsePackageCommand(args) {
  const end = args.indexOf('--');
  try {
    const { values, positionals } = parseArgs({
      args: args.slice(0, end === -1 ? args.length : end),
      options: {
        help: { type: 'boolean', short: 'h' },
        list: { type: 'boolean' },
        fast: { type: 'boolean' },
        'set-version': { type: 'string' },
      },
      allowPositionals: true,
    });
    const { help = false, list: isList = false, fast: isFast = false, 'set-version': version } = values;
    if (help) return 'help';
    const unknown = positionals.find((target) => !TARGET_NAMES.includes(target));
    if (unknown !== undefined) return { error: `unknown target ${unknown}` };
    return { targets: positionals, isList, isFast, version, passedOn: end === -1 ? [] : args.slice(end + 1) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
