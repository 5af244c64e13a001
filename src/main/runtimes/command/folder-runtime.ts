// The model folders as a runtime: their models with what is known of each, and jobs run on those that name a
// command: commands, and what OpenAI's audio paths ask of them.
import { modelOfTask, type Task, taskKindOf } from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { LocalModel } from '../core/model-folders/local-model';
import type { ModelFolders } from '../model-folders/model-folders';
import type { RunContext, Runtime, RuntimeSnapshot } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import { FOLDERS_RUNTIME_ID, toFoldersSnapshot } from '../core/command/folder-snapshot';
import { tasksOf } from '../core/command/audio-paths';
import { runAudio } from './run-audio';
import { runCommand } from './run-command';

export interface FolderRuntimeOptions {
  readonly models: ModelFolders;
  readonly clock: Clock;
  readonly logger: Logger;
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
    const model = this.modelOf(task);
    return model !== undefined && tasksOf(model).includes(taskKindOf(task));
  }

  async run(task: Task, context: RunContext): Promise<RunOutcome> {
    const model = this.modelOf(task);
    if (model?.command == null || !this.serves(task))
      return failed('no_runtime', 'the command of the model folder runs no such tasks', true);
    const { workDir, clock, logger, maxOutputBytes = MAX_OUTPUT_BYTES } = this.options;
    const place = { workDir, clock, logger, maxOutputBytes };
    const { command, realFolder, kind, srcLang } = model;
    if (task.kind === 'command') return runCommand({ command, realFolder }, task, context, place);
    return runAudio({ command, realFolder, kind, srcLang }, task, context, place);
  }

  private modelOf(task: Task): LocalModel | undefined {
    const wanted = modelOfTask(task);
    return this.options.models.seen().models.find(({ modelId }) => modelId === wanted);
  }
}
