// The size of the input of a task.
import { expect, test } from 'vitest';
import { unitsOfCommand, unitsOfOpenAi } from '../../../../src/main/runtimes/measuring/input-units';
import type { ModelKind } from '../../../../src/shared/protocol/node-messages';
import type { CommandTask, OpenAiTask } from '../../../../src/shared/protocol/tasks';

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const part = (name: string, content: Buffer, size = content.length): Buffer => Buffer.concat([Buffer.from(name), word(size), content]);
/** PCM, mono, 16 bit, 16 kHz: 32,000 bytes a second. */
const FORMAT = part('fmt ', Buffer.concat([Buffer.from([1, 0, 1, 0]), word(16_000), word(32_000), Buffer.from([2, 0, 16, 0])]));
const wav = (...parts: readonly Buffer[]): string =>
  Buffer.concat([Buffer.from('RIFF'), word(36), Buffer.from('WAVE'), ...parts]).toString('base64');
const sound = Buffer.alloc(48_000);

const transcription = (base64: string): OpenAiTask => ({
  kind: 'openai',
  path: '/v1/audio/transcriptions',
  body: { model: 'm', file: { filename: 'a', content_type: 'audio/wav', base64 } },
});

test.each<readonly [string, string, number | null]>([
  ['WAV', wav(FORMAT, part('data', sound)), 1.5],
  ['other parts before the sound', wav(part('LIST', Buffer.alloc(7)), Buffer.alloc(1), FORMAT, part('data', sound)), 1.5],
  ['written to a pipe: largest size', wav(FORMAT, part('data', sound, 0xffffffff)), 1.5],
  ['written to a pipe: no size', wav(FORMAT, part('data', sound, 0)), 1.5],
  ['sound before its format -> null', wav(part('data', sound), FORMAT), null],
  ['no byte rate -> null', wav(part('fmt ', Buffer.alloc(16)), part('data', sound)), null],
  ['no sound -> null', wav(FORMAT), null],
  ['sound after a large part -> null', wav(FORMAT, part('LIST', Buffer.alloc(10_000)), part('data', sound)), null],
  ['part of the largest size -> null', wav(part('LIST', sound, 0xffffffff)), null],
  ['another format -> null', Buffer.from('OggS'.repeat(20)).toString('base64'), null],
  ['empty -> null', '', null],
])('seconds of sound: %s', (_title, base64, expected) => {
  expect(unitsOfOpenAi(transcription(base64))).toBe(expected);
});

test.each<readonly [string, ModelKind, CommandTask['input'], number | null]>([
  ['speech-to-text -> seconds', 'asr', { content_type: 'audio/wav', base64: wav(FORMAT, part('data', sound)) }, 1.5],
  ['speech-to-text of a text -> null', 'asr', 'hello', null],
  ['translation -> characters', 'nmt', 'grüße', 5],
  ['text-to-speech -> characters', 'tts', { content_type: 'text/plain', text: 'grüße' }, 5],
  ['translation of bytes -> null', 'nmt', { content_type: 'image/png', base64: 'AAAA' }, null],
  ['another model -> bytes of a text', 'other', 'grüße', 7],
  ['another model -> bytes', 'vad', { content_type: 'audio/wav', base64: 'AAAAAA==' }, 4],
])('command: %s', (_title, kind, input, expected) => {
  expect(unitsOfCommand(kind, { kind: 'command', model_id: 'm', input })).toBe(expected);
});

test('OpenAI path: speech -> characters, chat -> null', () => {
  expect(unitsOfOpenAi({ kind: 'openai', path: '/v1/audio/speech', body: { model: 'm', input: 'hello' } })).toBe(5);
  expect(unitsOfOpenAi({ kind: 'openai', path: '/v1/audio/speech', body: { model: 'm', input: 3 } })).toBeNull();
  expect(unitsOfOpenAi({ kind: 'openai', path: '/v1/chat/completions', body: { model: 'm', input: 'hello' } })).toBeNull();
  expect(unitsOfOpenAi({ kind: 'openai', path: '/v1/audio/transcriptions', body: { model: 'm' } })).toBeNull();
});
