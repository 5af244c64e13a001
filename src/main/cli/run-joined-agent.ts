// Runs the agent of a computer that joined a pool by digits. The agent follows the pool to other addresses.
import { messageOfError } from '../../shared/errors';
import { ok } from '../../shared/result';
import type { JoinedPool } from '../joining/core/joined-pool';
import { PoolFollower } from '../joining/follow-pool';
import { writeJoinedPool } from '../joining/joined-pool-file';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { CliIo } from './command';
import { runDaemon } from './daemon';
import { openAgentHere } from './open-agent';
import { logRefusals } from './refusal-log';
import type { Settings } from './settings';

export const runJoinedAgent = (settings: Settings, io: CliIo, logger: Logger, pool: JoinedPool): Promise<number> =>
  runDaemon(io, logger, async () => {
    const opened = await openAgentHere(settings, io, logger);
    if (!opened.ok) return opened;
    const { agent, stop } = opened.value;
    logRefusals(agent, logger);
    const onMoved = (moved: JoinedPool): void => {
      try {
        writeJoinedPool(settings.paths.stateDir, moved);
      } catch (error) {
        logger.log('error', 'joined_pool_not_saved', { reason: messageOfError(error) });
      }
    };
    const follower = new PoolFollower({ agent, pool, onMoved, clock: systemClock, logger });
    // Not awaited: the hardware probe may take many seconds, and a signal must stop the daemon meanwhile.
    void agent.start();
    return ok({
      stop: async (timeoutMs) => {
        await follower.stop();
        await stop(timeoutMs);
      },
    });
  });
