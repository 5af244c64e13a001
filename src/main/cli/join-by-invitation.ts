// `muster join LINK`: joins the pool of an invitation. As a node, it then runs an agent there.
import type { PoolTarget } from '../../shared/api/join-link';
import type { JoinedPool } from '../joining/core/joined-pool';
import { readJoinedPool } from '../joining/joined-pool-file';
import type { LevelLogger } from '../platform/logger';
import type { CliIo, Invocation } from './command';
import { messageContextOf } from './core/message-context';
import { EXIT } from './exit-code';
import { invitationFailure } from './join-failure';
import { joinWithoutNode, readInvitation } from './join-without-node';
import { runAgentAt, runJoinedAgent, schedulerAddressOf } from './run-agent';
import type { CliFailure, Settings } from './settings';

interface Daemon {
  readonly settings: Settings;
  readonly io: CliIo;
  readonly logger: LevelLogger;
}

/**
 * Joins with the key of an invitation. A node replaces the key by its own credential when it registers. A computer that is in this pool
 * already needs no answer to the key: a service may start with the link each time.
 */
export async function joinByInvitation(daemon: Daemon, invocation: Invocation, target: PoolTarget, key: string): Promise<number> {
  const { settings, io, logger } = daemon;
  const { host, port, pin } = target;
  const once = invocation.options.isSet('once');
  const exit = ({ message, exitCode }: CliFailure): number => {
    io.err(`muster: ${message}\n`);
    return exitCode;
  };
  const address = schedulerAddressOf(target, key, messageContextOf(io.env).program);
  if (!address.ok) return exit(address.error);
  const invited = await readInvitation(target, key, invocation);
  if (!invited.ok) {
    const known = await readJoinedPool(settings.paths.stateDir);
    if (pin !== null && known?.pin === pin && known.roles.includes('node'))
      return runJoinedAgent(settings, io, logger, { pool: known, isNew: false, once });
    return exit(await invitationFailure(invited.error, target, messageContextOf(io.env)));
  }
  const { roles, poolName } = invited.value;
  if (!roles.includes('node')) return joinWithoutNode(invocation, settings, { target, key, poolName });
  if (pin === null && once)
    return exit({ exitCode: EXIT.usage, message: 'join: the link has no pin, so this computer cannot keep the pool' });
  // A pool on this computer, or one with a certificate that this system trusts, is not followed to other addresses.
  if (pin === null) {
    const { program } = messageContextOf(io.env);
    io.err(
      `The link has no pin, so this computer does not keep the pool. Next time, run: ${program} agent --scheduler ${address.value.url}\n`,
    );
    return runAgentAt(settings, io, logger, address.value);
  }
  const pool: JoinedPool = { version: 1, name: poolName, pin, port, addresses: [host], credential: key, roles: [...roles] };
  return runJoinedAgent(settings, io, logger, { pool, isNew: true, once });
}
