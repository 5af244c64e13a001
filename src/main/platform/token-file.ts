// Tokens in files: a scheduler's own (made here, for the owner's eyes only) and those that a user names. A token leaves a file
// only as a return value: no message, error or log line holds one.
import { randomBytes } from 'node:crypto';
import { chmod, open } from 'node:fs/promises';
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
  /** Others could read the file until now: who did still knows the token. Deleting the file makes a new one. */
  readonly wasExposed: boolean;
}

const TOKEN_BYTES = 32;
const PRIVATE_MODE = 0o600;
const OTHERS_MASK = 0o077;
/** What fits into an Authorization header, and no more than the protocol takes (protocol §2). */
const TOKEN_PATTERN = /^[A-Za-z0-9._~+/=-]{16,256}$/;
const MAX_FILE_BYTES = 4096;

/** The token in this file, or a new one of 256 random bits written there with mode 0600. Too wide a mode is narrowed. */
export async function loadOrCreateToken(file: string): Promise<Result<OwnToken, TokenFileError>> {
  const existing = await readTokenFile(file);
  if (existing.ok) return narrow(file, existing.value);
  if (existing.error.code !== 'missing') return existing;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  try {
    writeFileAtomic(file, `${token}\n`, { onlyIfAbsent: true });
    return ok({ token, created: true, wasExposed: false });
  } catch (cause) {
    // Another process was faster: its token is the token.
    if (errorCode(cause) === 'EEXIST') return loadOrCreateToken(file);
    return fail({ file, code: 'not_writable', reason: `cannot be written (${errorCode(cause)})` });
  }
}

/** The token in a file that the user named. Its permissions are the user's business. */
export async function readToken(file: string): Promise<Result<string, TokenFileError>> {
  const read = await readTokenFile(file);
  return read.ok ? ok(read.value.token) : read;
}

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
      return fail({ file, code: 'not_a_token', reason: 'holds no token: one line of 16 to 256 letters, digits and ._~+/=- is expected' });
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return fail({ file, code: 'missing', reason: 'there is no such file' });
    return fail({ file, code: 'unreadable', reason: `cannot be read (${errorCode(cause)})` });
  }
}

async function narrow(file: string, { token, mode }: TokenOnDisk): Promise<Result<OwnToken, TokenFileError>> {
  const exposed = process.platform !== 'win32' && (mode & OTHERS_MASK) !== 0;
  if (!exposed) return ok({ token, created: false, wasExposed: false });
  try {
    await chmod(file, PRIVATE_MODE);
    return ok({ token, created: false, wasExposed: true });
  } catch (cause) {
    return fail({ file, code: 'not_writable', reason: `others can read it, and its mode cannot be changed (${errorCode(cause)})` });
  }
}

const errorCode = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown error';
