// What an agent is made of, each part told what it needs of the others. Nothing is decided here and nothing begins: that is the
// agent's.
import path from 'node:path';
import { FolderRuntime } from '../runtimes/command/folder-runtime';
import { MeasurementStore } from '../runtimes/measuring/measurement-store';
import { ModelMeasurer } from '../runtimes/measuring/model-measurer';
import { makeFolder } from '../runtimes/model-folders/make-folder';
import { ModelFolders } from '../runtimes/model-folders/model-folders';
import { RuntimeSet } from '../runtimes/runtime-set';
import type { AgentOptions } from './agent-options';
import { HardwareWatch } from './hardware-watch';
import type { IdentityStore } from './identity-store';
import { JobRunner } from './jobs/job-runner';
import { ResultSpool } from './jobs/result-spool';
import { type ModelsHere, toHeartbeat, toRegister } from './core/node-messages';
import { ModelNews } from './model-news';
import { NodeLink, type NodeLinkOptions } from './node-link';
import { Notices } from './notices';
import { SleepWatch } from './sleep-watch';
import { isWarmingUp } from './session/session-state';
import { measuredHardware, surroundingsOf } from './core/measurement-preconditions';

export interface AgentParts {
  readonly hardware: HardwareWatch;
  /** Where models are looked for. */
  readonly modelFolders: readonly string[];
  readonly models: ModelFolders;
  readonly runtimes: RuntimeSet;
  readonly measurer: ModelMeasurer;
  readonly jobs: JobRunner;
  readonly link: NodeLink;
  readonly sleep: SleepWatch;
  readonly notices: Notices;
}

/** What the parts leave to the agent. */
export interface AgentHooks {
  /** Something that is shown changed. */
  readonly onChange: () => void;
  readonly onNotice: NodeLinkOptions['onNotice'];
  /** The machine slept for so long, and is awake. */
  readonly onSlept: (sleptMs: number) => void;
  /** The scheduler has heard the goodbye. */
  readonly onStopped: () => void;
}

/** Private folders of running jobs are made there. */
export const workDirOf = (stateDir: string): string => path.join(stateDir, 'work');

export function agentParts(options: AgentOptions, identities: IdentityStore, hooks: AgentHooks): AgentParts {
  const { clock, logger, stateDir } = options;
  const { onChange } = hooks;
  const random = options.random ?? Math.random;
  const inState = (name: string) => path.join(stateDir, name);
  const modelsHere = (): ModelsHere => ({
    models: measurer.models(),
    pulls: runtimes.seen().pulls,
    warmingUp: isWarmingUp(link.state()),
  });
  const news = new ModelNews(() => {
    link.dispatch({ type: 'profile_changed', hardware: false });
  });
  /** What runs, the load and the link decide whether a model may be measured. */
  const onSurroundings = () => {
    measurer.consider();
    onChange();
  };
  const onModels = () => {
    onChange();
    news.consider(modelsHere());
  };
  const onModelsOrLink = () => {
    measurer.consider();
    onModels();
  };

  const notices = new Notices(clock, logger, onChange);
  const hardware = new HardwareWatch({
    hardware: options.hardware,
    clock,
    logger,
    onReading: onSurroundings,
    onChange: (registration) => {
      link.dispatch({ type: 'profile_changed', hardware: registration });
    },
  });
  /** The session sends nothing before the first inventory (`profile_known`). */
  const reportOrThrow = () => {
    const report = hardware.report();
    if (report === null) throw new Error('a message was made before the hardware was known');
    return report;
  };

  const modelFolders = options.modelFolders.length === 0 ? [options.modelsDir] : options.modelFolders;
  if (modelFolders.includes(options.modelsDir)) makeFolder(options.modelsDir);
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
  runtimes.onChange(onModelsOrLink);
  const measurer = new ModelMeasurer({
    runtimes,
    store: new MeasurementStore(inState('model-speeds.json'), logger),
    measureAll: options.measureModels ?? false,
    surroundings: () => surroundingsOf(link.state(), jobs.runningJobs(), hardware.load()?.load.gpus ?? []),
    hardware: () => measuredHardware(hardware.report()),
    clock,
    logger,
    onChange: onModels,
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
      onSurroundings();
      link.dispatch({ type: 'profile_changed', hardware: false });
    },
  });
  const link: NodeLink = new NodeLink({
    clock,
    logger,
    random,
    identities,
    makeRegister: (identity) => {
      const active = jobs.activeJobs(link.state().target?.url ?? '', identity?.nodeId ?? null);
      return toRegister(options, reportOrThrow(), modelsHere(), active, identity);
    },
    makeHeartbeat: (nodeId) => {
      const load = hardware.load()?.load ?? null;
      return toHeartbeat(options, reportOrThrow(), load, modelsHere(), jobs.runningJobs(), nodeId, clock.wallMs());
    },
    onRegistered: (registration) => {
      jobs.registered(registration);
    },
    onJobMessage: (message) => {
      jobs.take(message);
    },
    onChange: onModelsOrLink,
    onNotice: hooks.onNotice,
    onStopped: hooks.onStopped,
  });
  const sleep = new SleepWatch(clock, hooks.onSlept);
  return { hardware, modelFolders, models, runtimes, measurer, jobs, link, sleep, notices };
}
