// `muster pool`: a scheduler and this computer's agent in one process. The agent joins over a WebSocket like any other node.
import { fail, ok } from '../../shared/result';
import type { Command, Invocation } from './command';
import { NODE_OPTIONS, SERVER_OPTIONS } from './common-options';
import { messageContextOf } from './core/message-context';
import { runDaemon } from './daemon';
import { showDashboardLink } from './dashboard-link';
import { logRefusals } from './refusal-log';
import { openAgentHere } from './open-agent';
import { loadDaemonSettings, openSettings } from './settings';

export const poolCommand: Command = {
  name: 'pool',
  summary: 'Run a scheduler with its dashboard and the agent of this computer.',
  operands: [],
  options: { ...SERVER_OPTIONS, ...NODE_OPTIONS },
  run: runPool,
};

async function runPool(invocation: Invocation): Promise<number> {
  const loaded = await loadDaemonSettings(invocation);
  if (!loaded.ok) return loaded.error;
  const { settings, logger, recent } = loaded.value;
  const { io } = invocation;
  // Loaded on demand, so that commands without a scheduler start fast.
  const { startScheduler } = await import('./start-scheduler');
  return runDaemon(io, logger, async (stopRequested) => {
    const opened = await openAgentHere(settings, io, logger);
    if (!opened.ok) return opened;
    const { agent, configure, stop } = opened.value;
    const live = openSettings(settings, logger, { hasAgent: true });
    const scheduler = await startScheduler(settings, io, logger, { agent, settings: live, recent }, stopRequested);
    if (!scheduler.ok) {
      await stop(0);
      return fail(scheduler.error);
    }
    const { url, pin, ownerKey, followOwnerKey, configure: configureScheduler } = scheduler.value;
    showDashboardLink(io, scheduler.value.dashboard, Date.now());
    logRefusals(agent, logger, messageContextOf(io.env));
    const join = (joinToken: string): void => {
      agent.connectTo({ url: url.replace(/^http/, 'ws'), joinToken, pin });
    };
    join(ownerKey);
    // The scheduler closes the connections of a replaced key.
    followOwnerKey(join);
    // Not awaited: the hardware probe may take many seconds, and a signal must stop the daemon meanwhile.
    void agent.start();
    await live.start({ configureAgent: configure, configureScheduler });
    return ok({
      status: `The scheduler listens at ${url}; the agent runs`,
      stop: async (timeoutMs) => {
        live.stop();
        scheduler.value.stopSoon();
        await stop(timeoutMs);
        await scheduler.value.stop();
      },
    });
  });
}
