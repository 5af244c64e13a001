// A request to one of OpenAI's audio paths, run on a model folder's command. What goes in and what comes out is decided in
// speech-mapping and transcription-mapping.
import type { Content, OpenAiOutput, OpenAiTask } from '../../../shared/protocol/tasks';
import type { RunContext } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import { type AudioModel, refusalAnswer } from '../core/command/audio-request';
import { type CommandModel, type CommandPlace, runCommand } from './run-command';
import { speechAnswer, speechCommand } from '../core/command/speech';
import { transcriptionCommand, transcriptOf } from '../core/command/transcription';

/** Never rejects. Of a path that the model does not take it must not be asked. */
export async function runAudio(
  model: AudioModel & CommandModel,
  task: OpenAiTask,
  context: RunContext,
  place: CommandPlace,
): Promise<RunOutcome> {
  const { body } = task;
  const isSpeech = task.path === '/v1/audio/speech';
  const command = isSpeech ? speechCommand(body, model) : transcriptionCommand(body, model);
  if (!command.ok) return { success: true, output: refusalAnswer(command.error) };
  const outcome = await runCommand(model, command.value, context, place);
  if (!outcome.success) return outcome;
  const content = outcome.output as Content;
  const answer = isSpeech ? speechAnswer(content) : transcriptAnswer(transcriptOf(body, content));
  return answer === null
    ? failed('unreadable_answer', 'the program gave another kind of output', false)
    : { success: true, output: answer };
}

function transcriptAnswer(transcript: ReturnType<typeof transcriptOf>): OpenAiOutput | null {
  if (transcript === null) return null;
  const { text, plain } = transcript;
  if (!plain) return { status: 200, body: { text } };
  return { status: 200, content_type: 'text/plain; charset=utf-8', base64: Buffer.from(text).toString('base64') };
}
