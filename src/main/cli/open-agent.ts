// Puts this machine's agent together from the settings, for the daemons that run one.
import { hostname } from 'node:os';
import { MAX_NAME_LENGTH } from '../../shared/protocol/limits';
import { fail, ok, type Result } from '../../shared/result';
import { type Agent, openAgent } from '../agent/agent';
import type { AgentOpenError } from '../agent/agent-options';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { VERSION } from '../platform/version';
import { httpRuntimes } from '../runtimes/http/http-runtimes';
import type { CliIo } from './command';
import type { StartFailure } from './daemon';
import { EXIT } from './exit-code';
import { openProber } from './hardware-prober';
import { configFailure, type Settings } from './settings';

export interface OpenAgent {
  readonly agent: Agent;
  stop(deadlineMs: number): Promise<void>;
}

/** The agent, not started yet; it holds the state folder until it is stopped. */
export async function openAgentHere(settings: Settings, io: CliIo, logger: Logger): Promise<Result<OpenAgent, StartFailure>> {
  const { config, paths } = settings;
  const prober = openProber(settings, io, logger);
  if (!prober.ok) return fail({ ...configFailure(prober.error), code: 'CONFIG_INVALID', details: { key: prober.error.key } });
  const opened = await openAgent({
    version: VERSION,
    name: config.agent.name ?? hostname().slice(0, MAX_NAME_LENGTH),
    acceptPublicJobs: config.agent.acceptPublicJobs,
    maxConcurrentJobs: config.agent.maxConcurrentJobs,
    modelFolders: config.agent.modelFolders,
    modelsDir: paths.modelsDir,
    runtimes: httpRuntimes(config.runtimes, systemClock),
    stateDir: paths.stateDir,
    identityFile: paths.identityFile,
    hardware: prober.value,
    clock: systemClock,
    logger,
  });
  if (!opened.ok) return fail(openFailure(opened.error));
  const agent = opened.value;
  const stop = async (deadlineMs: number) => {
    await agent.stop({ deadlineMs });
    prober.value.close();
  };
  return ok({ agent, stop });
}

function openFailure(error: AgentOpenError): StartFailure {
  if (error.code === 'STATE_IN_USE') {
    const message = `another agent (process ${String(error.pid)}) runs on this state folder: ${error.lockFile}. Stop it, or give this one a folder of its own with --data-dir`;
    return { exitCode: EXIT.failure, code: error.code, details: { lock_file: error.lockFile, pid: error.pid }, message };
  }
  return {
    exitCode: EXIT.failure,
    code: error.code,
    details: { path: error.path, reason: error.reason },
    message: `the state folder cannot be used: ${error.path}: ${error.reason}`,
  };
}
