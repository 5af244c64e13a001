// `muster scheduler`: a pool's scheduler with its dashboard, and no agent.
import { ok } from '../../shared/result';
import type { Command, Invocation } from './command';
import { SERVER_OPTIONS } from './common-options';
import { runDaemon } from './daemon';
import { loadDaemonSettings } from './settings';

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
  const { settings, logger } = loaded.value;
  const { io } = invocation;
  // The server and the database are loaded by those alone who run them: the other commands answer at once.
  const { startScheduler } = await import('./start-scheduler');
  return runDaemon(io, logger, async () => {
    const started = await startScheduler(settings, io, logger, null);
    return started.ok ? ok({ stop: () => started.value.stop() }) : started;
  });
}
