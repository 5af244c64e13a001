// OpenAI's audio paths on a model folder's command: which models take them, what a request becomes, and what is refused.
import { describe, expect, test } from 'vitest';
import { tasksOf } from '../../../../../src/main/runtimes/core/command/audio-paths';
import { type AudioModel, refusalAnswer } from '../../../../../src/main/runtimes/core/command/audio-request';
import { soundFormatOf, typesOfFile } from '../../../../../src/main/runtimes/core/command/audio-types';
import type { CommandSpec } from '../../../../../src/main/runtimes/core/command/command-spec';
import { speechAnswer, speechCommand } from '../../../../../src/main/runtimes/core/command/speech';
import { transcriptionCommand, transcriptOf } from '../../../../../src/main/runtimes/core/command/transcription';

const command = (change: Partial<CommandSpec> = {}): CommandSpec => ({
  argv: ['p'],
  input: { as: 'stdin' },
  output: { from: 'stdout', content_type: 'text/plain' },
  content_types: ['text/plain'],
  params: {},
  ...change,
});
const WAV = { from: 'stdout', content_type: 'audio/wav' } as const;
const voice = { enum: ['en', 'es'], default: 'en' };
const speed = { min: 80, max: 400, integer: true, default: 175 };
const tts = (change: Partial<CommandSpec> = {}): AudioModel => ({
  kind: 'tts',
  srcLang: null,
  command: command({ output: WAV, ...change }),
});
const asr = (change: Partial<CommandSpec> = {}, srcLang: string | null = null): AudioModel => ({
  kind: 'asr',
  srcLang,
  command: command({ content_types: ['audio/wav', 'audio/mpeg'], ...change }),
});

describe('a command takes besides commands', () => {
  test.each<[string, AudioModel, string[]]>([
    ['speech, when it makes sound of text', tts(), ['/v1/audio/speech']],
    ['speech, when a request can give the voice', tts({ params: { voice: { enum: ['en'] } } }), ['/v1/audio/speech']],
    ['nothing, when it wants a parameter that no request can give', tts({ params: { mood: { pattern: '.*' } } }), []],
    ['nothing, when its sound is none', tts({ output: { from: 'stdout', content_type: 'application/json' } }), []],
    ['nothing, when it takes no text', tts({ content_types: ['application/ssml+xml'] }), []],
    ['nothing, when it is another kind of model', { ...tts(), kind: 'other' }, []],
    ['transcriptions, when it makes text of sound', asr(), ['/v1/audio/transcriptions']],
    ['transcriptions, of any sound', asr({ content_types: ['audio/*'] }), ['/v1/audio/transcriptions']],
    ['nothing, when it hears no sound', asr({ content_types: ['text/plain'] }), []],
    ['nothing, when its text is none', asr({ output: WAV }), []],
  ])('%s', (_what, model, expected) => {
    expect(tasksOf(model)).toEqual(['command', ...expected]);
  });

  test('nothing, and no command either, without one', () => {
    expect(tasksOf({ command: null, kind: 'tts', srcLang: null })).toEqual([]);
  });
});

describe('a request to speak', () => {
  const request = { model: 'm', input: 'hello', voice: 'es' };

  test.each<[string, object, AudioModel, object]>([
    ['goes to the program', {}, tts(), {}],
    ['gives voice and speed where they are declared', { speed: 90 }, tts({ params: { voice, speed } }), { voice: 'es', speed: 90 }],
    ['ignores a voice and a speed that are not', { voice: { id: 'x' }, speed: 2 }, tts(), {}],
    ['may say what is so anyway', { response_format: 'wav', stream_format: 'audio' }, tts(), {}],
    ['has nothing where it says null', { response_format: null, speed: null, instructions: null }, tts(), {}],
    [
      'names the sound in another way',
      { response_format: 'wav' },
      tts({ output: { from: 'stdout', content_type: 'audio/x-wav; rate=8000' } }),
      {},
    ],
  ])('%s', (_what, change, model, params) => {
    expect(speechCommand({ ...request, ...change }, model)).toEqual({
      ok: true,
      value: { kind: 'command', model_id: 'm', input: 'hello', params },
    });
  });

  test.each<[object, AudioModel, string, string]>([
    [{ input: '' }, tts(), 'input', 'a text is wanted'],
    [{ response_format: 'mp3' }, tts(), 'response_format', 'not taken; this model makes wav'],
    [
      { response_format: 'mp3' },
      tts({ output: { from: 'stdout', content_type: 'audio/midi' } }),
      'response_format',
      'not taken; this model makes audio/midi',
    ],
    [{ response_format: 5 }, tts(), 'response_format', 'not taken; this model makes wav'],
    [{ stream_format: 'sse' }, tts(), 'stream_format', 'not taken; this model answers with audio'],
    [{ stream: true }, tts(), 'stream', 'this model takes input, response_format, stream_format, voice, speed'],
    [{ voice: 'alloy' }, tts({ params: { voice } }), 'voice', 'not taken; one of en, es'],
    [{ voice: { id: 'x' } }, tts({ params: { voice } }), 'voice', 'a text or a number is wanted'],
    [{ voice: '--help' }, tts({ params: { voice: { pattern: '.*' } } }), 'voice', 'not taken (leading_dash)'],
    [{ voice: 'E' }, tts({ params: { voice: { pattern: '[a-z]+' } } }), 'voice', 'not taken; a text that matches [a-z]+'],
    [{ voice: undefined }, tts({ params: { voice: { enum: ['en'] } } }), 'voice', 'wanted; one of en'],
    [{ speed: 1 }, tts({ params: { speed } }), 'speed', 'not taken; a whole number from 80 to 400'],
    [{ speed: 'fast' }, tts({ params: { speed: { min: 0.5, max: 2, default: 1 } } }), 'speed', 'not taken; a number from 0.5 to 2'],
  ])('with %j is refused', (change, model, param, reason) => {
    expect(speechCommand({ ...request, ...change }, model)).toEqual({ ok: false, error: { param, reason } });
  });

  test('is answered with the sound as it is', () => {
    expect(speechAnswer({ content_type: 'audio/wav', base64: 'AAAA' })).toEqual({ status: 200, content_type: 'audio/wav', base64: 'AAAA' });
    expect(speechAnswer({ content_type: 'text/plain', text: 'no sound' })).toBeNull();
  });
});

describe('a request to transcribe', () => {
  const file = { filename: 'a.wav', content_type: 'audio/wav', base64: 'AAAA' };
  const request = { model: 'm', file };
  const language = { enum: ['en', 'es'], default: 'en' };
  const temperature = { min: 0, max: 1, default: 0 };

  test.each<[string, object, AudioModel, object]>([
    ['goes to the program', {}, asr(), {}],
    [
      'takes the type by the name where none is told',
      { file: { ...file, filename: 'A.MP3', content_type: 'application/octet-stream' } },
      asr(),
      { type: 'audio/mpeg' },
    ],
    ['takes the type by another of its names', { file: { ...file, content_type: 'audio/x-wav; x=1' } }, asr(), {}],
    [
      'gives what is declared, numbers of a form too',
      { language: 'es', temperature: '0.5' },
      asr({ params: { language, temperature } }),
      { params: { language: 'es', temperature: 0.5 } },
    ],
    [
      'may ask for what is so anyway',
      { language: 'en-GB', prompt: '', temperature: '0', stream: false, response_format: 'text' },
      asr({}, 'en'),
      {},
    ],
  ])('%s', (_what, change, model, { type = 'audio/wav', params = {} }: { type?: string; params?: object }) => {
    const input = { content_type: type, base64: 'AAAA' };
    expect(transcriptionCommand({ ...request, ...change }, model)).toEqual({
      ok: true,
      value: { kind: 'command', model_id: 'm', input, params },
    });
  });

  test.each<[object, AudioModel, string, string]>([
    [{ file: undefined }, asr(), 'file', 'a file is wanted'],
    [{ file: { ...file, content_type: 'audio/flac' } }, asr(), 'file', 'audio/flac is not taken; one of audio/wav, audio/mpeg'],
    [
      { file: { ...file, filename: 'notes', content_type: '' } },
      asr(),
      'file',
      'a file of no known type is not taken; one of audio/wav, audio/mpeg',
    ],
    [{ response_format: 'srt' }, asr(), 'response_format', 'not taken; one of json, text'],
    [{ stream: true }, asr(), 'stream', 'not taken; this model answers when it has heard all'],
    [
      { timestamp_granularities: ['word'] },
      asr(),
      'timestamp_granularities',
      'this model takes file, response_format, stream, language, prompt, temperature',
    ],
    [{ language: 'de' }, asr({}, 'en'), 'language', 'not taken; this model hears en'],
    [{ language: 'de' }, asr(), 'language', 'not taken by this model'],
    [{ language: 'de' }, asr({ params: { language } }), 'language', 'not taken; one of en, es'],
    [{ temperature: '0.7' }, asr(), 'temperature', 'not taken by this model'],
    [{ temperature: 'warm' }, asr({ params: { temperature } }), 'temperature', 'not taken; a number from 0 to 1'],
  ])('with %j is refused', (change, model, param, reason) => {
    expect(transcriptionCommand({ ...request, ...change }, model)).toEqual({ ok: false, error: { param, reason } });
  });

  test('is answered with the text, without the space around it', () => {
    expect(transcriptOf({ model: 'm' }, { content_type: 'text/plain', text: ' Hello.\n' })).toEqual({ text: 'Hello.', plain: false });
    expect(transcriptOf({ model: 'm', response_format: 'text' }, { content_type: 'text/plain', text: 'x' })).toEqual({
      text: 'x',
      plain: true,
    });
    expect(transcriptOf({ model: 'm' }, { content_type: 'audio/wav', base64: 'AAAA' })).toBeNull();
  });
});

test('a refusal is a 400 in OpenAI’s shape', () => {
  expect(refusalAnswer({ param: 'voice', reason: 'not taken' })).toEqual({
    status: 400,
    body: {
      error: {
        message: 'invalid request: voice: not taken',
        type: 'invalid_request_error',
        param: 'voice',
        code: 'invalid_request',
      },
    },
  });
});

test.each([
  ['audio/mpeg', 'mp3'],
  ['Audio/X-WAV; rate=1', 'wav'],
  ['audio/ogg', 'opus'],
  ['audio/midi', null],
  ['text/plain', null],
])('%s is %s', (contentType, format) => {
  expect(soundFormatOf(contentType)).toBe(format);
});

test.each([
  ['', 'a.flac', ['audio/flac', 'audio/x-flac']],
  ['application/octet-stream', 'a.toString', []],
  ['application/octet-stream', 'a', []],
  ['audio/vnd.strange', 'a.wav', ['audio/vnd.strange']],
  ['audio/mp3', 'a.wav', ['audio/mp3', 'audio/mpeg']],
])('a file told as %j and named %s may be of %j', (contentType, name, types) => {
  expect(typesOfFile(contentType, name)).toEqual(types);
});
