// The model folders as a runtime: their models with what is known of each, and jobs run on those that name a command.
import type { CommandTask, Task } from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import type { LocalModel } from '../model-folders/local-model';
import type { ModelFolders } from '../model-folders/model-folders';
import type { RunContext, Runtime, RuntimeSnapshot } from '../runtime';
import { failed, type RunOutcome } from '../runtime-outcome';
import { FOLDERS_RUNTIME_ID, toFoldersSnapshot } from './folder-snapshot-mapping';
import { type CommandModel, runCommand } from './run-command';

export interface FolderRuntimeOptions {
  readonly models: ModelFolders;
  readonly clock: Clock;
  /** Private folders of running jobs are made here. */
  readonly workDir: string;
  readonly maxOutputBytes?: number;
}

/** In base64 and with all that goes around it, this much still fits one frame of the node protocol. */
const MAX_OUTPUT_BYTES = 11 * 1024 * 1024;

export class FolderRuntime implements Runtime {
  readonly id = FOLDERS_RUNTIME_ID;

  constructor(private readonly options: FolderRuntimeOptions) {}

  discover(): Promise<RuntimeSnapshot> {
    return Promise.resolve(toFoldersSnapshot(this.options.models.seen().models, this.options.clock.wallMs()));
  }

  onChange(listener: () => void): () => void {
    return this.options.models.onChange(listener);
  }

  /** A model without a command is served by another program of the owner, if by any. */
  serves(task: Task): boolean {
    return task.kind === 'command' && this.commandOf(task) !== null;
  }

  async run(task: Task, context: RunContext): Promise<RunOutcome> {
    const model = task.kind === 'command' ? this.commandOf(task) : null;
    if (task.kind !== 'command' || model === null) return failed('no_runtime', 'the model folder names no command', true);
    const { workDir, clock, maxOutputBytes = MAX_OUTPUT_BYTES } = this.options;
    return runCommand(model, task, context, { workDir, clock, maxOutputBytes });
  }

  private commandOf(task: CommandTask): CommandModel | null {
    const model: LocalModel | undefined = this.options.models.seen().models.find(({ modelId }) => modelId === task.model_id);
    return model?.command == null ? null : { command: model.command, realFolder: model.realFolder };
  }
}
