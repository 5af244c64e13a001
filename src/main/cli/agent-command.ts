// `muster agent`: this computer as a node of a scheduler on another computer.
import { parsePoolAddress } from '../../shared/api/join-link';
import { fail, ok, type Result } from '../../shared/result';
import type { SchedulerAddress } from '../contracts/ports';
import { readJoinedPool } from '../joining/joined-pool-file';
import { readToken } from '../platform/token-file';
import type { Command, Invocation } from './command';
import { JOIN_OPTIONS, NODE_OPTIONS } from './common-options';
import { printable } from './core/text-table';
import { EXIT } from './exit-code';
import { runAgentAt, runJoinedAgent, schedulerAddressOf } from './run-agent';
import { type CliFailure, loadDaemonSettings, type Settings } from './settings';
import { type MessageContext, messageContextOf } from './core/message-context';

export const agentCommand: Command = {
  name: 'agent',
  summary: 'Run an agent, which offers the GPUs of this computer to a scheduler.',
  operands: [],
  options: { ...JOIN_OPTIONS, ...NODE_OPTIONS },
  run: runAgent,
};

async function runAgent(invocation: Invocation): Promise<number> {
  const { io } = invocation;
  const loaded = await loadDaemonSettings(invocation);
  if (!loaded.ok) return loaded.error;
  const { settings, logger } = loaded.value;
  const joined = settings.config.agent.schedulerUrl === null ? await readJoinedPool(settings.paths.stateDir) : null;
  if (joined?.roles.includes('node') === false) {
    io.err(`muster: this computer joined ${printable(joined.name)} as ${joined.roles.join(', ')}, not as a node. ${NODE_HINT}\n`);
    return EXIT.refused;
  }
  if (joined !== null) return runJoinedAgent(settings, io, logger, { pool: joined, isNew: false });
  const scheduler = await configuredAddress(settings, messageContextOf(io.env));
  if (!scheduler.ok) {
    io.err(`muster: ${scheduler.error.message}\n`);
    return scheduler.error.exitCode;
  }
  return runAgentAt(settings, io, logger, scheduler.value);
}

const NODE_HINT = 'Ask the owner of the pool for an invitation with the role node';

/** The address of the scheduler, with the key of an invitation when a token file is configured. */
async function configuredAddress({ config }: Settings, { program }: MessageContext): Promise<Result<SchedulerAddress, CliFailure>> {
  const { schedulerUrl, otherSchedulers: others, tokenFile } = config.agent;
  const target = schedulerUrl === null ? null : parsePoolAddress(schedulerUrl);
  if (!target?.ok) {
    const message = `no scheduler is configured. To join a pool of this network, or of an invitation: ${program} join. With an address: --scheduler 'wss://HOST:7080#pin=sha256-...', or agent.scheduler. To run a scheduler and an agent here: ${program} pool`;
    return fail({ exitCode: EXIT.usage, message });
  }
  const address = schedulerAddressOf(target.value, null, program);
  if (!address.ok) return address;
  if (tokenFile === null) return ok({ ...address.value, others });
  const token = await readToken(tokenFile);
  if (!token.ok) return fail({ exitCode: EXIT.configInvalid, message: `the token file ${tokenFile}: ${token.error.reason}` });
  return ok({ ...address.value, others, joinToken: token.value });
}
