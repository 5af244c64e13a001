// Allows one agent per state folder, by a lock file that names its holder. The lock is free when its holder has ended.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { codeOfError, messageOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import { processIn, processRecord, smallText } from '../platform/process-record';
import type { AgentOpenError } from './agent-options';

export interface StateLock {
  release(): void;
}

const LOCK = 'agent.lock';

/** The process id of the agent on this state folder. Null: no agent runs there. */
export const stateLockHolder = (stateDir: string): number | null => processIn(path.join(stateDir, LOCK));

/** Takes `agent.lock` in the folder. Creates the folder when it is missing. */
export function takeStateLock(stateDir: string): Result<StateLock, AgentOpenError> {
  const lockFile = path.join(stateDir, LOCK);
  const content = JSON.stringify(processRecord());
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        writeFileSync(lockFile, content, { flag: 'wx', mode: 0o600 });
        return ok({
          release: () => {
            if (smallText(lockFile) === content) rmSync(lockFile, { force: true });
          },
        });
      } catch (error) {
        if (codeOfError(error) !== 'EEXIST') throw error;
      }
      const pid = processIn(lockFile);
      if (pid !== null) return fail({ code: 'STATE_IN_USE', lockFile, pid });
      rmSync(lockFile, { force: true });
    }
    return fail({ code: 'STATE_UNUSABLE', path: lockFile, reason: 'another agent keeps taking the lock' });
  } catch (error) {
    return fail({ code: 'STATE_UNUSABLE', path: lockFile, reason: messageOfError(error) });
  }
}
