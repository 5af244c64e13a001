// What the owner of this computer chose: to share, to stop after the current jobs, or to pause. And whether it can share at all. Pure.
import type { AgentPause, AgentView } from './agent-view';
import type { AppState } from './app-state';
import { ownGpuOf } from './own-gpu';
import { type AwaitedHost, causeOfLoss } from './own-host';
import { ownStatusOf } from './own-status';
import type { RunningJobs } from '../protocol/pauses';

export type SharingChoice = 'share' | 'stop' | 'pause';

/** A pause without an end whose jobs finish here is the choice to stop after the current jobs, while such jobs run. */
export function sharingChoiceOf(pause: AgentPause | null, runningJobs: number): SharingChoice {
  if (pause === null) return 'share';
  const [only, ...others] = pause.causes;
  const isStop = others.length === 0 && only?.code === 'owner' && only.until === null && pause.running_jobs === 'finish';
  return isStop && runningJobs > 0 ? 'stop' : 'pause';
}

/** The jobs of the pool that run here. Without a connection the scheduler gives them to other nodes. */
export const runningJobsOf = (agent: AgentView): number => ownStatusOf(agent)?.in_flight_jobs ?? 0;

/** The refusal of a member that uses the pool without a node: it has no GPU, or the owner of the pool did not give it the role of a node. */
export const isWithoutNode = (refusalCode: string): boolean => refusalCode === 'NO_GPU_AVAILABLE' || refusalCode === 'NOT_A_NODE';

export type NoSharing = 'idle' | 'no_gpu' | 'no_role' | 'refused';

/** Why this computer shares nothing, independent of the owner's choice. Null: it belongs to a pool, also while the connection is lost. */
export function noSharingOf({ link }: AgentView): NoSharing | null {
  if (link.state === 'idle') return 'idle';
  if (link.state !== 'refused') return null;
  if (link.code === 'NOT_A_NODE') return 'no_role';
  return link.code === 'NO_GPU_AVAILABLE' ? 'no_gpu' : 'refused';
}

/** It has nothing to share: a choice to share would have no effect. While it joins as a node, the pool decides. */
export const lacksGpu = (agent: AgentView): boolean => noSharingOf(agent) !== null && ownGpuOf(agent.hardware) === 'none';

export type SharingOff = NoSharing | `host_${AwaitedHost['state']}`;

/** Why the choice has no effect: the own pool does not run, or this computer shares nothing. Null: it has, or there is no agent. */
export function sharingOffOf(app: Pick<AppState, 'agent' | 'host'>): SharingOff | null {
  const lost = causeOfLoss(app);
  if (lost !== null) return `host_${lost.state}`;
  return app.agent === null ? null : noSharingOf(app.agent);
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
