// Whether this computer shares, and the operations that change it.
import type { AppError } from '../../../shared/api/app-api';
import type { AgentPause } from '../../../shared/api/agent-view';
import type { RunningJobs } from '../../../shared/protocol/pauses';
import { useOperation } from '../../queries/use-operation';
import { useLabels } from '../../i18n/use-labels';
import { useToasts } from '../toasts/use-toasts';
import { lastOwnerPauseOf, type NoSharing, noSharingOf, runningJobsOf } from './sharing-choice';
import { useApp } from '../../store/Screen';

export interface Sharing {
  /** Null: this computer shares. */
  readonly pause: AgentPause | null;
  /** Why this computer shares nothing and the choice has no effect. Null: it has. */
  readonly off: NoSharing | null;
  readonly runningJobs: number;
  readonly pending: boolean;
  readonly error: AppError | null;
  readonly share: () => void;
  readonly pauseUntil: (untilWallMs: number | null, runningJobs: RunningJobs) => void;
}

export function useSharing(): Sharing {
  const pause = useApp((app) => app.agent?.pause ?? null);
  const off = useApp(({ agent }) => (agent === null ? null : noSharingOf(agent)));
  const runningJobs = useApp(({ agent }) => (agent === null ? 0 : runningJobsOf(agent)));
  const { t } = useLabels();
  const { show } = useToasts();
  const pausing = useOperation('agent.pause');
  const resuming = useOperation('agent.resume');
  // What the owner chose before: a pause by a rule has no choice to return to.
  const before = lastOwnerPauseOf(pause);
  const share = async (isUndo = false): Promise<void> => {
    pausing.clear();
    const outcome = await resuming.run({});
    if (!outcome.ok || isUndo) return;
    show({
      text: t('sharing.shares'),
      subject: 'sharing',
      ...(before === null ? {} : { undo: () => void pauseUntil(before.until, before.runningJobs, true) }),
    });
  };
  const pauseUntil = async (untilWallMs: number | null, runningJobs: RunningJobs, isUndo = false): Promise<void> => {
    resuming.clear();
    const outcome = await pausing.run({ until_ms: untilWallMs, running_jobs: runningJobs });
    if (outcome.ok && !isUndo) show({ text: t('sharing.pauses'), subject: 'sharing', undo: () => void share(true) });
  };
  return {
    pause,
    off,
    runningJobs,
    pending: pausing.pending || resuming.pending,
    error: pausing.error ?? resuming.error,
    share: () => void share(),
    pauseUntil: (untilWallMs, runningJobs) => void pauseUntil(untilWallMs, runningJobs),
  };
}
