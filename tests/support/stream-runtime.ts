// A runtime with one model. The test sends each event of its stream.
import type { RunContext, RunOutcome, Runtime } from '../../src/main/runtimes/runtime';
import { modelOfTask, type Task } from '../../src/shared/protocol/tasks';

export class StreamRuntime implements Runtime {
  readonly id = 'stream';
  /** The context of the present run. */
  context: RunContext | null = null;
  #end: (outcome: RunOutcome) => void = () => undefined;

  probe() {
    return Promise.resolve({
      runtime: {
        id: this.id,
        type: 'openai-compatible',
        url: 'http://127.0.0.1:1',
        version: null,
        state: 'running',
        reasonCode: 'ok',
        details: {},
        checkedAtWallMs: 1,
      },
      models: [
        {
          runtimeId: this.id,
          model: { model_id: 'talker', kind: 'llm', version: '1', enabled: true },
          state: 'ready',
          reasonCode: 'loaded',
          details: {},
          sizeBytes: null,
          progress: null,
          checkedAtWallMs: 1,
        },
      ],
    } as const);
  }

  serves(task: Task): boolean {
    return modelOfTask(task) === 'talker';
  }

  run(_task: Task, context: RunContext): Promise<RunOutcome> {
    this.context = context;
    return new Promise((resolve) => {
      this.#end = resolve;
      context.signal.addEventListener('abort', () => {
        resolve({ success: false, error: { code: 'cancelled', message: '', details: { retryable: false } } });
      });
    });
  }

  say(...chunks: readonly unknown[]): void {
    for (const chunk of chunks) this.context?.onChunk(chunk);
  }

  finish(output: unknown = { status: 200, body: null }): void {
    this.#end({ success: true, output });
  }
}
