// Turns the configuration into the options of this computer's agent, for the desktop app and the command line.
import { hostname } from 'node:os';
import { MAX_NAME_LENGTH } from '../../shared/protocol/limits';
import { systemClock } from '../platform/clock';
import type { MusterConfig } from '../platform/config/config';
import type { MusterPaths } from '../platform/paths';
import { version as VERSION } from '../../../package.json';
import { httpRuntimes } from '../runtimes/http/http-runtimes';
import type { AgentOptions } from './agent-options';
import { configuredChoice } from './core/gpu-choice';
import { configuredRules } from './core/rules/configured-rules';
import { ownerLimitsOf } from './core/owner-limits';
import { foldersWithModel } from './simulation';

export type AgentSettings = Omit<AgentOptions, 'hardware' | 'clock' | 'logger'>;

export function agentSettings({ agent, runtimes }: MusterConfig, paths: MusterPaths): AgentSettings {
  const settings = {
    version: VERSION,
    name: agent.name ?? hostname().slice(0, MAX_NAME_LENGTH),
    acceptPublicJobs: agent.acceptPublicJobs,
    maxConcurrentJobs: agent.maxConcurrentJobs,
    limits: ownerLimitsOf(agent),
    gpus: configuredChoice(agent.gpus, agent.vramLimitsGb),
    rules: configuredRules(agent.rules),
    allowModelControl: agent.allowModelControl,
    wakeOnLan: agent.wakeOnLan,
    unsharedModels: agent.unsharedModels,
    modelFolders: agent.modelFolders,
    modelsDir: paths.modelsDir,
    simulatedModelsDir: paths.simulatedModelsDir,
    simulatedBySetting: agent.simulateGpu !== null,
    runtimes: httpRuntimes(runtimes, systemClock),
    measureModels: runtimes.measureModels,
    pullModels: runtimes.pullModels,
    stateDir: paths.stateDir,
    identityFile: paths.identityFile,
  };
  return agent.simulateGpu === null ? settings : { ...settings, modelFolders: foldersWithModel(settings) };
}
