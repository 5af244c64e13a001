// `muster agent` and `muster join`: this computer as a node of a scheduler on another computer.
import { parsePoolAddress, type PoolTarget, transportFault, webSocketUrlOf } from '../../shared/api/join-link';
import { fail, ok, type Result } from '../../shared/result';
import type { SchedulerAddress } from '../contracts/ports';
import { readToken } from '../platform/token-file';
import type { Command, Invocation } from './command';
import { JOIN_OPTIONS, NODE_OPTIONS } from './common-options';
import { runDaemon } from './daemon';
import { EXIT } from './exit-code';
import { logRefusals } from './refusal-log';
import { openAgentHere } from './open-agent';
import { type CliFailure, loadDaemonSettings, type Settings } from './settings';
import { type MessageContext, messageContextOf } from './core/message-context';

export const agentCommand: Command = {
  name: 'agent',
  summary: 'Run an agent, which offers the GPUs of this computer to a scheduler.',
  operands: [],
  options: { ...JOIN_OPTIONS, ...NODE_OPTIONS },
  run: (invocation) => runAgent(invocation, configuredAddress),
};

export const joinCommand: Command = {
  name: 'join',
  summary: 'Join the pool of an invitation and run an agent there.',
  operands: ['LINK'],
  options: NODE_OPTIONS,
  run: (invocation) => runAgent(invocation, linkedAddress),
};

type FindAddress = (
  settings: Settings,
  context: MessageContext,
  invocation: Invocation,
) => Result<SchedulerAddress, CliFailure> | Promise<Result<SchedulerAddress, CliFailure>>;

async function runAgent(invocation: Invocation, findAddress: FindAddress): Promise<number> {
  const { io } = invocation;
  const loaded = await loadDaemonSettings(invocation);
  if (!loaded.ok) return loaded.error;
  const { settings, logger } = loaded.value;
  const scheduler = await findAddress(settings, messageContextOf(io.env), invocation);
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

/** The address and the key of the invitation. The computer keeps its credential: later, `muster agent` needs the address alone. */
function linkedAddress(_settings: Settings, _context: MessageContext, { operands }: Invocation): Result<SchedulerAddress, CliFailure> {
  const target = parsePoolAddress(operands[0] ?? '');
  if (target.ok && target.value.token !== null) return addressOf(target.value, target.value.token);
  const fault = target.ok ? 'the link has no key' : target.error;
  return fail({ exitCode: EXIT.usage, message: `join: not an invitation (${fault}); make one on the host with: muster invite` });
}

/** The address of the scheduler, with the key of an invitation when a token file is configured. */
async function configuredAddress({ config }: Settings, { program }: MessageContext): Promise<Result<SchedulerAddress, CliFailure>> {
  const { schedulerUrl, tokenFile } = config.agent;
  const target = schedulerUrl === null ? null : parsePoolAddress(schedulerUrl);
  if (!target?.ok) {
    const message = `no scheduler is configured. Use --scheduler 'wss://HOST:7080#pin=sha256-...', or set agent.scheduler. With an invitation: ${program} join "LINK". To run a scheduler and an agent here: ${program} pool`;
    return fail({ exitCode: EXIT.usage, message });
  }
  const address = addressOf(target.value, null);
  if (!address.ok || tokenFile === null) return address;
  const token = await readToken(tokenFile);
  if (!token.ok) return fail({ exitCode: EXIT.configInvalid, message: `the token file ${tokenFile}: ${token.error.reason}` });
  return ok({ ...address.value, joinToken: token.value });
}

/** Without a pin a secret would be sent in plain text. */
function addressOf(target: PoolTarget, joinToken: string | null): Result<SchedulerAddress, CliFailure> {
  const url = webSocketUrlOf(target);
  if (transportFault(target) === null) return ok({ url, joinToken, pin: target.pin });
  const message = `the address ${url} has no pin, so a program on the network could read the key. Use 'wss://HOST:7080#pin=sha256-...' with the pin in the log of the scheduler, or an invitation of: muster invite`;
  return fail({ exitCode: EXIT.usage, message });
}
