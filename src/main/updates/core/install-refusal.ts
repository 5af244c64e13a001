// Why the program that installs an update as root refuses: an exit code for the app, and a sentence for a person. The codes are none of dpkg
// (0 to 2), pkexec (126, 127), the command line (0 to 7) or a signal (128 and more).
import { fail, ok, type Result } from '../../../shared/result';
import type { Release } from './release';
import { isNewer } from './version';

export const INSTALL_REFUSALS = {
  not_root: 80,
  no_key: 81,
  unreadable: 82,
  too_large: 83,
  unsigned: 84,
  invalid: 85,
  not_newer: 86,
  changed: 87,
  not_copied: 88,
  not_started: 89,
} as const;

export interface InstallRefusal {
  readonly kind: keyof typeof INSTALL_REFUSALS;
  /** A sentence. */
  readonly reason: string;
}

/** The name of the command, which is not in the help text. */
export const INSTALL_COMMAND = 'install-update';

const PREFIX = `muster ${INSTALL_COMMAND}: `;

export const refusalLine = ({ reason }: InstallRefusal): string => `${PREFIX}${reason}\n`;

/** The sentence of a refusal in the output of the program. Null: it ended for another reason. */
export function refusalIn(code: number | null, stderr: string): string | null {
  if (!Object.values<number | null>(INSTALL_REFUSALS).includes(code)) return null;
  const line = stderr.split('\n').find((text) => text.startsWith(PREFIX));
  return line?.slice(PREFIX.length) ?? null;
}

/** Before a file is opened. */
export function startRefusal(isRoot: boolean, publicKey: string | null): InstallRefusal | null {
  if (!isRoot) return { kind: 'not_root', reason: 'Only root can install an update.' };
  return publicKey === null ? { kind: 'no_key', reason: 'This build has no public key for updates.' } : null;
}

interface Given {
  /** Of the metadata. */
  readonly release: Result<Release, { readonly fault: 'unsigned' | 'invalid' | 'no_package'; readonly reason: string }>;
  readonly ownVersion: string;
  readonly packageBytes: number;
}

/** Before the package is copied. Succeeds with the release whose package may be copied. */
export function acceptRelease({ release, ownVersion, packageBytes }: Given): Result<Release, InstallRefusal> {
  if (!release.ok) {
    const { fault, reason } = release.error;
    return fail({ kind: fault === 'unsigned' ? 'unsigned' : 'invalid', reason: `The metadata is refused: ${reason}.` });
  }
  const { version, file } = release.value;
  if (!isNewer(version, ownVersion))
    return fail({ kind: 'not_newer', reason: `Version ${version} is not newer than the installed version ${ownVersion}.` });
  if (packageBytes !== file.size)
    return fail({ kind: 'changed', reason: `The package has ${String(packageBytes)} bytes; the signed size is ${String(file.size)}.` });
  return ok(release.value);
}
