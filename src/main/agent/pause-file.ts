// `pause.json` in the state folder: the pause that the owner chose, and the rules that the owner overrides. `muster pause` and `muster
// resume` write the same file, so they also work while no agent runs.
import { readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { codeOfError, messageOfError, reasonOfError } from '../../shared/errors';
import { parseJson } from '../../shared/json';
import { MAX_PAUSE_DETAIL, PAUSE_CODES, RUNNING_JOBS } from '../../shared/protocol/pauses';
import { fail, ok, type Result } from '../../shared/result';
import { writeFileAtomic } from '../platform/atomic-file';
import type { PauseState } from './core/pause';

const MAX_FILE_BYTES = 65_536;
const MAX_OVERRIDDEN = 32;

const wallMs = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const ruleCodeSchema = z.enum(PAUSE_CODES).exclude(['owner']);
const fileSchema = z.object({
  version: z.literal(1),
  owner: z.object({ since: wallMs, until: wallMs.nullable(), running_jobs: z.enum(RUNNING_JOBS) }).nullable(),
  overridden: z.array(z.object({ code: ruleCodeSchema, detail: z.string().max(MAX_PAUSE_DETAIL).nullable() })).max(MAX_OVERRIDDEN),
  /** Written by `muster resume`, which does not know the rules: the agent overrides those that hold. */
  share_now: z.boolean().optional(),
});

/** The part of the pause that survives a restart. */
export interface StoredPause extends Pick<PauseState, 'owner' | 'overridden'> {
  readonly isShareRequested: boolean;
}

const NOTHING: StoredPause = { owner: null, overridden: [], isShareRequested: false };

export const pauseFileOf = (stateDir: string): string => path.join(stateDir, 'pause.json');

/** Without a file nothing is paused. On failure, the reason. */
export function readPause(file: string): Result<StoredPause, string> {
  try {
    if (statSync(file).size > MAX_FILE_BYTES) return fail('too large');
    const parsed = fileSchema.safeParse(parseJson(readFileSync(file, 'utf8')));
    if (!parsed.success) return fail(parsed.error.issues[0]?.message ?? 'invalid');
    const { owner, overridden, share_now: isShareRequested = false } = parsed.data;
    const choice = owner === null ? null : { sinceWallMs: owner.since, untilWallMs: owner.until, runningJobs: owner.running_jobs };
    return ok({ owner: choice, overridden, isShareRequested });
  } catch (error) {
    return codeOfError(error) === 'ENOENT' ? ok(NOTHING) : fail(messageOfError(error));
  }
}

/** Null: the pause is on disk. Else the reason why not. */
export function writePause(file: string, { owner, overridden, isShareRequested }: StoredPause): string | null {
  const content: z.input<typeof fileSchema> = {
    version: 1,
    owner: owner === null ? null : { since: Math.round(owner.sinceWallMs), until: owner.untilWallMs, running_jobs: owner.runningJobs },
    overridden: overridden.slice(0, MAX_OVERRIDDEN).map((key) => ({ ...key })),
    ...(isShareRequested ? { share_now: true } : {}),
  };
  try {
    writeFileAtomic(file, JSON.stringify(content));
    return null;
  } catch (error) {
    return reasonOfError(error);
  }
}

/** Keeps an unreadable file for the owner. */
export function moveAsidePause(file: string): void {
  try {
    renameSync(file, `${file}.corrupt`);
  } catch {
    // The next write replaces the file.
  }
}

/** Changes with each write of the file. Null: there is no file. */
export function pauseFileMark(file: string): string | null {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${String(ino)} ${String(size)} ${String(mtimeMs)}`;
  } catch {
    return null;
  }
}
