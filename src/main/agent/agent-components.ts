// Creates the components of an agent and connects them. It contains no decision and starts nothing: the agent starts them.
import path from 'node:path';
import type { HardwareReport } from '../hardware/parse/types';
import { FolderRuntime } from '../runtimes/command/folder-runtime';
import { MeasurementStore } from '../runtimes/measuring/measurement-store';
import { ModelMeasurer } from '../runtimes/measuring/model-measurer';
import type { ModelFolders } from '../runtimes/model-folders/model-folders';
import type { RuntimeSet } from '../runtimes/runtime-set';
import { type AgentOptions, modelFoldersOf } from './agent-options';
import { createModelFolders, createRuntimes } from './agent-models';
import { EVERY_GPU } from './core/gpu-choice';
import { HardwarePoller } from './hardware-poller';
import type { IdentityStore } from './identity-store';
import { JobRunner } from './jobs/job-runner';
import { OwnGpus } from './own-gpus';
import { OwnModels } from './own-models';
import { ResultSpool } from './jobs/result-spool';
import { type AdvertisedModels, NO_MODELS, toHeartbeat, toRegister, wireTextOf, withKnownMemory } from './core/node-messages';
import { poolUseOf } from './core/pool-use';
import { overLimits } from './core/over-limits';
import { SchedulerLink, type SchedulerLinkOptions } from './scheduler-link';
import { ModelControlAnswers } from './model-control-answers';
import { Notices } from './notices';
import { ownWakeMac } from './own-wake-mac';
import { OwnerPause } from './owner-pause';
import { SleepDetector } from './sleep-detector';
import { isWarmingUp } from './session/session-state';
import { measuredHardware, preconditionsOf } from './core/measurement-preconditions';

/** Events of the components that the agent handles. */
export interface AgentHooks {
  /** The agent's view changed. */
  readonly onChange: () => void;
  readonly onNotice: SchedulerLinkOptions['onNotice'];
  /** The machine was asleep for this long and is awake again. */
  readonly onSlept: (sleptMs: number) => void;
  /** The owner requested a download. */
  readonly onDownload: () => void;
  /** The graceful disconnect is complete. */
  readonly onStopped: () => void;
}

/** Contains one private folder per running job. */
export const workDirOf = (stateDir: string): string => path.join(stateDir, 'work');

/** The components refer to each other, so each callback looks its component up when it runs. */
export class AgentComponents {
  readonly hardware: HardwarePoller;
  readonly gpus: OwnGpus;
  readonly models: ModelFolders;
  readonly runtimes: RuntimeSet;
  readonly measurer: ModelMeasurer;
  readonly jobs: JobRunner;
  readonly modelControl: ModelControlAnswers;
  readonly ownModels: OwnModels;
  readonly link: SchedulerLink;
  readonly sleep: SleepDetector;
  readonly notices: Notices;
  readonly pause: OwnerPause;
  #options: AgentOptions;
  readonly #folders: FolderRuntime;
  readonly #onChange: () => void;
  readonly #random: () => number;
  /** The models as the scheduler receives them, to detect a change. */
  #wireModels = wireTextOf(NO_MODELS);
  /** The loads over their limits at the last reading. Null: not judged yet. */
  #overLimits: string | null = null;

  constructor(options: AgentOptions, identities: IdentityStore, hooks: AgentHooks) {
    const { clock, logger } = options;
    this.#options = options;
    this.#onChange = hooks.onChange;
    this.#random = options.random ?? Math.random;
    this.notices = new Notices(clock, logger, hooks.onChange);
    this.hardware = this.#createHardware();
    this.gpus = new OwnGpus({ hardware: this.hardware, stateDir: options.stateDir, clock, logger });
    this.models = createModelFolders(() => this.#options, this.hardware);
    this.models.onChange(this.#onChange);
    this.#folders = new FolderRuntime({ models: this.models, clock, logger, workDir: workDirOf(options.stateDir) });
    this.runtimes = createRuntimes(options, this.#folders, this.#random);
    this.runtimes.onChange(() => {
      this.#onModelsOrLinkChange();
    });
    this.ownModels = new OwnModels({
      runtimes: this.runtimes,
      unshared: () => this.#options.unsharedModels ?? [],
      modelFolders: () => modelFoldersOf(this.#options),
      onRequest: hooks.onDownload,
      clock,
    });
    this.measurer = this.#createMeasurer();
    this.jobs = this.#createJobs();
    this.modelControl = new ModelControlAnswers({
      runtimes: this.runtimes,
      setting: () => this.#options.allowModelControl ?? null,
      schedulerUrl: () => this.link.presentUrl(),
      logger,
      reportModels: () => {
        this.link.dispatch({ type: 'model_controlled' });
      },
      send: (text) => this.link.sendJobFrame(text),
    });
    this.link = this.#createLink(identities, hooks);
    this.sleep = new SleepDetector(clock, hooks.onSlept);
    this.pause = this.#createPause();
  }

  /** Only the live options may differ from those before. The scheduler learns the change at once. */
  configure(options: AgentOptions): void {
    const before = this.#options;
    this.#options = options;
    const { runtimes = [], pullModels = [] } = options;
    this.runtimes.configure({ runtimes: [this.#folders, ...runtimes], pullModels });
    this.hardware.choose(options.gpus ?? EVERY_GPU);
    this.pause.configure(options.rules);
    void this.models.rescan();
    this.measurer.update();
    this.#onChange();
    // A heartbeat has neither.
    const isRegistered = options.name === before.name && options.wakeOnLan === before.wakeOnLan;
    this.link.dispatch({ type: 'profile_changed', hardware: !isRegistered });
  }

  #createHardware(): HardwarePoller {
    const { hardware, clock, logger, gpus = EVERY_GPU } = this.#options;
    return new HardwarePoller({
      hardware,
      clock,
      logger,
      poolUse: () => {
        const url = this.link.presentUrl() ?? '';
        return poolUseOf(process.pid, URL.canParse(url) ? new URL(url) : null, this.runtimes.use());
      },
      choice: gpus,
      needsPrograms: () => this.pause.needsPrograms(),
      onReading: (load) => {
        this.gpus.onReading(load);
        this.pause.onReading(load, this.hardware.offeredLoad() ?? load);
        this.#onPreconditionsChange();
        this.#reportCrossedLimit();
      },
      onChange: (registration) => {
        this.link.dispatch({ type: 'profile_changed', hardware: registration });
      },
    });
  }

  #createMeasurer(): ModelMeasurer {
    const { clock, logger } = this.#options;
    return new ModelMeasurer({
      runtimes: this.runtimes,
      store: new MeasurementStore(this.#inState('model-speeds.json'), logger),
      measureAll: () => this.#options.measureModels ?? false,
      preconditions: () => preconditionsOf(this.link.state(), this.jobs.runningJobs(), this.hardware.offeredLoad()?.gpus ?? []),
      hardware: () => measuredHardware(this.hardware.offered()),
      clock,
      logger,
      onChange: () => {
        this.#onModelsChange();
      },
    });
  }

  #createJobs(): JobRunner {
    const { clock, logger, onJobFailed } = this.#options;
    return new JobRunner({
      runtimes: this.runtimes,
      spool: new ResultSpool({ folder: this.#inState('results'), clock, logger }),
      maxConcurrentJobs: () => this.#options.maxConcurrentJobs,
      isShared: (modelId) => this.#options.unsharedModels?.includes(modelId) !== true,
      clock,
      logger,
      isConnected: () => this.link.isRegistered(),
      send: (text, mayWait) => this.link.sendJobFrame(text, mayWait),
      onUnsaved: (details) => {
        this.notices.add('results_not_saved', details);
      },
      counter: this.gpus.counter,
      ...(onJobFailed === undefined ? {} : { onFailed: onJobFailed }),
      // After this turn of the event loop, so that the request to the model server does not wait for it.
      onChange: () => {
        setImmediate(() => {
          this.#onPreconditionsChange();
          this.link.dispatch({ type: 'profile_changed', hardware: false });
        });
      },
    });
  }

  #createLink(identities: IdentityStore, { onNotice, onStopped }: AgentHooks): SchedulerLink {
    const { clock, logger } = this.#options;
    return new SchedulerLink({
      clock,
      logger,
      random: this.#random,
      identities,
      makeRegister: (identity, localAddress) => {
        const active = this.jobs.activeJobs(this.link.schedulerKey() ?? '', identity?.nodeId ?? null);
        const { pause } = this.link.state();
        return toRegister(
          this.#options,
          this.#reportOrThrow(),
          this.#advertisedModels(),
          active,
          identity,
          pause,
          ownWakeMac(this.#options, localAddress),
        );
      },
      makeHeartbeat: (nodeId) => {
        const load = this.hardware.offeredLoad();
        const jobs = this.jobs.runningJobs();
        const heartbeat = toHeartbeat(this.#options, this.#reportOrThrow(), load, this.#advertisedModels(), jobs, nodeId, clock.wallMs());
        const { link } = this.link.state();
        return link.state === 'registered' && link.acceptsUnknownMemory ? heartbeat : withKnownMemory(heartbeat);
      },
      onRegistered: (registration) => {
        this.jobs.onRegistered(registration);
      },
      onJobMessage: (message) => {
        this.jobs.handle(message);
      },
      onModelControl: (message) => void this.modelControl.handle(message),
      onChange: () => {
        this.#onModelsOrLinkChange();
      },
      onNotice,
      onStopped,
    });
  }

  #createPause(): OwnerPause {
    return new OwnerPause({
      ...this.#options,
      onChange: (pause) => {
        this.link.dispatch({ type: 'set_pause', pause });
        this.#onPreconditionsChange();
      },
      onNotice: (code, details) => {
        this.notices.add(code, details);
      },
    });
  }

  #inState(name: string): string {
    return path.join(this.#options.stateDir, name);
  }

  #advertisedModels(): AdvertisedModels {
    return {
      models: this.measurer.models(),
      pulls: this.runtimes.snapshot().pulls,
      warmingUp: isWarmingUp(this.link.state()),
      allowsControl: this.modelControl.isAllowed(),
      unshared: this.#options.unsharedModels ?? [],
    };
  }

  /** The session sends no message before the first inventory (`profile_known`). */
  #reportOrThrow(): HardwareReport {
    const report = this.hardware.offered();
    if (report === null) throw new Error('a message was created before the hardware was known');
    return report;
  }

  /** Running jobs, the load and the link decide whether a benchmark may run. */
  #onPreconditionsChange(): void {
    this.measurer.update();
    this.#onChange();
  }

  /** The scheduler learns at once that the owner's load crossed a limit, in either direction. */
  #reportCrossedLimit(): void {
    const [limits, load, report] = [this.link.state().nodeStatus?.message.limits, this.hardware.offeredLoad(), this.hardware.report()];
    if (limits === undefined || load === null || report === null) return;
    const over = overLimits(load, report.memoryGb, limits);
    const before = this.#overLimits;
    this.#overLimits = over;
    if (before !== null && before !== over) this.link.dispatch({ type: 'load_crossed_limit' });
  }

  #onModelsChange(): void {
    this.#onChange();
    const wireModels = wireTextOf(this.#advertisedModels());
    if (wireModels === this.#wireModels) return;
    this.#wireModels = wireModels;
    this.link.dispatch({ type: 'profile_changed', hardware: false });
  }

  #onModelsOrLinkChange(): void {
    this.measurer.update();
    this.#onModelsChange();
  }
}
