// Whole answers as events of their path, and a refusal as the last event of a stream.
import { describe, expect, it } from 'vitest';
import { openAiBody } from '../../../../../../src/main/scheduler/api/openai/core/openai-error';
import { eventsOfWhole, isOpenAiError, refusalFailure } from '../../../../../../src/main/scheduler/api/openai/core/whole-answer';
import type { OpenAiOutput } from '../../../../../../src/shared/protocol/tasks';

const CHAT = '/v1/chat/completions';
const TRANSCRIPTION = '/v1/audio/transcriptions';
const json = (body: unknown): OpenAiOutput => ({ status: 200, body });
const bytes = (contentType: string, text: string): OpenAiOutput => ({
  status: 200,
  content_type: contentType,
  base64: Buffer.from(text).toString('base64'),
});

describe('whole answer', () => {
  it.each<[string, string, OpenAiOutput, readonly object[]]>([
    [
      'chat, with finish reason and usage',
      CHAT,
      json({ id: 'i', choices: [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }], usage: { total_tokens: 3 } }),
      [
        { id: 'i', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: null }] },
        { id: 'i', object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { total_tokens: 3 } },
      ],
    ],
    [
      'completion, unchanged',
      '/v1/completions',
      json({ object: 'text_completion', choices: [{ text: 'hi', index: 0 }] }),
      [{ object: 'text_completion', choices: [{ text: 'hi', index: 0 }] }],
    ],
    [
      'transcription',
      TRANSCRIPTION,
      json({ text: 'hi', usage: { seconds: 1 } }),
      [{ type: 'transcript.text.done', text: 'hi', usage: { seconds: 1 } }],
    ],
    [
      'transcription as plain text',
      TRANSCRIPTION,
      bytes('text/plain; charset=utf-8', 'h\u00e9'),
      [{ type: 'transcript.text.done', text: 'h\u00e9' }],
    ],
    [
      'speech',
      '/v1/audio/speech',
      bytes('audio/mpeg', 'sound'),
      [{ type: 'speech.audio.delta', audio: Buffer.from('sound').toString('base64') }, { type: 'speech.audio.done' }],
    ],
  ])('%s -> events', (_title, path, output, events) => {
    expect(eventsOfWhole(path, output)).toEqual(events);
  });

  it.each<[string, string | null, OpenAiOutput]>([
    ['chat without choices', CHAT, json({ choices: [] })],
    ['page instead of a chat', CHAT, bytes('text/html', '<p>')],
    ['completion without text', '/v1/completions', json({ choices: [{ message: {} }] })],
    ['audio instead of a transcription', TRANSCRIPTION, bytes('audio/wav', 'sound')],
    ['text instead of speech', '/v1/audio/speech', json({ text: 'hi' })],
    ['embeddings', '/v1/embeddings', json({ data: [] })],
    ['command', null, json({ text: 'hi' })],
  ])('%s -> not convertible', (_title, path, output) => {
    expect(eventsOfWhole(path, output)).toBeNull();
  });
});

describe('refusal', () => {
  it('in OpenAI\u2019s shape -> unchanged', () => {
    const error = { message: 'too long', type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded', n_ctx: 4096 };
    expect(isOpenAiError({ error })).toBe(true);
  });

  it.each<[string, OpenAiOutput, string]>([
    ['error as text', { status: 400, body: { error: 'out of memory' } }, 'out of memory'],
    ['message', { status: 413, body: { message: 'out of memory' } }, 'out of memory'],
    ['detail', { status: 422, body: { detail: 'out of memory' } }, 'out of memory'],
    ['text', { ...bytes('text/plain', 'out of memory'), status: 400 }, 'out of memory'],
    ['other JSON', { status: 400, body: { detail: [{ loc: ['body'] }] } }, '{"detail":[{"loc":["body"]}]}'],
  ])('in another shape (%s) -> same text', (_title, output, text) => {
    const { status } = output;
    const failure = refusalFailure(output);
    expect(failure).toMatchObject({ status, error: { code: 'bad_request', type: 'invalid_request_error', muster: { status } } });
    expect(openAiBody(failure, 'en').error.message.endsWith(`: ${text}`)).toBe(true);
    expect(openAiBody(failure, 'zh').error.message.endsWith(`。${text}`)).toBe(true);
    expect(isOpenAiError('body' in output ? output.body : null)).toBe(false);
  });
});
