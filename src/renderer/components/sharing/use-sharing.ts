// Whether this computer shares, and the operations that change it.
import { useMemo } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import type { AgentPause } from '../../../shared/api/agent-view';
import type { RunningJobs } from '../../../shared/protocol/pauses';
import { useOperation } from '../../queries/use-operation';
import { useLabels } from '../../i18n/use-labels';
import { useToasts } from '../toasts/use-toasts';
import { lastOwnerPauseOf, runningJobsOf, type SharingOff, sharingOffOf } from '../../../shared/api/sharing-choice';
import { useApp, useScreenState } from '../../store/Screen';

export interface Sharing {
  /** Null: this computer shares. */
  readonly pause: AgentPause | null;
  /** Why this computer shares nothing and the choice has no effect. Null: it has. */
  readonly off: SharingOff | null;
  readonly runningJobs: number;
  readonly pending: boolean;
  readonly error: AppError | null;
  readonly share: () => void;
  readonly pauseUntil: (untilWallMs: number | null, runningJobs: RunningJobs) => void;
}

/** The same object until something of it changes. */
export function useSharing(): Sharing {
  const pause = useApp((app) => app.agent?.pause ?? null);
  const off = useApp(sharingOffOf);
  const runningJobs = useApp(({ agent }) => (agent === null ? 0 : runningJobsOf(agent)));
  const { t } = useLabels();
  const { show } = useToasts();
  const { run: runPause, clear: clearPause, ...pausing } = useOperation('agent.pause');
  const { run: runResume, clear: clearResume, ...resuming } = useOperation('agent.resume');
  const { share, pauseUntil } = useMemo(() => {
    // What the owner chose before: a pause by a rule has no choice to return to.
    const before = lastOwnerPauseOf(pause);
    const shareNow = async (isUndo = false): Promise<void> => {
      clearPause();
      const outcome = await runResume({});
      if (!outcome.ok || isUndo) return;
      show({
        text: t('sharing.shares'),
        subject: 'sharing',
        ...(before === null ? {} : { undo: () => void pauseNow(before.until, before.runningJobs, true) }),
      });
    };
    const pauseNow = async (untilWallMs: number | null, jobs: RunningJobs, isUndo = false): Promise<void> => {
      clearResume();
      const outcome = await runPause({ until_ms: untilWallMs, running_jobs: jobs });
      if (outcome.ok && !isUndo) show({ text: t('sharing.pauses'), subject: 'sharing', undo: () => void shareNow(true) });
    };
    return {
      share: () => void shareNow(),
      pauseUntil: (untilWallMs: number | null, jobs: RunningJobs) => void pauseNow(untilWallMs, jobs),
    };
  }, [pause, t, show, runPause, clearPause, runResume, clearResume]);
  // Without a connection to the program, nothing can be changed.
  const isOpen = useScreenState((state) => state.connection === 'open');
  const pending = pausing.pending || resuming.pending || !isOpen;
  const error = pausing.error ?? resuming.error;
  return useMemo(
    () => ({ pause, off, runningJobs, pending, error, share, pauseUntil }),
    [pause, off, runningJobs, pending, error, share, pauseUntil],
  );
}
