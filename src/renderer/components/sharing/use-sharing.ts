// Whether this computer shares, and the operations that change it.
import type { AppError } from '../../../shared/api/app-api';
import type { AgentPause } from '../../../shared/api/agent-view';
import type { RunningJobs } from '../../../shared/protocol/pauses';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';

export interface Sharing {
  /** Null: this computer shares. */
  readonly pause: AgentPause | null;
  readonly pending: boolean;
  readonly error: AppError | null;
  readonly share: () => void;
  readonly pauseUntil: (untilWallMs: number | null, runningJobs: RunningJobs) => void;
}

export function useSharing(): Sharing {
  const pause = useApp((app) => app.agent?.pause ?? null);
  const pausing = useOperation('agent.pause');
  const resuming = useOperation('agent.resume');
  return {
    pause,
    pending: pausing.pending || resuming.pending,
    error: pausing.error ?? resuming.error,
    share: () => {
      pausing.clear();
      void resuming.run({});
    },
    pauseUntil: (untilWallMs, runningJobs) => {
      resuming.clear();
      void pausing.run({ until_ms: untilWallMs, running_jobs: runningJobs });
    },
  };
}
