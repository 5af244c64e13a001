// Allows one agent per state folder, by a lock file that names its holder. The lock is free when its holder has ended, or when
// the file is older than the start of this machine or container.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { codeOfError, messageOfError } from '../../shared/errors';
import { parseJson } from '../../shared/json';
import { fail, ok, type Result } from '../../shared/result';
import type { AgentOpenError } from './agent-options';

const lockSchema = z.object({ pid: z.number().int().positive(), process_started_ms: z.number() });

export interface StateLock {
  release(): void;
}

const LOCK = 'agent.lock';

/** The process id of the agent on this state folder. Null: no agent runs there. */
export const stateLockHolder = (stateDir: string): number | null => holderOf(path.join(stateDir, LOCK));

/** Takes `agent.lock` in the folder. Creates the folder when it is missing. */
export function takeStateLock(stateDir: string): Result<StateLock, AgentOpenError> {
  const lockFile = path.join(stateDir, LOCK);
  const content = JSON.stringify({ pid: process.pid, process_started_ms: processStartedWallMs() });
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        writeFileSync(lockFile, content, { flag: 'wx', mode: 0o600 });
        return ok({
          release: () => {
            if (readText(lockFile) === content) rmSync(lockFile, { force: true });
          },
        });
      } catch (error) {
        if (codeOfError(error) !== 'EEXIST') throw error;
      }
      const pid = holderOf(lockFile);
      if (pid !== null) return fail({ code: 'STATE_IN_USE', lockFile, pid });
      rmSync(lockFile, { force: true });
    }
    return fail({ code: 'STATE_UNUSABLE', path: lockFile, reason: 'another agent keeps taking the lock' });
  } catch (error) {
    return fail({ code: 'STATE_UNUSABLE', path: lockFile, reason: messageOfError(error) });
  }
}

/** The process id of the lock's holder. Null: the lock is free. */
function holderOf(lockFile: string): number | null {
  const parsed = lockSchema.safeParse(parseJson(readText(lockFile)));
  if (!parsed.success) return null;
  const { pid, process_started_ms } = parsed.data;
  const lockedAtWallMs = statSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const bootedAtWallMs = Date.now() - uptime() * 1000;
  if (lockedAtWallMs < bootedAtWallMs - CLOCK_TOLERANCE_MS) return null;
  // In a restarted container another process may have the same id.
  if (pid === process.pid && Math.abs(process_started_ms - processStartedWallMs()) > CLOCK_TOLERANCE_MS) return null;
  return isAlive(pid) ? pid : null;
}

const CLOCK_TOLERANCE_MS = 5000;

const processStartedWallMs = (): number => Math.round(Date.now() - process.uptime() * 1000);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process runs, under another user.
    return codeOfError(error) === 'EPERM';
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
