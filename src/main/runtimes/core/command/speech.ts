// Runs `/v1/audio/speech` on the command of a model folder: the text is the program's input, the audio is its output.
import type { CommandTask, Content, OpenAiOutput } from '../../../../shared/protocol/tasks';
import { ok, type Result } from '../../../../shared/result';
import { accepts, audioFormatOf, essenceOf } from './content-types';
import {
  type AudioModel,
  type AudioBody,
  canGiveAll,
  type FieldRefusal,
  givenParams,
  refuseField,
  refuseUnsupported,
  givenField,
} from './audio-request';

/** Passed as parameters of the same name. If the manifest does not declare them, the model has one voice and one speed. */
const PARAMS = ['voice', 'speed'] as const;
const SUPPORTED = ['model', 'input', 'response_format', 'stream_format', ...PARAMS];

export const takesSpeech = ({ kind, command }: AudioModel): boolean =>
  kind === 'tts' &&
  essenceOf(command.output.content_type).startsWith('audio/') &&
  accepts(command.content_types, 'text/plain') &&
  canGiveAll(command, PARAMS);

export function toSpeechCommand(body: AudioBody, { command }: AudioModel): Result<CommandTask, FieldRefusal> {
  const unsupported = refuseUnsupported(body, SUPPORTED);
  if (unsupported !== null) return unsupported;
  const input = givenField(body, 'input');
  if (typeof input !== 'string' || input === '') return refuseField('input', 'a text is expected');
  const stream = givenField(body, 'stream_format');
  if (stream !== undefined && stream !== 'audio') return refuseField('stream_format', 'not accepted; this model answers with audio');
  const outputType = command.output.content_type;
  const format = givenField(body, 'response_format');
  if (format !== undefined && format !== audioFormatOf(outputType))
    return refuseField('response_format', `not accepted; this model produces ${audioFormatOf(outputType) ?? outputType}`);
  const params = givenParams(body, command, PARAMS);
  return params.ok ? ok({ kind: 'command', model_id: body.model, input, params: params.value }) : params;
}

/** Null: the program gave no audio. The manifest excludes that. */
export const toSpeechAnswer = (output: Content): OpenAiOutput | null =>
  'base64' in output ? { status: 200, content_type: output.content_type, base64: output.base64 } : null;
