// The model folders as a runtime: it reports their models, and runs commands and OpenAI audio requests on models with a command.
// core/command/speech.ts and transcription.ts convert audio requests to commands and outputs to answers.
import {
  type CommandTask,
  type Content,
  modelOfTask,
  type OpenAiOutput,
  type OpenAiTask,
  type Task,
  taskKindOf,
} from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { LocalModel } from '../core/model-folders/local-model';
import type { ModelFolders } from '../model-folders/model-folders';
import type { RunContext, Runtime, RuntimeSnapshot } from '../runtime';
import { withInput } from '../core/measuring/request-timings';
import { unitsOfCommand, unitsOfOpenAi } from '../measuring/input-units';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import { FOLDERS_RUNTIME_ID, tasksOf, toFoldersSnapshot } from '../core/command/folder-snapshot';
import { type CommandEnvironment, type CommandModel, runCommand } from './run-command';
import { type AudioModel, toRefusalAnswer } from '../core/command/audio-request';
import { toSpeechAnswer, toSpeechCommand } from '../core/command/speech';
import { toTranscriptionCommand, transcriptOf } from '../core/command/transcription';

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
    if (task.kind === 'command') return runMeasured({ command, realFolder }, task, context, environment, unitsOfCommand(kind, task));
    return runAudio({ command, realFolder, kind, srcLang }, task, context, environment);
  }

  #modelOf(task: Task): LocalModel | undefined {
    const taskModelId = modelOfTask(task);
    return this.#options.models.snapshot().models.find(({ modelId }) => modelId === taskModelId);
  }
}

/** Reports the timings of a success. Never rejects. */
async function runMeasured(
  model: CommandModel,
  task: CommandTask,
  context: RunContext,
  environment: CommandEnvironment,
  inputUnits: number | null,
): Promise<RunOutcome> {
  const startedAtMonotonicMs = environment.clock.monotonicMs();
  const outcome = await runCommand(model, task, context, environment);
  if (outcome.success) context.onTimings?.(withInput({}, inputUnits), startedAtMonotonicMs);
  return outcome;
}

/** The model must support the path of the task. Never rejects. */
async function runAudio(
  model: AudioModel & CommandModel,
  task: OpenAiTask,
  context: RunContext,
  environment: CommandEnvironment,
): Promise<RunOutcome> {
  const { body } = task;
  const isSpeech = task.path === '/v1/audio/speech';
  const command = isSpeech ? toSpeechCommand(body, model) : toTranscriptionCommand(body, model);
  if (!command.ok) return { success: true, output: toRefusalAnswer(command.error) };
  const outcome = await runMeasured(model, command.value, context, environment, unitsOfOpenAi(task));
  if (!outcome.success) return outcome;
  const content = outcome.output as Content;
  const answer = isSpeech ? toSpeechAnswer(content) : transcriptAnswer(transcriptOf(body, content));
  return answer === null
    ? failed('unreadable_answer', 'the program returned another kind of output', false)
    : { success: true, output: answer };
}

function transcriptAnswer(transcript: ReturnType<typeof transcriptOf>): OpenAiOutput | null {
  if (transcript === null) return null;
  const { text, plain } = transcript;
  if (!plain) return { status: 200, body: { text } };
  return { status: 200, content_type: 'text/plain; charset=utf-8', base64: Buffer.from(text).toString('base64') };
}
