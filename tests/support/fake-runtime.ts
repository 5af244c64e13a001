// A runtime whose probes and runs the test controls.
import type { CapabilityState } from '../../src/shared/protocol/node-messages';
import type { TaskKind } from '../../src/shared/protocol/task-kinds';
import { modelOfTask, type Task } from '../../src/shared/protocol/tasks';
import type { RunContext, RunOutcome, Runtime, RuntimeModel, RuntimeSnapshot, RuntimeStatus } from '../../src/main/runtimes/runtime';

export class FakeRuntime implements Runtime {
  probes = 0;
  place: NonNullable<Runtime['place']> = 'commands';
  runs: Task[] = [];
  state: RuntimeStatus['state'] = 'running';
  type: RuntimeStatus['type'] = 'vllm';
  /** Set: the runtime can download models. */
  pull?: NonNullable<Runtime['pull']>;
  reasonCode: RuntimeStatus['reasonCode'] = 'ok';
  /** Model id to state. */
  models: Readonly<Record<string, CapabilityState>> = {};
  /** The details of every model. */
  details: RuntimeModel['details'] = {};
  /** The tasks of every model. Null: not reported. */
  tasks: TaskKind[] | null = null;
  outcome: RunOutcome = { success: true, output: 'done' };
  /** Set: probes wait for it. */
  hold: Promise<void> | null = null;
  /** Set: runs wait for it. */
  holdRuns: Promise<void> | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(readonly id: string) {}

  async probe(): Promise<RuntimeSnapshot> {
    this.probes += 1;
    if (this.hold !== null) await this.hold;
    const models = this.state === 'running' ? Object.entries(this.models).map(([modelId, state]) => this.#model(modelId, state)) : [];
    return {
      runtime: {
        id: this.id,
        type: this.state === 'not_running' ? 'openai-compatible' : this.type,
        url: null,
        version: null,
        state: this.state,
        reasonCode: this.reasonCode,
        details: {},
        checkedAtWallMs: this.probes,
      },
      models,
    };
  }

  serves(task: Task): boolean {
    return modelOfTask(task) in this.models;
  }

  async run(task: Task, _context: RunContext): Promise<RunOutcome> {
    this.runs.push(task);
    await this.holdRuns;
    return this.outcome;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The runtime detected a change by itself. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  get listening(): number {
    return this.#listeners.size;
  }

  #model(modelId: string, state: CapabilityState): RuntimeModel {
    return {
      runtimeId: this.id,
      model: { model_id: modelId, kind: 'llm', version: '1', enabled: true, ...(this.tasks === null ? {} : { tasks: this.tasks }) },
      state,
      reasonCode: 'loaded',
      details: this.details,
      sizeBytes: null,
      progress: null,
      checkedAtWallMs: this.probes,
    };
  }
}
