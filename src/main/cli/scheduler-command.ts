// `muster scheduler`: the scheduler of a pool with its dashboard, without an agent.
import { ok } from '../../shared/result';
import type { Command, Invocation } from './command';
import { SERVER_OPTIONS } from './common-options';
import { runDaemon } from './daemon';
import { showDashboardLink } from './dashboard-link';
import { loadDaemonSettings, openSettings } from './settings';

export const schedulerCommand: Command = {
  name: 'scheduler',
  summary: 'Run a scheduler and its dashboard.',
  operands: [],
  options: SERVER_OPTIONS,
  run: runScheduler,
};

async function runScheduler(invocation: Invocation): Promise<number> {
  const loaded = await loadDaemonSettings(invocation);
  if (!loaded.ok) return loaded.error;
  const { settings, logger, recent } = loaded.value;
  const { io } = invocation;
  // Loaded on demand, so that commands without a scheduler start fast.
  const { startScheduler } = await import('./start-scheduler');
  return runDaemon(io, logger, async (stopRequested) => {
    const live = openSettings(settings, logger, { hasAgent: false });
    const started = await startScheduler(settings, io, logger, { agent: null, settings: live, recent }, stopRequested);
    if (!started.ok) return started;
    showDashboardLink(io, started.value.dashboard, Date.now());
    await live.start({ configureScheduler: started.value.configure });
    return ok({
      status: `The scheduler listens at ${started.value.url}`,
      stop: () => {
        live.stop();
        return started.value.stop();
      },
    });
  });
}
