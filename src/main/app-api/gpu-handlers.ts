// The operations on the GPUs of this computer, and on what it gave to its pools.
import type { HistoryRange } from '../../shared/api/gpu';
import { ok } from '../../shared/result';
import { notAvailableHere } from '../contracts/app-errors';
import type { AgentPort } from '../contracts/ports';
import type { OperationHandlers } from './operation-types';
import { emptied } from './outcomes';

type GpuOperation = Extract<keyof OperationHandlers, `gpu.${string}` | 'agent.contribution'>;

export const gpuHandlers = (agent: AgentPort | null): Pick<OperationHandlers, GpuOperation> => ({
  'agent.contribution': () => (agent === null ? notAvailableHere() : ok(agent.contribution())),
  'gpu.history': ({ range }: { readonly range: HistoryRange }) => (agent === null ? notAvailableHere() : ok(agent.gpuHistory(range))),
  'gpu.processes': () => (agent === null ? notAvailableHere() : ok(agent.gpuProcesses())),
  'gpu.offer': async (offer) => emptied(await agent?.offerGpu(offer)),
});
