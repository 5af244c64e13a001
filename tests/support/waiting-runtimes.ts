// Runtimes for the tests of benchmarks: they serve only OpenAI tasks, and the test ends each run.
import type { RunContext, RunOutcome, RuntimeModel } from '../../src/main/runtimes/runtime';
import type { ModelKind } from '../../src/shared/protocol/node-messages';
import type { Task } from '../../src/shared/protocol/tasks';

export const model = (modelId: string, fields: Partial<RuntimeModel> = {}, kind: ModelKind = 'llm', version = '1'): RuntimeModel => ({
  runtimeId: 'r',
  model: { model_id: modelId, kind, version, enabled: true },
  state: 'ready',
  reasonCode: 'loaded',
  details: {},
  sizeBytes: null,
  progress: null,
  checkedAtWallMs: 1,
  ...fields,
});
const STREAMED: RunOutcome = { success: true, output: { status: 200, body: null } };

export class WaitingRuntimes {
  models: readonly RuntimeModel[] = [model('a')];
  readonly requests: Task[] = [];
  context: RunContext | null = null;
  #end: (outcome: RunOutcome) => void = () => undefined;

  snapshot = () => ({ runtimes: [], models: this.models, duplicates: [], pulls: [] });
  serves = (task: Task) => task.kind === 'openai';

  run(task: Task, context: RunContext): Promise<RunOutcome> {
    this.requests.push(task);
    this.context = context;
    return new Promise((resolve) => {
      this.#end = resolve;
      context.signal.addEventListener('abort', () => {
        resolve({ success: false, error: { code: 'cancelled', message: '', details: { retryable: false } } });
      });
    });
  }

  async finish(outcome: RunOutcome = STREAMED): Promise<void> {
    this.#end(outcome);
    await settled();
  }
}

/** Lets the code that waits for the end of a run continue. */
export const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};
