// Runs a request to one of OpenAI's audio paths on the command of a model folder. core/command/speech.ts and transcription.ts convert
// the request and the output.
import type { Content, OpenAiOutput, OpenAiTask } from '../../../shared/protocol/tasks';
import type { RunContext } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import { type AudioModel, toRefusalAnswer } from '../core/command/audio-request';
import { type CommandModel, type CommandEnvironment, runCommand } from './run-command';
import { toSpeechAnswer, toSpeechCommand } from '../core/command/speech';
import { toTranscriptionCommand, transcriptOf } from '../core/command/transcription';

/** The model must support the path of the task. Never rejects. */
export async function runAudio(
  model: AudioModel & CommandModel,
  task: OpenAiTask,
  context: RunContext,
  environment: CommandEnvironment,
): Promise<RunOutcome> {
  const { body } = task;
  const isSpeech = task.path === '/v1/audio/speech';
  const command = isSpeech ? toSpeechCommand(body, model) : toTranscriptionCommand(body, model);
  if (!command.ok) return { success: true, output: toRefusalAnswer(command.error) };
  const outcome = await runCommand(model, command.value, context, environment);
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
