// `/v1/audio/transcriptions` on a model folder's command: the file is the program's input, its text is the transcript. Pure.
import { type CommandTask, type Content, inlineFileSchema } from '../../../../shared/protocol/tasks';
import { ok, type Result } from '../../../../shared/result';
import { type AudioModel, type Body, canGiveAll, givenParams, type Refusal, refuse, strayField, valueOf } from './audio-request';
import { typesOfFile } from './audio-types';
import { accepts, isText } from './content';

/** They go to parameters of the same name where the manifest declares such. */
const PARAMS = ['language', 'prompt', 'temperature'] as const;
const HEEDED = ['model', 'file', 'response_format', 'stream', ...PARAMS];

export const transcribes = ({ kind, command }: AudioModel): boolean =>
  kind === 'asr' &&
  isText(command.output.content_type) &&
  command.content_types.some((type) => type.startsWith('audio/') || type === '*/*') &&
  canGiveAll(command, PARAMS);

export function transcriptionCommand(body: Body, model: AudioModel): Result<CommandTask, Refusal> {
  const { command } = model;
  const stray = strayField(body, HEEDED);
  if (stray !== undefined) return refuse(stray, `this model takes ${HEEDED.slice(1).join(', ')}`);
  if (valueOf(body, 'stream') === true) return refuse('stream', 'not taken; this model answers when it has heard all');
  const format = valueOf(body, 'response_format');
  if (format !== undefined && format !== 'json' && format !== 'text') return refuse('response_format', 'not taken; one of json, text');
  const unheard = PARAMS.find((field) => !Object.hasOwn(command.params, field) && !isIdle(field, valueOf(body, field), model));
  if (unheard !== undefined)
    return refuse(
      unheard,
      unheard === 'language' && model.srcLang !== null ? `not taken; this model hears ${model.srcLang}` : 'not taken by this model',
    );
  const file = inlineFileSchema.safeParse(body['file']);
  if (!file.success) return refuse('file', 'a file is wanted');
  const types = typesOfFile(file.data.content_type, file.data.filename);
  const type = types.find((name) => accepts(command.content_types, name));
  if (type === undefined)
    return refuse('file', `${types[0] ?? 'a file of no known type'} is not taken; one of ${command.content_types.join(', ')}`);
  const params = givenParams(body, command, PARAMS);
  if (!params.ok) return params;
  return ok({ kind: 'command', model_id: body.model, input: { content_type: type, base64: file.data.base64 }, params: params.value });
}

/** Asks for nothing but what the model does anyway. */
function isIdle(field: (typeof PARAMS)[number], value: unknown, { srcLang }: AudioModel): boolean {
  if (value === undefined || value === '') return true;
  if (field === 'temperature') return Number(value) === 0;
  return field === 'language' && typeof value === 'string' && srcLang !== null && primary(value) === primary(srcLang);
}

/** `en-GB` as `en`. */
const primary = (language: string): string => (language.split(/[-_]/)[0] ?? '').toLowerCase();

/** The transcript, and whether it is wanted as it is. Null: the program gave no text, which its manifest rules out. */
export const transcriptOf = (body: Body, output: Content): { readonly text: string; readonly plain: boolean } | null =>
  'text' in output ? { text: output.text.trim(), plain: valueOf(body, 'response_format') === 'text' } : null;
