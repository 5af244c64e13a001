// The owner key of a scheduler: a file in the data folder that only the owner can read (ADR 0021). The log names the file, never the key.
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fail, ok, type Result } from '../../shared/result';
import type { Clock } from '../platform/clock';
import type { LogFields } from '../platform/logger';
import type { MusterPaths } from '../platform/paths';
import { isToken, loadOrCreateToken, type OwnToken, type TokenFileError } from '../platform/token-file';
import type { StartFailure } from './daemon';
import { EXIT } from './exit-code';

export interface OwnerKey {
  /** The key now. `muster keys reset-owner` may have replaced it. */
  readonly current: () => string;
  /** Calls the listener with each new key. */
  readonly follow: (listener: (key: string) => void) => void;
  /** Log lines to write when the scheduler listens. */
  readonly logLines: readonly LogLine[];
  /** The data folder had the join token of an earlier version: its nodes must join again. True until `removeOldTokens`. */
  readonly replacesJoinToken: boolean;
}

type LogLine = readonly [level: 'info' | 'warn', event: string, fields: LogFields];

/** How often the file is checked for a new key, at most. */
const CHECK_INTERVAL_MS = 1000;

export async function loadOwnerKey(paths: MusterPaths, clock: Clock): Promise<Result<OwnerKey, StartFailure>> {
  const file = paths.adminTokenFile;
  const own = await loadOrCreateToken(file);
  if (!own.ok) return fail(tokenFailure(own.error));
  const listeners: ((key: string) => void)[] = [];
  const onChanged = (key: string): void => {
    for (const listener of listeners) listener(key);
  };
  return ok({
    current: followFile(file, own.value.token, clock, onChanged),
    follow: (listener) => {
      listeners.push(listener);
    },
    logLines: logLinesOf(file, own.value),
    replacesJoinToken: oldTokenFiles(paths).some((file) => existsSync(file)),
  });
}

/** The content of the file, read again after a change. When the file is missing or unusable, the last key stays valid. */
function followFile(file: string, first: string, clock: Clock, onChanged: (key: string) => void): () => string {
  let key = first;
  let changedAt = changeTimeOf(file);
  let checkedAtMonotonicMs = clock.monotonicMs();
  return () => {
    const nowMonotonicMs = clock.monotonicMs();
    if (nowMonotonicMs - checkedAtMonotonicMs < CHECK_INTERVAL_MS) return key;
    checkedAtMonotonicMs = nowMonotonicMs;
    const changed = changeTimeOf(file);
    if (changed === null || changed === changedAt) return key;
    changedAt = changed;
    const text = contentOf(file);
    if (!isToken(text) || text === key) return key;
    key = text;
    onChanged(key);
    return key;
  };
}

function changeTimeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.ctimeMs ?? null;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/** The shared tokens of earlier versions are not valid any more. */
const oldTokenFiles = ({ dataDir }: MusterPaths): readonly string[] =>
  ['join-token', 'submit-token'].map((name) => path.join(dataDir, name));

/** Call it when the user knows that the nodes must join again. */
export function removeOldTokens(paths: MusterPaths): void {
  for (const file of oldTokenFiles(paths)) rmSync(file, { force: true });
}

function logLinesOf(file: string, { created, wasExposed }: OwnToken): readonly LogLine[] {
  const required: LogLine = ['info', 'owner_key', { file, created }];
  return wasExposed ? [required, ['warn', 'token_file_was_readable_by_others', { file }]] : [required];
}

const tokenFailure = ({ file, code, reason }: TokenFileError): StartFailure => ({
  exitCode: EXIT.failure,
  code: 'TOKEN_FILE_UNUSABLE',
  details: { file, reason: code },
  message: `the token file ${file}: ${reason}`,
});
