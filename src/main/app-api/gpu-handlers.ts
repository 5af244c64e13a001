// The operations on the GPUs of this computer, and on what it gave to its pools. Which GPUs are offered is a setting: the agent decides the
// new values, and gets them back when they are written.
import type { Outcome } from '../../shared/api/app-api';
import type { GpuOffer } from '../../shared/api/gpu';
import { ok } from '../../shared/result';
import { notAvailableHere } from '../contracts/app-errors';
import type { AgentPort, SettingsPort } from '../contracts/ports';
import type { OperationHandlers } from './operation-types';
import { mapped } from './outcomes';

type GpuOperation = Extract<keyof OperationHandlers, `gpu.${string}` | 'agent.contribution'>;

export function gpuHandlers(agent: AgentPort | null, settings: SettingsPort | null): Pick<OperationHandlers, GpuOperation> {
  let last: Promise<unknown> = Promise.resolve();
  const write = async (offer: GpuOffer): Promise<Outcome<Record<string, never>>> => {
    if (agent === null || settings === null) return notAvailableHere();
    const changes = agent.offerGpu(offer);
    return changes.ok ? mapped(await settings.set(changes.value), () => ({})) : changes;
  };
  return {
    'agent.contribution': () => (agent === null ? notAvailableHere() : ok(agent.contribution())),
    'gpu.history': ({ range }) => (agent === null ? notAvailableHere() : ok(agent.gpuHistory(range))),
    'gpu.processes': () => (agent === null ? notAvailableHere() : ok(agent.gpuProcesses())),
    // One after the other: each change starts from the values of the one before.
    'gpu.offer': (offer) => {
      const written = last.then(() => write(offer));
      last = written.catch(() => undefined);
      return written;
    },
  };
}
