// Installs the package of an update as root. The app asks for the password with the three files of the update, which any program of the same
// user can change while the dialog is open. So this program, which only root can change, trusts none of them: it opens each once, copies it to
// where only root can write, and verifies and installs the copy.
import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { constants as systemConstants } from 'node:os';
import path from 'node:path';
import { reasonOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import type { DebFiles } from './core/install-command';
import { acceptRelease, INSTALL_REFUSALS, type InstallRefusal, refusalLine, startRefusal } from './core/install-refusal';
import { MAX_PACKAGE_BYTES, metadataName, type Release } from './core/release';
import { isSignedFileNow } from './package-file';
import { readPublicKey } from './signature';
import { MAX_METADATA_BYTES, MAX_SIGNATURE_BYTES, readSignedRelease } from './signed-release';

/** The program itself: nothing of it comes from the environment of a packaged program. */
export interface InstallSettings {
  readonly isRoot: boolean;
  /** As in `build/updates.json`. */
  readonly publicKey: string | null;
  readonly version: string;
  readonly arch: string;
  /** Only root can write there. It keeps the copy while dpkg runs. */
  readonly cacheDir: string;
  readonly dpkg: string;
}

interface OpenFile {
  readonly fd: number;
  readonly bytes: number;
}

const PIECE_BYTES = 1_048_576;

/** Of a terminal, of the end of a session, and of pkexec when the app is killed. An interruption would leave a half-installed package. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** dpkg finds its helpers in PATH, and its scripts must not ask. */
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' };

/** Resolves to the exit code: of dpkg, or of a refusal, whose sentence `say` gets. */
export async function installUpdate(settings: InstallSettings, files: DebFiles, say: (line: string) => void): Promise<number> {
  const defer = (): void => undefined;
  for (const signal of SIGNALS) process.on(signal, defer);
  try {
    const ended = await verifyAndInstall(settings, files);
    if (ended.ok) return ended.value;
    say(refusalLine(ended.error));
    return INSTALL_REFUSALS[ended.error.kind];
  } finally {
    for (const signal of SIGNALS) process.off(signal, defer);
  }
}

async function verifyAndInstall(settings: InstallSettings, files: DebFiles): Promise<Result<number, InstallRefusal>> {
  const refusal = startRefusal(settings.isRoot, settings.publicKey);
  if (refusal !== null) return fail(refusal);
  const opened: number[] = [];
  try {
    const metadata = openFile(files.metadata, 'metadata', MAX_METADATA_BYTES, opened);
    if (!metadata.ok) return metadata;
    const signature = openFile(files.signature, 'signature', MAX_SIGNATURE_BYTES, opened);
    if (!signature.ok) return signature;
    const packed = openFile(files.package, 'package', MAX_PACKAGE_BYTES, opened);
    if (!packed.ok) return packed;
    const release = verify(settings, { content: readAll(metadata.value), signature: readAll(signature.value) }, packed.value.bytes);
    return release.ok ? await installCopy(settings, packed.value, release.value) : release;
  } catch (error) {
    return fail({ kind: 'unreadable', reason: `A file of the update cannot be read: ${reasonOfError(error)}.` });
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

/** The last part of the path must be a file, not a link; a pipe does not stop the program. */
function openFile(file: string, name: string, maxBytes: number, opened: number[]): Result<OpenFile, InstallRefusal> {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
    opened.push(fd);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return fail({ kind: 'unreadable', reason: `The ${name} is not a regular file.` });
    if (stat.size > maxBytes) return fail({ kind: 'too_large', reason: `The ${name} has more than ${String(maxBytes)} bytes.` });
    return ok({ fd, bytes: stat.size });
  } catch (error) {
    const code = reasonOfError(error);
    return fail({
      kind: 'unreadable',
      reason: code === 'ELOOP' ? `The ${name} is a symbolic link.` : `The ${name} cannot be read: ${code}.`,
    });
  }
}

/** Never more than the size at the start: another program may make the file longer. */
function readAll({ fd, bytes }: OpenFile): Buffer {
  const content = Buffer.alloc(bytes);
  let end = 0;
  for (let read = -1; read !== 0 && end < bytes; end += read) read = readSync(fd, content, end, bytes - end, end);
  return content.subarray(0, end);
}

function verify(
  { publicKey, version, arch }: InstallSettings,
  signed: { readonly content: Buffer; readonly signature: Buffer },
  packageBytes: number,
): Result<Release, InstallRefusal> {
  const key = readPublicKey(publicKey ?? '');
  if (!key.ok) return fail({ kind: 'no_key', reason: `The public key for updates ${key.error}.` });
  // The name is signed too. It is that of this system, whatever the file is called.
  const release = readSignedRelease(signed, { publicKey: key.value, metadata: metadataName('deb', arch), format: 'deb' });
  return acceptRelease({ release, ownVersion: version, packageBytes });
}

async function installCopy(settings: InstallSettings, packed: OpenFile, { file }: Release): Promise<Result<number, InstallRefusal>> {
  let folder: string | null = null;
  try {
    // Mode 0700.
    folder = mkdtempSync(path.join(settings.cacheDir, 'muster-update-'));
    const copy = path.join(folder, file.url);
    copyFile(packed, copy);
    if (!isSignedFileNow(copy, file)) return fail({ kind: 'changed', reason: 'The package is not the signed one.' });
    return await runDpkg(settings.dpkg, copy);
  } catch (error) {
    return fail({ kind: 'not_copied', reason: `The package cannot be copied: ${reasonOfError(error)}.` });
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** At most the signed size. */
function copyFile({ fd, bytes }: OpenFile, copy: string): void {
  const target = openSync(copy, 'wx', 0o600);
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    let end = 0;
    for (let read = -1; read !== 0 && end < bytes; end += read) {
      read = readSync(fd, piece, 0, Math.min(piece.length, bytes - end), end);
      for (let written = 0; written < read;) written += writeSync(target, piece, written, read - written);
    }
  } finally {
    closeSync(target);
  }
}

/** Without a deadline. The mask of the caller must not decide who can write the files of the scripts. */
function runDpkg(dpkg: string, copy: string): Promise<Result<number, InstallRefusal>> {
  process.umask(0o022);
  return new Promise((resolve) => {
    const child = spawn(dpkg, ['-i', copy], { env: ENVIRONMENT, cwd: '/', stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', (error) => {
      resolve(fail({ kind: 'not_started', reason: `dpkg cannot be started: ${reasonOfError(error)}.` }));
    });
    child.once('close', (code, signal) => {
      resolve(ok(code ?? 128 + (signal === null ? 0 : systemConstants.signals[signal])));
    });
  });
}
