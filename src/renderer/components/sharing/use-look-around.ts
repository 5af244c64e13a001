// What a simulated GPU gives on a computer without a usable one: answers of its models on the processor, or a look around.
import type { AppError } from '../../../shared/api/app-api';
import type { AppState } from '../../../shared/api/app-state';
import { ownGpuOf } from '../../../shared/api/own-gpu';
import { isOnThisComputer } from '../../../shared/api/own-host';
import { readyModelsOf } from '../../../shared/api/own-status';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';

/** `answers`: models here answer in the own pool, which runs or can be started. Null: a GPU is usable, or this program cannot simulate one. */
export type LookAround = 'answers' | 'looks' | null;

type Source = Pick<AppState, 'app' | 'agent' | 'host'>;

export function lookAroundOf({ app, agent, host }: Source): LookAround {
  if (agent?.simulation !== 'off' || ownGpuOf(agent.hardware) !== 'none') return null;
  const { link } = agent;
  if (link.state !== 'idle' && host?.state === 'stopped') return null;
  const hasOwnPool =
    link.state === 'idle' ? host !== null && (app.can_host || host.state !== 'stopped') : isOnThisComputer(link.scheduler_url);
  return hasOwnPool && readyModelsOf({ agent }) > 0 ? 'answers' : 'looks';
}

/** The own pool must be started too: without it no model answers. */
export const startsPool = (source: Source): boolean =>
  lookAroundOf(source) === 'answers' && source.agent?.link.state === 'idle' && source.host?.state === 'stopped';

export interface LookAroundStart {
  readonly start: () => void;
  readonly pending: boolean;
  readonly error: AppError | null;
}

export function useLookAroundStart(): LookAroundStart {
  const simulate = useOperation('agent.simulate');
  const host = useOperation('host.start');
  const needsPool = useApp(startsPool);
  const start = async (): Promise<void> => {
    const { ok } = await simulate.run({ on: true });
    // For this computer alone: the user shares a pool with a button that says so.
    if (ok && needsPool) await host.run({ scope: 'this_computer' });
  };
  return { start: () => void start(), pending: simulate.pending || host.pending, error: simulate.error ?? host.error };
}
