// OpenAI's audio paths on the command of a model folder: which models support them, how requests become commands, and refusals.
import { describe, expect, test } from 'vitest';
import { tasksOf } from '../../../../../src/main/runtimes/core/command/folder-snapshot';
import { type AudioModel, toRefusalAnswer } from '../../../../../src/main/runtimes/core/command/audio-request';
import { audioFormatOf, typesOfFile } from '../../../../../src/main/runtimes/core/command/content-types';
import type { CommandSpec } from '../../../../../src/main/runtimes/core/command/command-spec';
import { toSpeechAnswer, toSpeechCommand } from '../../../../../src/main/runtimes/core/command/speech';
import { toTranscriptionCommand, transcriptOf } from '../../../../../src/main/runtimes/core/command/transcription';

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

describe('tasksOf', () => {
  test.each<[string, AudioModel, string[]]>([
    ['text to audio -> speech', tts(), ['/v1/audio/speech']],
    ['voice without default -> speech', tts({ params: { voice: { enum: ['en'] } } }), ['/v1/audio/speech']],
    ['parameter that no request can provide -> command only', tts({ params: { mood: { pattern: '.*' } } }), []],
    ['output is not audio -> command only', tts({ output: { from: 'stdout', content_type: 'application/json' } }), []],
    ['no text input -> command only', tts({ content_types: ['application/ssml+xml'] }), []],
    ['another kind of model -> command only', { ...tts(), kind: 'other' }, []],
    ['audio to text -> transcriptions', asr(), ['/v1/audio/transcriptions']],
    ['any audio type -> transcriptions', asr({ content_types: ['audio/*'] }), ['/v1/audio/transcriptions']],
    ['no audio input -> command only', asr({ content_types: ['text/plain'] }), []],
    ['output is not text -> command only', asr({ output: WAV }), []],
  ])('%s', (_title, model, expected) => {
    expect(tasksOf(model)).toEqual(['command', ...expected]);
  });

  test('no command -> no tasks', () => {
    expect(tasksOf({ command: null, kind: 'tts', srcLang: null })).toEqual([]);
  });
});

describe('speech request', () => {
  const request = { model: 'm', input: 'hello', voice: 'es' };

  test.each<[string, object, AudioModel, object]>([
    ['input only', {}, tts(), {}],
    ['voice and speed declared -> parameters', { speed: 90 }, tts({ params: { voice, speed } }), { voice: 'es', speed: 90 }],
    ['voice and speed not declared -> ignored', { voice: { id: 'x' }, speed: 2 }, tts(), {}],
    ['fields with the default value -> accepted', { response_format: 'wav', stream_format: 'audio' }, tts(), {}],
    ['null fields -> absent', { response_format: null, speed: null, instructions: null }, tts(), {}],
    [
      'synonym of the audio type',
      { response_format: 'wav' },
      tts({ output: { from: 'stdout', content_type: 'audio/x-wav; rate=8000' } }),
      {},
    ],
  ])('%s', (_title, change, model, params) => {
    expect(toSpeechCommand({ ...request, ...change }, model)).toEqual({
      ok: true,
      value: { kind: 'command', model_id: 'm', input: 'hello', params },
    });
  });

  test.each<[object, AudioModel, string, string]>([
    [{ input: '' }, tts(), 'input', 'a text is expected'],
    [{ response_format: 'mp3' }, tts(), 'response_format', 'not accepted; this model produces wav'],
    [
      { response_format: 'mp3' },
      tts({ output: { from: 'stdout', content_type: 'audio/midi' } }),
      'response_format',
      'not accepted; this model produces audio/midi',
    ],
    [{ response_format: 5 }, tts(), 'response_format', 'not accepted; this model produces wav'],
    [{ stream_format: 'sse' }, tts(), 'stream_format', 'not accepted; this model answers with audio'],
    [{ stream: true }, tts(), 'stream', 'this model accepts input, response_format, stream_format, voice, speed'],
    [{ voice: 'alloy' }, tts({ params: { voice } }), 'voice', 'not accepted; one of en, es'],
    [{ voice: { id: 'x' } }, tts({ params: { voice } }), 'voice', 'a text or a number is expected'],
    [{ voice: '--help' }, tts({ params: { voice: { pattern: '.*' } } }), 'voice', 'not accepted (leading_dash)'],
    [{ voice: 'E' }, tts({ params: { voice: { pattern: '[a-z]+' } } }), 'voice', 'not accepted; a text that matches [a-z]+'],
    [{ voice: undefined }, tts({ params: { voice: { enum: ['en'] } } }), 'voice', 'required; one of en'],
    [{ speed: 1 }, tts({ params: { speed } }), 'speed', 'not accepted; a whole number from 80 to 400'],
    [{ speed: 'fast' }, tts({ params: { speed: { min: 0.5, max: 2, default: 1 } } }), 'speed', 'not accepted; a number from 0.5 to 2'],
  ])('%j -> refused', (change, model, param, reason) => {
    expect(toSpeechCommand({ ...request, ...change }, model)).toEqual({ ok: false, error: { param, reason } });
  });

  test('answer: audio unchanged; no audio -> null', () => {
    expect(toSpeechAnswer({ content_type: 'audio/wav', base64: 'AAAA' })).toEqual({
      status: 200,
      content_type: 'audio/wav',
      base64: 'AAAA',
    });
    expect(toSpeechAnswer({ content_type: 'text/plain', text: 'no audio' })).toBeNull();
  });
});

describe('transcription request', () => {
  const file = { filename: 'a.wav', content_type: 'audio/wav', base64: 'AAAA' };
  const request = { model: 'm', file };
  const language = { enum: ['en', 'es'], default: 'en' };
  const temperature = { min: 0, max: 1, default: 0 };

  test.each<[string, object, AudioModel, object]>([
    ['file only', {}, asr(), {}],
    [
      'no content type -> type by the file extension',
      { file: { ...file, filename: 'A.MP3', content_type: 'application/octet-stream' } },
      asr(),
      { type: 'audio/mpeg' },
    ],
    ['synonym of the content type -> accepted type', { file: { ...file, content_type: 'audio/x-wav; x=1' } }, asr(), {}],
    [
      'declared parameters, numbers from form strings',
      { language: 'es', temperature: '0.5' },
      asr({ params: { language, temperature } }),
      { params: { language: 'es', temperature: 0.5 } },
    ],
    [
      'fields with the default value -> accepted',
      { language: 'en-GB', prompt: '', temperature: '0', stream: false, response_format: 'text' },
      asr({}, 'en'),
      {},
    ],
  ])('%s', (_title, change, model, { type = 'audio/wav', params = {} }: { type?: string; params?: object }) => {
    const input = { content_type: type, base64: 'AAAA' };
    expect(toTranscriptionCommand({ ...request, ...change }, model)).toEqual({
      ok: true,
      value: { kind: 'command', model_id: 'm', input, params },
    });
  });

  test.each<[object, AudioModel, string, string]>([
    [{ file: undefined }, asr(), 'file', 'a file is expected'],
    [{ file: { ...file, content_type: 'audio/flac' } }, asr(), 'file', 'audio/flac is not accepted; one of audio/wav, audio/mpeg'],
    [
      { file: { ...file, filename: 'notes', content_type: '' } },
      asr(),
      'file',
      'a file of unknown type is not accepted; one of audio/wav, audio/mpeg',
    ],
    [{ response_format: 'srt' }, asr(), 'response_format', 'not accepted; one of json, text'],
    [{ stream: true }, asr(), 'stream', 'not accepted; this model answers when the whole file is transcribed'],
    [
      { timestamp_granularities: ['word'] },
      asr(),
      'timestamp_granularities',
      'this model accepts file, response_format, stream, language, prompt, temperature',
    ],
    [{ language: 'de' }, asr({}, 'en'), 'language', 'not accepted; the language of this model is en'],
    [{ language: 'de' }, asr(), 'language', 'not accepted by this model'],
    [{ language: 'de' }, asr({ params: { language } }), 'language', 'not accepted; one of en, es'],
    [{ temperature: '0.7' }, asr(), 'temperature', 'not accepted by this model'],
    [{ temperature: 'warm' }, asr({ params: { temperature } }), 'temperature', 'not accepted; a number from 0 to 1'],
  ])('%j -> refused', (change, model, param, reason) => {
    expect(toTranscriptionCommand({ ...request, ...change }, model)).toEqual({ ok: false, error: { param, reason } });
  });

  test('answer: trimmed text; no text -> null', () => {
    expect(transcriptOf({ model: 'm' }, { content_type: 'text/plain', text: ' Hello.\n' })).toEqual({ text: 'Hello.', plain: false });
    expect(transcriptOf({ model: 'm', response_format: 'text' }, { content_type: 'text/plain', text: 'x' })).toEqual({
      text: 'x',
      plain: true,
    });
    expect(transcriptOf({ model: 'm' }, { content_type: 'audio/wav', base64: 'AAAA' })).toBeNull();
  });
});

test('refusal: status 400 in the format of OpenAI’s errors', () => {
  expect(toRefusalAnswer({ param: 'voice', reason: 'not accepted' })).toEqual({
    status: 400,
    body: {
      error: {
        message: 'invalid request: voice: not accepted',
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
])('audioFormatOf: %s -> %s', (contentType, format) => {
  expect(audioFormatOf(contentType)).toBe(format);
});

test.each([
  ['', 'a.flac', ['audio/flac', 'audio/x-flac']],
  ['application/octet-stream', 'a.toString', []],
  ['application/octet-stream', 'a', []],
  ['audio/vnd.strange', 'a.wav', ['audio/vnd.strange']],
  ['audio/mp3', 'a.wav', ['audio/mp3', 'audio/mpeg']],
])('typesOfFile: content type %j, name %s -> %j', (contentType, name, types) => {
  expect(typesOfFile(contentType, name)).toEqual(types);
});
