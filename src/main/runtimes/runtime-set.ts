// All runtimes of this machine as one: their models, and which runtime runs a task. RuntimePoller polls each runtime, and
// core/merge-snapshots.ts decides which runtime owns a model.
import type { ModelAction } from '../../shared/protocol/model-control';
import { modelOfTask, type Task } from '../../shared/protocol/tasks';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { mergeSnapshots, type RuntimesSnapshot } from './core/merge-snapshots';
import { type KeptDownloads, ModelPulls, type PullingRuntime } from './pulls/model-pulls';
import type { RunContext, RunOutcome, Runtime, RuntimeSnapshot } from './runtime';
import { failed } from './core/runtime-outcome';
import type { RuntimesUse } from './core/runtime-use';
import { type ControlOutcome, ModelControls, type ModelControlsOptions } from './model-controls';
import { RunTimes } from './run-times';
import { RuntimePoller } from './runtime-poller';

export interface RuntimeSetOptions {
  /** `configure` changes them. In order of precedence: of two runtimes that serve a model, the first one runs it. */
  readonly runtimes: readonly Runtime[];
  /** Models to download when they are missing. Default: none. */
  readonly pullModels?: readonly string[];
  /** The downloads that the owner requested before. Default: none are kept. */
  readonly downloads?: KeptDownloads;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Random numbers in [0, 1) for jitter. */
  readonly random: () => number;
}

export class RuntimeSet {
  readonly #options: RuntimeSetOptions;
  #pollers: readonly RuntimePoller[];
  readonly #listeners = new Set<() => void>();
  #current: RuntimesSnapshot = { runtimes: [], models: [], duplicates: [], pulls: [] };
  readonly #pulls: ModelPulls;
  readonly #controls: ModelControls;
  readonly #runTimes: RunTimes;
  #isRunning = false;
  #hasStarted = false;
  #viewers = 0;

  constructor(options: RuntimeSetOptions) {
    this.#options = options;
    this.#runTimes = new RunTimes(options.clock);
    const { clock, logger, random } = options;
    this.#pollers = options.runtimes.map((runtime) => this.#pollerOf(runtime));
    this.#controls = new ModelControls({
      ownerOf: (modelId) => this.#modelOwner(modelId),
      clock,
      logger,
      onChange: () => {
        this.#merge();
      },
    });
    this.#pulls = new ModelPulls({
      wanted: options.pullModels ?? [],
      ...(options.downloads === undefined ? {} : { kept: options.downloads }),
      runtime: () => this.#pullingRuntime(),
      models: () => this.#current.models,
      clock,
      logger,
      random,
      onChange: () => {
        this.#current = { ...this.#current, pulls: this.#pulls.snapshot() };
        this.#notify();
      },
    });
  }

  /** The merged results of the last probes. */
  snapshot(): RuntimesSnapshot {
    return this.#current;
  }

  /** The listener is called when the snapshot changed. Returns the function that unsubscribes. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Resolves after the first probe of every runtime. */
  async start(): Promise<void> {
    this.#isRunning = true;
    await Promise.all(this.#pollers.map((poller) => poller.start()));
    // Downloads start after the first probe of every runtime, because a model that one runtime lacks may be on another one.
    this.#hasStarted = true;
    if (this.#pulls.snapshot().length > 0) this.#merge();
  }

  /** Changes the runtimes, in order of precedence, and the models to download. A runtime with the same settings goes on. */
  configure({ runtimes, pullModels }: { readonly runtimes: readonly Runtime[]; readonly pullModels: readonly string[] }): void {
    const before = this.#pollers;
    this.#pollers = runtimes.map((runtime) => before.find((poller) => isSame(poller.runtime, runtime)) ?? this.#pollerOf(runtime));
    for (const poller of before) if (!this.#pollers.includes(poller)) poller.stop();
    if (this.#isRunning) for (const poller of this.#pollers) if (!before.includes(poller)) void poller.start();
    this.#pulls.want(pullModels);
    this.#merge();
  }

  /** Resolves when the downloads of the owner are on disk. */
  stop(): Promise<void> {
    this.#isRunning = false;
    const stopped = this.#pulls.stop();
    this.#controls.stop();
    for (const poller of this.#pollers) poller.stop();
    return stopped;
  }

  /** Probes every runtime now. */
  async refresh(): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.refresh()));
  }

  /** A user views the models: the runtimes are probed now, and more often until the returned function is called. */
  watch(): () => void {
    this.#viewers += 1;
    void this.refresh();
    let hasEnded = false;
    return () => {
      if (!hasEnded) this.#viewers -= 1;
      hasEnded = true;
    };
  }

  /** Whether a runtime runs the task now. */
  serves(task: Task): boolean {
    return this.#ownerOf(task) !== undefined;
  }

  /** Runs the task on the runtime that owns its model. A runtime that failed is probed immediately. Never rejects. */
  async run(task: Task, context: RunContext): Promise<RunOutcome> {
    const owner = this.#ownerOf(task);
    if (owner === undefined) return failed('unknown_model', 'the model is not on this node any more', true);
    const run = (): Promise<RunOutcome> => this.#runTimes.during(owner.runtime.id, () => owner.runtime.run(task, context));
    const outcome = await this.#controls.during(modelOfTask(task), run);
    if (!outcome.success && !context.signal.aborted) void owner.refresh();
    return outcome;
  }

  /** Loads, unloads, pins or unpins a model. Resolves at the end of the act. Never rejects. */
  control(modelId: string, action: ModelAction): Promise<ControlOutcome> {
    return this.#controls.control(modelId, action);
  }

  /** Deletes a model from the disk. Resolves at the end of the act. Never rejects. */
  remove(modelId: string): Promise<ControlOutcome> {
    return this.#controls.remove(modelId);
  }

  /** The downloads of the owner. */
  get downloads(): Pick<ModelPulls, 'request' | 'pause' | 'cancel' | 'isConfigured' | 'wantsAny'> {
    return this.#pulls;
  }

  /** Which runtimes work now or worked last. A server that has run no task and does not run now is left out: it has no processes. */
  use(): RuntimesUse {
    const local = this.#pollers.flatMap((poller) => {
      const { id, place = 'commands' } = poller.runtime;
      return place === 'other_machine' ? [] : [{ id, place, poller, usedAtMonotonicMs: this.#runTimes.lastAtMonotonicMs(id) }];
    });
    const usedAt = local.map(({ usedAtMonotonicMs }) => usedAtMonotonicMs).filter((instant) => instant !== null);
    return {
      servers: local.flatMap(({ id, place, poller, usedAtMonotonicMs }) => {
        const state = poller.snapshot()?.runtime.state;
        // A server that is busy with a job may answer no probe.
        const hasProcess = state === 'running' || state === 'starting' || usedAtMonotonicMs !== null;
        return place === 'commands' || !hasProcess ? [] : [{ id, ...place, usedAtMonotonicMs }];
      }),
      jobAtMonotonicMs: usedAt.length === 0 ? null : Math.max(...usedAt),
    };
  }

  #pollerOf(runtime: Runtime): RuntimePoller {
    const { clock, logger, random } = this.#options;
    const onChange = () => {
      this.#merge();
    };
    return new RuntimePoller({ runtime, clock, logger, random, isViewed: () => this.#viewers > 0, onChange });
  }

  #ownerOf(task: Task): RuntimePoller | undefined {
    const modelId = modelOfTask(task);
    const ownerId = this.#current.models.find(({ model }) => model.model_id === modelId)?.runtimeId;
    const able = this.#pollers.filter(({ runtime }) => runtime.serves(task));
    return able.find(({ runtime }) => runtime.id === ownerId) ?? able[0];
  }

  #modelOwner(modelId: string): ReturnType<ModelControlsOptions['ownerOf']> {
    const ownerId = this.#current.models.find(({ model }) => model.model_id === modelId)?.runtimeId;
    const poller = this.#pollers.find(({ runtime }) => runtime.id === ownerId);
    const model = poller?.snapshot()?.models.find((entry) => entry.model.model_id === modelId);
    return poller === undefined || model === undefined ? null : { poller, model };
  }

  #snapshots(): readonly RuntimeSnapshot[] {
    return this.#pollers.flatMap((poller) => poller.snapshot() ?? []);
  }

  /** The first running runtime that can download models. */
  #pullingRuntime(): PullingRuntime | null {
    for (const poller of this.#pollers) {
      const { id, pull } = poller.runtime;
      const isRunning = poller.snapshot()?.runtime.state === 'running';
      if (isRunning && pull !== undefined) return { id, pull, refresh: () => poller.refresh() };
    }
    return null;
  }

  #merge(): void {
    const before = JSON.stringify(this.#current.duplicates);
    const merged = mergeSnapshots(this.#snapshots());
    this.#current = { ...this.#current, ...merged, models: merged.models.map((model) => this.#controls.shown(model)) };
    if (this.#hasStarted) this.#current = { ...this.#current, pulls: this.#pulls.snapshot() };
    const { duplicates } = this.#current;
    if (duplicates.length > 0 && JSON.stringify(duplicates) !== before)
      this.#options.logger.log('warn', 'model_in_two_runtimes', { duplicates });
    this.#notify();
    if (this.#hasStarted) this.#pulls.update();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

const isSame = (one: Runtime, other: Runtime): boolean => one === other || (one.settings !== undefined && one.settings === other.settings);
