// The status of this computer with the number of its jobs of now and its damaged models. The agent knows its jobs at once; a status may be as
// old as its interval.
import type { AppSnapshot } from './app-state';
import type { AgentView } from './agent-view';
import { availabilityOf } from './availability';
import type { FailingModel, NodeStatusMessage } from '../protocol/scheduler-messages';
import { withOwnDamage } from './own-damage';

/** Null: the scheduler has sent no status on this connection, or there is no connection: then the last status may be wrong. */
export const ownStatusOf = ({ link, node_status: status, running_jobs: runningJobs, models }: AgentView): NodeStatusMessage | null =>
  link.state !== 'connected' || status === null ? null : withOwnFacts(status.message, runningJobs, models);

/** Its models that failed repeatedly, so that they get no jobs here but for a test. */
export const failingHere = (agent: AgentView): readonly FailingModel[] =>
  (ownStatusOf(agent)?.failing_models ?? []).filter(({ takes_jobs: takesJobs }) => takesJobs !== true);

/** Available by its status, but without a model: every job requires one (docs/dispatch.md), so this computer gets none. */
export const lacksModel = (message: NodeStatusMessage, models: AgentView['models']): boolean =>
  models.length === 0 && availabilityOf(message).state === 'available';

/** What only this computer knows at once: its jobs and its damaged models. */
export const withOwnFacts = (
  message: NodeStatusMessage,
  runningJobs: AgentView['running_jobs'],
  models: AgentView['models'],
): NodeStatusMessage => withOwnDamage(withOwnJobs(message, runningJobs), models);

/** The same message while its number is right, so that it is not drawn again. */
export const withOwnJobs = (message: NodeStatusMessage, runningJobs: AgentView['running_jobs']): NodeStatusMessage =>
  runningJobs === undefined || runningJobs === message.in_flight_jobs ? message : { ...message, in_flight_jobs: runningJobs };

/** The models of this computer that its model servers report as ready, also where no usable GPU lets them take jobs. */
export const readyModelsOf = ({ agent }: Pick<AppSnapshot, 'agent'>): number =>
  agent?.models.filter(({ state }) => state === 'ready').length ?? 0;
