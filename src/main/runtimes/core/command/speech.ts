// `/v1/audio/speech` on a model folder's command: the text is the program's input, its output is the sound. Pure.
import type { CommandTask, Content, OpenAiOutput } from '../../../../shared/protocol/tasks';
import { ok, type Result } from '../../../../shared/result';
import { soundFormatOf } from './audio-types';
import { type AudioModel, type Body, canGiveAll, givenParams, type Refusal, refuse, strayField, valueOf } from './audio-request';
import { accepts, essenceOf } from './content';

/** They go to parameters of the same name where the manifest declares such; else the model has one voice and one speed. */
const PARAMS = ['voice', 'speed'] as const;
const HEEDED = ['model', 'input', 'response_format', 'stream_format', ...PARAMS];

export const speaks = ({ kind, command }: AudioModel): boolean =>
  kind === 'tts' &&
  essenceOf(command.output.content_type).startsWith('audio/') &&
  accepts(command.content_types, 'text/plain') &&
  canGiveAll(command, PARAMS);

export function speechCommand(body: Body, { command }: AudioModel): Result<CommandTask, Refusal> {
  const stray = strayField(body, HEEDED);
  if (stray !== undefined) return refuse(stray, `this model takes ${HEEDED.slice(1).join(', ')}`);
  const input = valueOf(body, 'input');
  if (typeof input !== 'string' || input === '') return refuse('input', 'a text is wanted');
  const stream = valueOf(body, 'stream_format');
  if (stream !== undefined && stream !== 'audio') return refuse('stream_format', 'not taken; this model answers with audio');
  const made = command.output.content_type;
  const format = valueOf(body, 'response_format');
  if (format !== undefined && format !== soundFormatOf(made))
    return refuse('response_format', `not taken; this model makes ${soundFormatOf(made) ?? made}`);
  const params = givenParams(body, command, PARAMS);
  return params.ok ? ok({ kind: 'command', model_id: body.model, input, params: params.value }) : params;
}

/** Null: the program gave no sound, which its manifest rules out. */
export const speechAnswer = (output: Content): OpenAiOutput | null =>
  'base64' in output ? { status: 200, content_type: output.content_type, base64: output.base64 } : null;
