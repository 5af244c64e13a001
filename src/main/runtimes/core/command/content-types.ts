// Content types of inputs and outputs, and the synonyms, file extensions and OpenAI names of audio formats.
import type { CommandTask } from '../../../../shared/protocol/tasks';

/** `Text/Plain; charset=utf-8` becomes `text/plain`. */
export const essenceOf = (contentType: string): string => (contentType.split(';')[0] ?? '').trim().toLowerCase();

export const contentTypeOf = (input: CommandTask['input']): string => (typeof input === 'string' ? 'text/plain' : input.content_type);

/** Whether one of the accepted types is this type or its whole family (`audio/*`). */
export function accepts(accepted: readonly string[], contentType: string): boolean {
  const essence = essenceOf(contentType);
  const family = `${essence.split('/')[0] ?? ''}/*`;
  return accepted.map(essenceOf).some((one) => one === essence || one === family || one === '*/*');
}

export const isText = (contentType: string): boolean => essenceOf(contentType).startsWith('text/');

/** By the names of OpenAI's `response_format`. The first type of each format is the usual one. */
const AUDIO_TYPES: Readonly<Record<string, readonly string[]>> = {
  mp3: ['audio/mpeg', 'audio/mp3'],
  opus: ['audio/ogg', 'audio/opus'],
  aac: ['audio/aac', 'audio/x-aac'],
  flac: ['audio/flac', 'audio/x-flac'],
  wav: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
  pcm: ['audio/pcm', 'audio/l16'],
  m4a: ['audio/mp4', 'audio/m4a', 'audio/x-m4a'],
  webm: ['audio/webm'],
};

const FORMAT_BY_EXTENSION: Readonly<Record<string, string>> = { mpga: 'mp3', mpeg: 'mp3', oga: 'opus', ogg: 'opus', mp4: 'm4a' };

/** `audio/x-wav; rate=8000` is `wav`. Null: not a known audio type. */
export const audioFormatOf = (contentType: string): string | null =>
  Object.keys(AUDIO_TYPES).find((format) => AUDIO_TYPES[format]?.includes(essenceOf(contentType))) ?? null;

/** The content types that may describe a file, best first: the declared one and its synonyms, or those of the file's extension. */
export function typesOfFile(contentType: string, fileName: string): readonly string[] {
  const declared = essenceOf(contentType);
  const isDeclared = declared !== '' && declared !== 'application/octet-stream';
  const format = isDeclared ? audioFormatOf(declared) : formatByName(fileName);
  const names = format === null ? [] : (AUDIO_TYPES[format] ?? []);
  return [...new Set([...(isDeclared ? [declared] : []), ...names])];
}

function formatByName(fileName: string): string | null {
  const extension = /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const format = FORMAT_BY_EXTENSION[extension] ?? extension;
  return Object.hasOwn(AUDIO_TYPES, format) ? format : null;
}
