// Creates the components of an agent and connects them. It contains no decision and starts nothing: the agent starts them.
import path from 'node:path';
import { FolderRuntime } from '../runtimes/command/folder-runtime';
import { MeasurementStore } from '../runtimes/measuring/measurement-store';
import { ModelMeasurer } from '../runtimes/measuring/model-measurer';
import { ModelFolders } from '../runtimes/model-folders/model-folders';
import { RuntimeSet } from '../runtimes/runtime-set';
import type { AgentOptions } from './agent-options';
import { HardwarePoller } from './hardware-poller';
import type { IdentityStore } from './identity-store';
import { JobRunner } from './jobs/job-runner';
import { ResultSpool } from './jobs/result-spool';
import { type AdvertisedModels, NO_MODELS, toHeartbeat, toRegister, toWireModels } from './core/node-messages';
import { SchedulerLink, type SchedulerLinkOptions } from './scheduler-link';
import { Notices } from './notices';
import { SleepDetector } from './sleep-detector';
import { isWarmingUp } from './session/session-state';
import { measuredHardware, preconditionsOf } from './core/measurement-preconditions';
import { mkdirSync } from 'node:fs';

export interface AgentComponents {
  readonly hardware: HardwarePoller;
  /** Folders that are scanned for models. */
  readonly modelFolders: readonly string[];
  readonly models: ModelFolders;
  readonly runtimes: RuntimeSet;
  readonly measurer: ModelMeasurer;
  readonly jobs: JobRunner;
  readonly link: SchedulerLink;
  readonly sleep: SleepDetector;
  readonly notices: Notices;
}

/** Events of the components that the agent handles. */
export interface AgentHooks {
  /** The agent's view changed. */
  readonly onChange: () => void;
  readonly onNotice: SchedulerLinkOptions['onNotice'];
  /** The machine was asleep for this long and is awake again. */
  readonly onSlept: (sleptMs: number) => void;
  /** The graceful disconnect is complete. */
  readonly onStopped: () => void;
}

/** Contains one private folder per running job. */
export const workDirOf = (stateDir: string): string => path.join(stateDir, 'work');

export function createComponents(options: AgentOptions, identities: IdentityStore, hooks: AgentHooks): AgentComponents {
  const { clock, logger, stateDir } = options;
  const { onChange } = hooks;
  const random = options.random ?? Math.random;
  const inState = (name: string) => path.join(stateDir, name);
  const advertisedModels = (): AdvertisedModels => ({
    models: measurer.models(),
    pulls: runtimes.snapshot().pulls,
    warmingUp: isWarmingUp(link.state()),
  });
  const modelChanges = new ModelChanges(() => {
    link.dispatch({ type: 'profile_changed', hardware: false });
  });
  /** Running jobs, the load and the link decide whether a benchmark may run. */
  const onPreconditionsChange = () => {
    measurer.update();
    onChange();
  };
  const onModelsChange = () => {
    onChange();
    modelChanges.update(advertisedModels());
  };
  const onModelsOrLinkChange = () => {
    measurer.update();
    onModelsChange();
  };

  const notices = new Notices(clock, logger, onChange);
  const hardware = new HardwarePoller({
    hardware: options.hardware,
    clock,
    logger,
    onReading: onPreconditionsChange,
    onChange: (registration) => {
      link.dispatch({ type: 'profile_changed', hardware: registration });
    },
  });
  /** The session sends no message before the first inventory (`profile_known`). */
  const reportOrThrow = () => {
    const report = hardware.report();
    if (report === null) throw new Error('a message was created before the hardware was known');
    return report;
  };

  const modelFolders = options.modelFolders.length === 0 ? [options.modelsDir] : options.modelFolders;
  if (modelFolders.includes(options.modelsDir)) createFolder(options.modelsDir);
  const models = new ModelFolders({
    folders: modelFolders,
    cacheFile: inState('model-hashes.json'),
    clock,
    logger,
    processesAlive: (names) => options.hardware.processesAlive(names),
    largestGpuGb: () => hardware.largestGpuGb(),
  });
  const folders = new FolderRuntime({ models, clock, logger, workDir: workDirOf(stateDir) });
  const sources = { runtimes: [folders, ...(options.runtimes ?? [])], pullModels: options.pullModels ?? [] };
  const runtimes = new RuntimeSet({ ...sources, clock, logger, random });
  models.onChange(onChange);
  runtimes.onChange(onModelsOrLinkChange);
  const measurer = new ModelMeasurer({
    runtimes,
    store: new MeasurementStore(inState('model-speeds.json'), logger),
    measureAll: options.measureModels ?? false,
    preconditions: () => preconditionsOf(link.state(), jobs.runningJobs(), hardware.load()?.load.gpus ?? []),
    hardware: () => measuredHardware(hardware.report()),
    clock,
    logger,
    onChange: onModelsChange,
  });

  const jobs: JobRunner = new JobRunner({
    runtimes,
    spool: new ResultSpool({ folder: inState('results'), clock, logger }),
    maxConcurrentJobs: options.maxConcurrentJobs,
    clock,
    logger,
    isConnected: () => link.isRegistered(),
    send: (text) => link.sendJobFrame(text),
    onUnsaved: (details) => {
      notices.add('results_not_saved', details);
    },
    onChange: () => {
      onPreconditionsChange();
      link.dispatch({ type: 'profile_changed', hardware: false });
    },
  });
  const link: SchedulerLink = new SchedulerLink({
    clock,
    logger,
    random,
    identities,
    makeRegister: (identity) => {
      const active = jobs.activeJobs(link.state().target?.url ?? '', identity?.nodeId ?? null);
      return toRegister(options, reportOrThrow(), advertisedModels(), active, identity);
    },
    makeHeartbeat: (nodeId) => {
      const load = hardware.load()?.load ?? null;
      return toHeartbeat(options, reportOrThrow(), load, advertisedModels(), jobs.runningJobs(), nodeId, clock.wallMs());
    },
    onRegistered: (registration) => {
      jobs.onRegistered(registration);
    },
    onJobMessage: (message) => {
      jobs.handle(message);
    },
    onChange: onModelsOrLinkChange,
    onNotice: hooks.onNotice,
    onStopped: hooks.onStopped,
  });
  const sleep = new SleepDetector(clock, hooks.onSlept);
  return { hardware, modelFolders, models, runtimes, measurer, jobs, link, sleep, notices };
}

/** Creates the default model folder, so that users find it. A failure shows as a problem of the folder. */
function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    return;
  }
}

/** Detects that the models differ from the last call, as the scheduler would receive them. */
class ModelChanges {
  readonly #onChange: () => void;
  #known = JSON.stringify(toWireModels(NO_MODELS));

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Call it after every probe of the models, and when the rules for sending them change. */
  update(models: AdvertisedModels): void {
    const now = JSON.stringify(toWireModels(models));
    if (now === this.#known) return;
    this.#known = now;
    this.#onChange();
  }
}
