// Runs the agent of this computer at an address, or at a pool that it joined. In a joined pool the agent follows the pool to other
// addresses.
import { type PoolTarget, transportFault, webSocketUrlOf } from '../../shared/api/join-link';
import { messageOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import type { AgentPort, SchedulerAddress } from '../contracts/ports';
import type { JoinedPool } from '../joining/core/joined-pool';
import { PoolFollower } from '../joining/follow-pool';
import { writeJoinedPool } from '../joining/joined-pool-file';
import { systemClock } from '../platform/clock';
import type { LevelLogger } from '../platform/logger';
import type { CliIo } from './command';
import { runDaemon } from './daemon';
import { linkStatus } from './core/link-status';
import { messageContextOf } from './core/message-context';
import { EXIT } from './exit-code';
import { openAgentHere } from './open-agent';
import { logRefusals } from './refusal-log';
import { type CliFailure, openSettings, type Settings } from './settings';

export const runAgentAt = (settings: Settings, io: CliIo, logger: LevelLogger, address: SchedulerAddress): Promise<number> =>
  runAgent(settings, io, logger, (agent) => {
    agent.connectTo(address);
    return { disconnect: () => Promise.resolve() };
  });

/**
 * `isNew`: the pool is kept when it has accepted this computer. An invitation that was refused replaces no pool. `once`: the agent then
 * stops.
 */
export const runJoinedAgent = (
  settings: Settings,
  io: CliIo,
  logger: LevelLogger,
  { pool, isNew, once = false }: { readonly pool: JoinedPool; readonly isNew: boolean; readonly once?: boolean },
): Promise<number> =>
  runAgent(settings, io, logger, (agent) => {
    const keep = (kept: JoinedPool): void => {
      try {
        writeJoinedPool(settings.paths.stateDir, kept);
      } catch (error) {
        logger.log('error', 'joined_pool_not_saved', { reason: messageOfError(error) });
      }
    };
    const accepted = new Promise<void>((resolve) => {
      const unsubscribe = agent.subscribe(({ link }) => {
        if (link.state !== 'connected') return;
        unsubscribe();
        if (isNew) keep(pool);
        resolve();
      });
    });
    const { otherSchedulers: others } = settings.config.agent;
    const follower = new PoolFollower({ agent, pool, others, onMoved: keep, clock: systemClock, logger });
    return { disconnect: () => follower.stop(), ...(once ? { done: accepted } : {}) };
  });

interface Connection {
  /** Before the agent stops. */
  readonly disconnect: () => Promise<void>;
  readonly done?: Promise<void>;
}

/** `connect` names a scheduler to the agent. */
const runAgent = (settings: Settings, io: CliIo, logger: LevelLogger, connect: (agent: AgentPort) => Connection): Promise<number> =>
  runDaemon(io, logger, async () => {
    const opened = await openAgentHere(settings, io, logger);
    if (!opened.ok) return opened;
    const { agent, configure, stop } = opened.value;
    logRefusals(agent, logger, messageContextOf(io.env));
    const live = openSettings(settings, logger, { hasAgent: true });
    const { disconnect, ...work } = connect(agent);
    // Not awaited: the hardware probe may take many seconds, and a signal must stop the daemon meanwhile.
    void agent.start();
    await live.start({ configureAgent: configure });
    return ok({
      status: 'The agent runs',
      followStatus: (tell) => {
        agent.subscribe((view) => {
          tell(linkStatus(view));
        });
      },
      ...work,
      stop: async (timeoutMs) => {
        live.stop();
        await disconnect();
        await stop(timeoutMs);
      },
    });
  });

/** Without a pin a secret would be sent in plain text. */
export function schedulerAddressOf(target: PoolTarget, joinToken: string | null, program: string): Result<SchedulerAddress, CliFailure> {
  const url = webSocketUrlOf(target);
  if (transportFault(target) === null) return ok({ url, joinToken, pin: target.pin });
  const message = `the address ${url} has no pin, so a program on the network could read the key. Use 'wss://HOST:7080#pin=sha256-...' with the pin in the log of the scheduler, or an invitation of: ${program} invite`;
  return fail({ exitCode: EXIT.usage, message });
}
