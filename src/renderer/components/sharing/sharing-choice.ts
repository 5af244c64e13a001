// What the owner of this computer chose: to share, to stop after the current jobs, or to pause. Pure.
import type { AgentPause } from '../../../shared/api/agent-view';
import type { RunningJobs } from '../../../shared/protocol/pauses';

export type SharingChoice = 'share' | 'stop' | 'pause';

/** A pause without an end whose jobs finish here is the choice to stop after the current jobs. */
export function sharingChoiceOf(pause: AgentPause | null): SharingChoice {
  if (pause === null) return 'share';
  const [only, ...others] = pause.causes;
  const isStop = others.length === 0 && only?.code === 'owner' && only.until === null && pause.running_jobs === 'finish';
  return isStop ? 'stop' : 'pause';
}

/** The cause that ends last, because this computer shares again at its end. Null: this computer shares. */
export function lastCauseOf(pause: AgentPause | null): AgentPause['causes'][number] | null {
  if (pause === null) return null;
  return pause.causes.reduce<AgentPause['causes'][number] | null>(
    (last, cause) => (last === null || (cause.until ?? Infinity) > (last.until ?? Infinity) ? cause : last),
    null,
  );
}

/** The pause that the owner chose by hand, to restore it. Null: none, or it has other causes. */
export function lastOwnerPauseOf(pause: AgentPause | null): { readonly until: number | null; readonly runningJobs: RunningJobs } | null {
  const [only, ...others] = pause?.causes ?? [];
  if (pause === null || only?.code !== 'owner' || others.length > 0) return null;
  return { until: only.until, runningJobs: pause.running_jobs };
}
