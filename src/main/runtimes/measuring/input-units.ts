// The size of the input of a task, in the unit by which the duration grows (protocol §2, `input_units`): seconds of sound for
// speech-to-text, characters for translation and text-to-speech, bytes for other commands.
import { inlineFileSchema, type CommandTask, type OpenAiTask } from '../../../shared/protocol/tasks';
import { takesForm } from '../../../shared/protocol/task-kinds';
import type { ModelKind } from '../../../shared/protocol/node-messages';
import { wavSeconds } from '../core/measuring/wav-seconds';

/** The part of a file with its header, in characters of base64. */
const HEAD_CHARACTERS = 8192;

/** Null: chats and embeddings are counted in tokens, and the duration of sound is known for WAV only. */
export function unitsOfOpenAi({ path, body }: OpenAiTask): number | null {
  if (takesForm(path)) {
    const file = inlineFileSchema.safeParse(body['file']).data;
    return file === undefined ? null : soundSeconds(file.base64);
  }
  const input = body['input'];
  return path === '/v1/audio/speech' && typeof input === 'string' ? input.length : null;
}

/** Null: the duration of the sound is not known, or a model of text got other content. */
export function unitsOfCommand(kind: ModelKind, { input }: CommandTask): number | null {
  const text = typeof input === 'string' ? input : 'text' in input ? input.text : null;
  const base64 = typeof input !== 'string' && 'base64' in input ? input.base64 : '';
  switch (kind) {
    case 'asr':
      return text === null ? soundSeconds(base64) : null;
    case 'nmt':
    case 'tts':
      return text === null ? null : text.length;
    case 'vad':
    case 'emotion':
    case 'llm':
    case 'embedding':
    case 'rerank':
    case 'image':
    case 'other':
      return text === null ? Buffer.byteLength(base64, 'base64') : Buffer.byteLength(text);
  }
}

const soundSeconds = (base64: string): number | null =>
  wavSeconds(Buffer.from(base64.slice(0, HEAD_CHARACTERS), 'base64'), Buffer.byteLength(base64, 'base64'));
