// `muster pool`: a scheduler and this machine's agent in one process, joined over a real WebSocket like any other node.
import { fail, ok } from '../../shared/result';
import type { Command, Invocation } from './command';
import { NODE_OPTIONS, SERVER_OPTIONS } from './common-options';
import { runDaemon } from './daemon';
import { logRefusals } from './refusal-log';
import { openAgentHere } from './open-agent';
import { loadDaemonSettings } from './settings';

export const poolCommand: Command = {
  name: 'pool',
  summary: "Run a scheduler and this machine's agent together.",
  operands: [],
  options: { ...SERVER_OPTIONS, ...NODE_OPTIONS },
  run: runPool,
};

async function runPool(invocation: Invocation): Promise<number> {
  const loaded = await loadDaemonSettings(invocation);
  if (!loaded.ok) return loaded.error;
  const { settings, logger } = loaded.value;
  const { io } = invocation;
  // The server and the database are loaded by those alone who run them: the other commands answer at once.
  const { startScheduler } = await import('./start-scheduler');
  return runDaemon(io, logger, async () => {
    const opened = await openAgentHere(settings, io, logger);
    if (!opened.ok) return opened;
    const { agent, stop } = opened.value;
    const scheduler = await startScheduler(settings, io, logger, agent);
    if (!scheduler.ok) {
      await stop(0);
      return fail(scheduler.error);
    }
    const { url, joinToken } = scheduler.value;
    io.err(`Dashboard: ${url}\n`);
    logRefusals(agent, logger);
    agent.connectTo({ url: url.replace(/^http/, 'ws'), joinToken });
    // Looking at the hardware may take many seconds: it does not keep a signal waiting.
    void agent.start();
    return ok({
      stop: async (deadlineMs) => {
        scheduler.value.stopSoon();
        await stop(deadlineMs);
        await scheduler.value.stop();
      },
    });
  });
}
