// The operations on the node of this computer: its pause, its hardware, its speed measurements and its notices.
import { failure, notAvailableHere } from '../contracts/app-errors';
import type { AgentPort } from '../contracts/ports';
import type { OperationHandlers } from './operation-types';
import { EMPTY, emptied } from './outcomes';

type AgentOperation = Exclude<Extract<keyof OperationHandlers, `agent.${string}`>, 'agent.contribution'>;

/** `isOfOthers`: this computer is in a pool of others, or tries one. */
export const agentHandlers = (agent: AgentPort | null, isOfOthers: () => boolean): Pick<OperationHandlers, AgentOperation> => ({
  'agent.recheck': async () => {
    if (agent === null) return notAvailableHere();
    await agent.recheck();
    return EMPTY;
  },
  'agent.simulate': async ({ on }) => {
    if (on && isOfOthers()) return failure('INVALID_STATE', { reason: 'in_pool_of_others' });
    return emptied(await agent?.simulate(on));
  },
  'agent.pause': ({ until_ms: untilWallMs, running_jobs }) => emptied(agent?.pause(untilWallMs, running_jobs)),
  'agent.resume': () => emptied(agent?.resume()),
  'agent.measure_model': ({ model_id }) => emptied(agent?.measureModel(model_id)),
  'agent.dismiss_notice': ({ id }) => {
    if (agent === null) return notAvailableHere();
    agent.dismissNotice(id);
    return EMPTY;
  },
});
