// Runs `/v1/audio/transcriptions` on the command of a model folder: the file is the program's input, the transcript is its output.
import { type CommandTask, type Content, inlineFileSchema } from '../../../../shared/protocol/tasks';
import { ok, type Result } from '../../../../shared/result';
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
import { accepts, isText, typesOfFile } from './content-types';

/** Passed as parameters of the same name if the manifest declares them. */
const PARAMS = ['language', 'prompt', 'temperature'] as const;
const SUPPORTED = ['model', 'file', 'response_format', 'stream', ...PARAMS];

export const takesTranscription = ({ kind, command }: AudioModel): boolean =>
  kind === 'asr' &&
  isText(command.output.content_type) &&
  command.content_types.some((type) => type.startsWith('audio/') || type === '*/*') &&
  canGiveAll(command, PARAMS);

export function toTranscriptionCommand(body: AudioBody, model: AudioModel): Result<CommandTask, FieldRefusal> {
  const { command } = model;
  const unsupported = refuseUnsupported(body, SUPPORTED);
  if (unsupported !== null) return unsupported;
  if (givenField(body, 'stream') === true)
    return refuseField('stream', 'not accepted; this model answers when the whole file is transcribed');
  const format = givenField(body, 'response_format');
  if (format !== undefined && format !== 'json' && format !== 'text')
    return refuseField('response_format', 'not accepted; one of json, text');
  const unusable = PARAMS.find((field) => !Object.hasOwn(command.params, field) && !hasNoEffect(field, givenField(body, field), model));
  if (unusable !== undefined)
    return refuseField(
      unusable,
      unusable === 'language' && model.srcLang !== null
        ? `not accepted; the language of this model is ${model.srcLang}`
        : 'not accepted by this model',
    );
  const file = inlineFileSchema.safeParse(body['file']);
  if (!file.success) return refuseField('file', 'a file is expected');
  const types = typesOfFile(file.data.content_type, file.data.filename);
  const type = types.find((name) => accepts(command.content_types, name));
  if (type === undefined)
    return refuseField('file', `${types[0] ?? 'a file of unknown type'} is not accepted; one of ${command.content_types.join(', ')}`);
  const params = givenParams(body, command, PARAMS);
  if (!params.ok) return params;
  return ok({ kind: 'command', model_id: body.model, input: { content_type: type, base64: file.data.base64 }, params: params.value });
}

/** Whether the field requests the default behaviour. */
function hasNoEffect(field: (typeof PARAMS)[number], value: unknown, { srcLang }: AudioModel): boolean {
  if (value === undefined || value === '') return true;
  if (field === 'temperature') return Number(value) === 0;
  return field === 'language' && typeof value === 'string' && srcLang !== null && primary(value) === primary(srcLang);
}

/** `en-GB` becomes `en`. */
const primary = (language: string): string => (language.split(/[-_]/)[0] ?? '').toLowerCase();

/** The transcript. `plain`: the client requested plain text. Null: the program gave no text. The manifest excludes that. */
export const transcriptOf = (body: AudioBody, output: Content): { readonly text: string; readonly plain: boolean } | null =>
  'text' in output ? { text: output.text.trim(), plain: givenField(body, 'response_format') === 'text' } : null;
