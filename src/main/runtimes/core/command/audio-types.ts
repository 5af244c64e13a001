// Types of sound by their many names: what OpenAI's clients ask for, what files are called, what manifests say. Pure.
import { essenceOf } from './content';

/** By the names of OpenAI's `response_format`. Of each the first is the usual one. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  mp3: ['audio/mpeg', 'audio/mp3'],
  opus: ['audio/ogg', 'audio/opus'],
  aac: ['audio/aac', 'audio/x-aac'],
  flac: ['audio/flac', 'audio/x-flac'],
  wav: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
  pcm: ['audio/pcm', 'audio/l16'],
  m4a: ['audio/mp4', 'audio/m4a', 'audio/x-m4a'],
  webm: ['audio/webm'],
};

const FORMAT_BY_ENDING: Readonly<Record<string, string>> = { mpga: 'mp3', mpeg: 'mp3', oga: 'opus', ogg: 'opus', mp4: 'm4a' };

/** `audio/x-wav; rate=8000` is `wav`; null: none of them. */
export const soundFormatOf = (contentType: string): string | null =>
  Object.keys(TYPES).find((format) => TYPES[format]?.includes(essenceOf(contentType))) ?? null;

/** The names under which a file's type may go, best first: as it was told, its other names, or by the file's name where nothing was told. */
export function typesOfFile(contentType: string, fileName: string): readonly string[] {
  const told = essenceOf(contentType);
  const isTold = told !== '' && told !== 'application/octet-stream';
  const format = isTold ? soundFormatOf(told) : formatByName(fileName);
  const names = format === null ? [] : (TYPES[format] ?? []);
  return [...new Set([...(isTold ? [told] : []), ...names])];
}

function formatByName(fileName: string): string | null {
  const ending = /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const format = FORMAT_BY_ENDING[ending] ?? ending;
  return Object.hasOwn(TYPES, format) ? format : null;
}
