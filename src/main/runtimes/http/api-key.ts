// Reads the API key of a runtime from a file that only the owner can read. The key is used in one header and must not be in a message,
// an error or the log.
import { open } from 'node:fs/promises';
import { codeOfError } from '../../../shared/errors';
import { fail, ok, type Result } from '../../../shared/result';
import type { KeyFileFault } from '../core/runtime-snapshot';

const OTHERS_MASK = 0o077;
const MAX_FILE_BYTES = 4096;
/** Characters that are valid in a header. */
const KEY_PATTERN = /^[\x21-\x7e]{1,1024}$/;

/** A file that other users can read is refused: they may know the key. */
export async function readApiKey(file: string): Promise<Result<string, KeyFileFault>> {
  try {
    const handle = await open(file, 'r');
    try {
      const { mode, size } = await handle.stat();
      if (process.platform !== 'win32' && (mode & OTHERS_MASK) !== 0) return fail('key_file_exposed');
      const key = size > MAX_FILE_BYTES ? '' : (await handle.readFile('utf8')).trim();
      return KEY_PATTERN.test(key) ? ok(key) : fail('key_file_not_a_key');
    } finally {
      await handle.close();
    }
  } catch (cause) {
    return fail(codeOfError(cause) === 'ENOENT' ? 'key_file_missing' : 'key_file_unreadable');
  }
}
