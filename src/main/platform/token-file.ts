// Token files: those of the scheduler (created here, readable by the owner only), and those that the user names. A token is only ever
// a return value: no message, error or log line holds one.
import { randomBytes } from 'node:crypto';
import { chmod, open } from 'node:fs/promises';
import { codeOfError, reasonOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import { writeFileAtomic } from './atomic-file';

export interface TokenFileError {
  readonly file: string;
  readonly code: 'missing' | 'unreadable' | 'not_a_token' | 'not_writable';
  readonly reason: string;
}

export interface OwnToken {
  readonly token: string;
  readonly created: boolean;
  /** Other users could read the file until now and may know the token. Deleting the file creates a new token. */
  readonly wasExposed: boolean;
}

const TOKEN_BYTES = 32;
const PRIVATE_MODE = 0o600;
const OTHERS_MASK = 0o077;
/** Characters that are valid in an Authorization header, and the length limit of the protocol (protocol §2). */
const TOKEN_PATTERN = /^[A-Za-z0-9._~+/=-]{16,256}$/;
const MAX_FILE_BYTES = 4096;

/** The token in this file, or a new one of 256 random bits written with mode 0600. A wider mode is changed to 0600. */
export async function loadOrCreateToken(file: string): Promise<Result<OwnToken, TokenFileError>> {
  const existing = await readTokenFile(file);
  if (existing.ok) return narrow(file, existing.value);
  if (existing.error.code !== 'missing') return existing;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  try {
    writeFileAtomic(file, `${token}\n`, { onlyIfAbsent: true });
    return ok({ token, created: true, wasExposed: false });
  } catch (cause) {
    // Another process created the file first: use its token.
    if (codeOfError(cause) === 'EEXIST') return loadOrCreateToken(file);
    return fail({ file, code: 'not_writable', reason: `cannot be written (${reasonOfError(cause)})` });
  }
}

/** The token in a file that the user named. Its mode is not checked. */
export async function readToken(file: string): Promise<Result<string, TokenFileError>> {
  const read = await readTokenFile(file);
  return read.ok ? ok(read.value.token) : read;
}

/** Whether a text can be a token. */
export const isToken = (text: string): boolean => TOKEN_PATTERN.test(text);

interface TokenOnDisk {
  readonly token: string;
  readonly mode: number;
}

async function readTokenFile(file: string): Promise<Result<TokenOnDisk, TokenFileError>> {
  try {
    const handle = await open(file, 'r');
    try {
      const { mode, size } = await handle.stat();
      const token = size > MAX_FILE_BYTES ? '' : (await handle.readFile('utf8')).trim();
      if (TOKEN_PATTERN.test(token)) return ok({ token, mode });
      return fail({ file, code: 'not_a_token', reason: 'is not a token file: expected one line of 16 to 256 letters, digits and ._~+/=-' });
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (codeOfError(cause) === 'ENOENT') return fail({ file, code: 'missing', reason: 'file not found' });
    return fail({ file, code: 'unreadable', reason: `cannot be read (${reasonOfError(cause)})` });
  }
}

async function narrow(file: string, { token, mode }: TokenOnDisk): Promise<Result<OwnToken, TokenFileError>> {
  const exposed = process.platform !== 'win32' && (mode & OTHERS_MASK) !== 0;
  if (!exposed) return ok({ token, created: false, wasExposed: false });
  try {
    await chmod(file, PRIVATE_MODE);
    return ok({ token, created: false, wasExposed: true });
  } catch (cause) {
    return fail({
      file,
      code: 'not_writable',
      reason: `other users can read the file, and its mode cannot be changed (${reasonOfError(cause)})`,
    });
  }
}
