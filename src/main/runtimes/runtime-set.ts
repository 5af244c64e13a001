// All runtimes of this machine as one: what they serve, whether it is ready, and which of them runs a task. How often each is
// looked at is RuntimeWatch's, whose a model is, merge-mapping's.
import { modelOfTask, type Task } from '../../shared/protocol/tasks';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { mergeSnapshots, type RuntimesSeen } from './core/merge-snapshots';
import { ModelPulls, type PullingRuntime } from './pulls/model-pulls';
import type { RunContext, RunOutcome, Runtime, RuntimeSnapshot } from './runtime';
import { failed } from './core/runtime-outcome';
import { RuntimeWatch } from './runtime-watch';

export interface RuntimeSetOptions {
  /** In the order of precedence: of two that serve a model, the first runs it. */
  readonly runtimes: readonly Runtime[];
  /** Models that the owner wants downloaded where they are missing; default: none, and nothing ever is. */
  readonly pullModels?: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Numbers in [0, 1) for jitter. */
  readonly random: () => number;
}

export class RuntimeSet {
  private readonly watches: readonly RuntimeWatch[];
  private readonly listeners = new Set<() => void>();
  private current: RuntimesSeen = { runtimes: [], models: [], duplicates: [], pulls: [] };
  private readonly pulls: ModelPulls;
  private looked = false;
  private watchers = 0;

  constructor(private readonly options: RuntimeSetOptions) {
    const { clock, logger, random } = options;
    const isWatched = () => this.watchers > 0;
    const onChange = () => {
      this.merge();
    };
    this.watches = options.runtimes.map((runtime) => new RuntimeWatch({ runtime, clock, logger, random, isWatched, onChange }));
    this.pulls = new ModelPulls({
      wanted: options.pullModels ?? [],
      runtime: () => this.pullingRuntime(),
      models: () => this.current.models,
      clock,
      logger,
      random,
      onChange: () => {
        this.current = { ...this.current, pulls: this.pulls.seen() };
        this.tell();
      },
    });
  }

  /** What the last looks found. */
  seen(): RuntimesSeen {
    return this.current;
  }

  /** Called after a look that found something else than the one before; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Resolves after the first look at every runtime. */
  async start(): Promise<void> {
    await Promise.all(this.watches.map((watch) => watch.start()));
    // Before that, what one lacks another may have.
    this.looked = true;
    if (this.pulls.seen().length > 0) this.merge();
  }

  stop(): void {
    this.pulls.stop();
    for (const watch of this.watches) watch.stop();
  }

  /** Looks at every runtime now. */
  async recheck(): Promise<void> {
    await Promise.all(this.watches.map((watch) => watch.lookAgain()));
  }

  /** Somebody looks at the models: they are looked at now, and more often until the returned function is called. */
  watch(): () => void {
    this.watchers += 1;
    void this.recheck();
    let over = false;
    return () => {
      if (!over) this.watchers -= 1;
      over = true;
    };
  }

  /** Whether a runtime serves the task's model now. */
  serves(task: Task): boolean {
    return this.ownerOf(task) !== undefined;
  }

  /** Runs the task on the runtime that owns its model. Never rejects. A runtime that failed is looked at again at once. */
  async run(task: Task, context: RunContext): Promise<RunOutcome> {
    const owner = this.ownerOf(task);
    if (owner === undefined) return failed('unknown_model', 'the model is not on this node any more', true);
    const outcome = await owner.runtime.run(task, context);
    if (!outcome.success && !context.signal.aborted) void owner.lookAgain();
    return outcome;
  }

  private ownerOf(task: Task): RuntimeWatch | undefined {
    const modelId = modelOfTask(task);
    const ownerId = this.current.models.find(({ model }) => model.model_id === modelId)?.runtimeId;
    const able = this.watches.filter(({ runtime }) => runtime.serves(task));
    return able.find(({ runtime }) => runtime.id === ownerId) ?? able[0];
  }

  private snapshots(): readonly RuntimeSnapshot[] {
    return this.watches.flatMap((watch) => watch.snapshot() ?? []);
  }

  /** The first that answers and can download. */
  private pullingRuntime(): PullingRuntime | null {
    for (const watch of this.watches) {
      const { id, pull } = watch.runtime;
      const isRunning = watch.snapshot()?.runtime.state === 'running';
      if (isRunning && pull !== undefined) return { id, pull, lookAgain: () => watch.lookAgain() };
    }
    return null;
  }

  private merge(): void {
    const before = JSON.stringify(this.current.duplicates);
    this.current = { ...this.current, ...mergeSnapshots(this.snapshots()) };
    if (this.looked) this.current = { ...this.current, pulls: this.pulls.seen() };
    const { duplicates } = this.current;
    if (duplicates.length > 0 && JSON.stringify(duplicates) !== before)
      this.options.logger.log('warn', 'model_in_two_runtimes', { duplicates });
    this.tell();
    if (this.looked) this.pulls.look();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
