// Opens this computer's agent from the settings, for the daemons that run one.
import { fail, ok, type Result } from '../../shared/result';
import { type Agent, openAgent } from '../agent/agent';
import type { AgentOpenError, AgentOptions } from '../agent/agent-options';
import { agentSettings } from '../agent/agent-settings';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { MusterConfig } from '../platform/config/config';
import type { CliIo } from './command';
import type { StartFailure } from './daemon';
import { linuxSources } from '../system-events/linux-sources';
import { LogindSleep } from '../system-events/logind-sleep';
import { EXIT } from './exit-code';
import { openProber } from './hardware-prober';
import { configFailure, type Settings } from './settings';

export interface OpenAgent {
  readonly agent: Agent;
  /** Applies changed settings. */
  readonly configure: (config: MusterConfig) => void;
  readonly stop: (timeoutMs: number) => Promise<void>;
}

/** The agent, not started yet. It locks the state folder until it is stopped. */
export async function openAgentHere(settings: Settings, io: CliIo, logger: Logger): Promise<Result<OpenAgent, StartFailure>> {
  const { config, paths } = settings;
  const prober = openProber(settings, io, logger);
  if (!prober.ok) return fail({ ...configFailure(prober.error), code: 'CONFIG_INVALID', details: { key: prober.error.key } });
  const opened = await openAgent({
    ...agentSettings(config, paths),
    hardware: prober.value,
    clock: systemClock,
    logger,
    ...(process.platform === 'linux' ? linuxSystem(logger) : {}),
  });
  if (!opened.ok) return fail(openFailure(opened.error));
  const agent = opened.value;
  const stop = async (timeoutMs: number) => {
    await agent.stop({ timeoutMs });
    prober.value.close();
  };
  const configure = (changed: MusterConfig): void => {
    agent.configure(agentSettings(changed, paths));
  };
  return ok({ agent, configure, stop });
}

/** Elsewhere a headless program learns nothing from the system. */
const linuxSystem = (logger: Logger): Pick<AgentOptions, 'sleepSource' | 'ownerSources'> => ({
  sleepSource: new LogindSleep({ clock: systemClock, logger }),
  ownerSources: linuxSources({ clock: systemClock, logger }),
});

function openFailure(error: AgentOpenError): StartFailure {
  if (error.code === 'STATE_IN_USE') {
    const message = `another agent (process ${String(error.pid)}) uses this state folder: ${error.lockFile}. Stop that agent, or use another folder with --data-dir`;
    return { exitCode: EXIT.failure, code: error.code, details: { lock_file: error.lockFile, pid: error.pid }, message };
  }
  return {
    exitCode: EXIT.failure,
    code: error.code,
    details: { path: error.path, reason: error.reason },
    message: `the state folder cannot be used: ${error.path}: ${error.reason}`,
  };
}
