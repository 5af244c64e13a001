// The model folders as a runtime: it reports their models, and runs commands and OpenAI audio requests on models with a command.
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
  /** Contains one private folder per running job. */
  readonly workDir: string;
  readonly maxOutputBytes?: number;
}

/** An output of this size fits into one frame of the node protocol, in base64 and with its envelope. */
const MAX_OUTPUT_BYTES = 11 * 1024 * 1024;

export class FolderRuntime implements Runtime {
  readonly #options: FolderRuntimeOptions;
  readonly id = FOLDERS_RUNTIME_ID;

  constructor(options: FolderRuntimeOptions) {
    this.#options = options;
  }

  probe(): Promise<RuntimeSnapshot> {
    return Promise.resolve(toFoldersSnapshot(this.#options.models.snapshot().models, this.#options.clock.wallMs()));
  }

  onChange(listener: () => void): () => void {
    return this.#options.models.onChange(listener);
  }

  /** A model without a command runs no tasks here: another program of the owner may serve it. */
  serves(task: Task): boolean {
    const model = this.#modelOf(task);
    return model !== undefined && tasksOf(model).includes(taskKindOf(task));
  }

  async run(task: Task, context: RunContext): Promise<RunOutcome> {
    const model = this.#modelOf(task);
    if (model?.command == null || !this.serves(task))
      return failed('no_runtime', 'the command of the model folder does not run this task', true);
    const { workDir, clock, logger, maxOutputBytes = MAX_OUTPUT_BYTES } = this.#options;
    const environment = { workDir, clock, logger, maxOutputBytes };
    const { command, realFolder, kind, srcLang } = model;
    if (task.kind === 'command') return runCommand({ command, realFolder }, task, context, environment);
    return runAudio({ command, realFolder, kind, srcLang }, task, context, environment);
  }

  #modelOf(task: Task): LocalModel | undefined {
    const taskModelId = modelOfTask(task);
    return this.#options.models.snapshot().models.find(({ modelId }) => modelId === taskModelId);
  }
}
