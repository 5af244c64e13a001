// The operations on the GPUs of this computer, and on what it gave to its pools. Which GPUs are offered is a setting: the agent decides the
// new values, and gets them back when they are written.
import { ok } from '../../shared/result';
import { notAvailableHere } from '../contracts/app-errors';
import type { AgentPort } from '../contracts/ports';
import type { OperationHandlers } from './operation-types';
import type { SettingWriter } from './setting-writer';

type GpuOperation = Extract<keyof OperationHandlers, `gpu.${string}` | 'agent.contribution'>;

export const gpuHandlers = (agent: AgentPort | null, write: SettingWriter): Pick<OperationHandlers, GpuOperation> => ({
  'agent.contribution': () => (agent === null ? notAvailableHere() : ok(agent.contribution())),
  'gpu.history': ({ range }) => (agent === null ? notAvailableHere() : ok(agent.gpuHistory(range))),
  'gpu.processes': () => (agent === null ? notAvailableHere() : ok(agent.gpuProcesses())),
  'gpu.offer': (offer) => write((own) => own.offerGpu(offer)),
});
