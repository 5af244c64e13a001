// `muster agent`: this machine as a node of a scheduler elsewhere.
import { parsePoolAddress, webSocketUrlOf } from '../../shared/api/join-link';
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
import { type Wording, wordingOf } from './core/labels';

export const agentCommand: Command = {
  name: 'agent',
  summary: "Offer this machine's GPUs to a scheduler.",
  operands: [],
  options: { ...JOIN_OPTIONS, ...NODE_OPTIONS },
  run: runAgent,
};

async function runAgent(invocation: Invocation): Promise<number> {
  const { io } = invocation;
  const loaded = await loadDaemonSettings(invocation);
  if (!loaded.ok) return loaded.error;
  const { settings, logger } = loaded.value;
  const scheduler = await schedulerAddress(settings, wordingOf(io.env));
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
    // Looking at the hardware may take many seconds: it does not keep a signal waiting.
    void agent.start();
    return ok({ stop });
  });
}

/** Where to connect, with the token where one is named. */
async function schedulerAddress({ config }: Settings, { program }: Wording): Promise<Result<SchedulerAddress, CliFailure>> {
  const { schedulerUrl, tokenFile } = config.agent;
  const target = schedulerUrl === null ? null : parsePoolAddress(schedulerUrl);
  if (!target?.ok) {
    const message = `which scheduler? Pass --scheduler ws://HOST:7080 (with --token-file FILE where it asks for a token), or set agent.scheduler; to run both here: ${program} pool`;
    return fail({ exitCode: EXIT.usage, message });
  }
  if (tokenFile === null) return ok({ url: webSocketUrlOf(target.value), joinToken: null });
  const token = await readToken(tokenFile);
  if (!token.ok) return fail({ exitCode: EXIT.configInvalid, message: `the token file ${tokenFile}: ${token.error.reason}` });
  return ok({ url: webSocketUrlOf(target.value), joinToken: token.value });
}
