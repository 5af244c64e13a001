// The arguments of `npm run release`. Pure.
import { parseArgs } from 'node:util';

export const RELEASE_USAGE = `usage: npm run release -- [--dry-run] [--packages FOLDER] [--key FILE | --unsigned] [TARGET...]
       npm run release -- --new-key FILE
  --dry-run          makes the files although a release would be refused, and says why
  --packages FOLDER  packages that other systems built; without it this system builds its own
  --key FILE         the private release key
  --unsigned         signs nothing: sign.mjs does, where the key is
  --new-key FILE     makes a release key`;

/**
 * @typedef {{ readonly isDryRun: boolean, readonly packages: string | undefined, readonly key: string | undefined, readonly isUnsigned: boolean,
 *   readonly newKey: string | undefined, readonly targets: readonly string[] }} ReleaseCommand
 */

/**
 * @param {readonly string[]} args
 * @returns {ReleaseCommand | 'help' | { readonly error: string }}
 */
export function parseReleaseCommand(args) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        'dry-run': { type: 'boolean' },
        packages: { type: 'string' },
        key: { type: 'string' },
        unsigned: { type: 'boolean' },
        'new-key': { type: 'string' },
      },
      allowPositionals: true,
    });
    const { help = false, 'dry-run': isDryRun = false, packages, key, unsigned: isUnsigned = false, 'new-key': newKey } = values;
    if (isUnsigned && key !== undefined) return { error: '--unsigned needs no --key' };
    return help ? 'help' : { isDryRun, packages, key, isUnsigned, newKey, targets: positionals };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
