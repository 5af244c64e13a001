// Creates the model folders and the runtimes of an agent.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ModelFolders } from '../runtimes/model-folders/model-folders';
import { DownloadsFile } from '../runtimes/pulls/downloads-file';
import type { Runtime } from '../runtimes/runtime';
import { RuntimeSet } from '../runtimes/runtime-set';
import { type AgentOptions, modelFoldersOf } from './agent-options';
import type { HardwarePoller } from './hardware-poller';

/** `options`: the present ones. */
export function createModelFolders(options: () => AgentOptions, hardware: HardwarePoller): ModelFolders {
  const { clock, logger, stateDir, hardware: probe } = options();
  return new ModelFolders({
    folders: () => modelFoldersOf(options()),
    cacheFile: path.join(stateDir, 'model-hashes.json'),
    clock,
    logger,
    processesAlive: (names) => probe.processesAlive(names),
    largestGpuGb: () => hardware.largestGpuGb(),
  });
}

export function createRuntimes(options: AgentOptions, folders: Runtime, random: () => number): RuntimeSet {
  const { clock, logger, stateDir, runtimes = [], pullModels = [] } = options;
  const downloads = new DownloadsFile(path.join(stateDir, 'downloads.json'), logger);
  return new RuntimeSet({ runtimes: [folders, ...runtimes], pullModels, downloads, clock, logger, random });
}

/** Creates the default model folder where it is used, so that users find it. A failure shows as a problem of the folder. */
export function createDefaultFolder(options: Pick<AgentOptions, 'modelFolders' | 'modelsDir'>): void {
  if (!modelFoldersOf(options).includes(options.modelsDir)) return;
  try {
    mkdirSync(options.modelsDir, { recursive: true });
  } catch {
    return;
  }
}
