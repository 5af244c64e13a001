// `muster agent`: this computer as a node of a scheduler on another computer.
import { parsePoolAddress, transportFault, webSocketUrlOf } from '../../shared/api/join-link';
import { fail, ok, type Result } from '../../shared/result';
import type { SchedulerAddress } from '../contracts/ports';
import { readJoinedPool } from '../joining/joined-pool-file';
import { readToken } from '../platform/token-file';
import type { Command, Invocation } from './command';
import { JOIN_OPTIONS, NODE_OPTIONS } from './common-options';
import { runDaemon } from './daemon';
import { EXIT } from './exit-code';
import { logRefusals } from './refusal-log';
import { openAgentHere } from './open-agent';
import { runJoinedAgent } from './run-joined-agent';
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
  if (joined !== null) return runJoinedAgent(settings, io, logger, joined);
  const scheduler = await schedulerAddress(settings, messageContextOf(io.env));
  if (!scheduler.ok) {
    io.err(`muster: ${scheduler.error.message}\n`);
    return scheduler.error.exitCode;
  }
  return runDaemon(io, logger, async () => {
    const opened = await openAgentHere(settings, io, logger);
    if (!opened.ok) return opened;
    const { agent, stop } = opened.value;
    logRefusals(agent, logger);
    agent.connectTo(scheduler.value);
    // Not awaited: the hardware probe may take many seconds, and a signal must stop the daemon meanwhile.
    void agent.start();
    return ok({ stop });
  });
}

/** The address of the scheduler, with the token when a token file is configured. */
async function schedulerAddress({ config }: Settings, { program }: MessageContext): Promise<Result<SchedulerAddress, CliFailure>> {
  const { schedulerUrl, tokenFile } = config.agent;
  const target = schedulerUrl === null ? null : parsePoolAddress(schedulerUrl);
  if (!target?.ok) {
    const message = `no scheduler is configured. Use --scheduler wss://HOST:7080#pin=sha256-... (with --token-file FILE if the scheduler requires a token), or set agent.scheduler. In one network with the pool: ${program} join. To run a scheduler and an agent here: ${program} pool`;
    return fail({ exitCode: EXIT.usage, message });
  }
  const url = webSocketUrlOf(target.value);
  const { pin } = target.value;
  if (transportFault(target.value) !== null) {
    const message = `the address ${url} has no pin, so a program on the network could read the token. Use --scheduler 'wss://HOST:7080#pin=sha256-...' with the pin in the log of the scheduler or in the join link`;
    return fail({ exitCode: EXIT.usage, message });
  }
  if (tokenFile === null) return ok({ url, joinToken: null, pin });
  const token = await readToken(tokenFile);
  if (!token.ok) return fail({ exitCode: EXIT.configInvalid, message: `the token file ${tokenFile}: ${token.error.reason}` });
  return ok({ url, joinToken: token.value, pin });
}
