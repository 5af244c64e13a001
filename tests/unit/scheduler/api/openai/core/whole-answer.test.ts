// A whole answer as the events that a client of the path reads, and a refusal as the last of them.
import { describe, expect, it } from 'vitest';
import { eventsOfWhole, refusalEvent } from '../../../../../../src/main/scheduler/api/openai/core/whole-answer';
import type { OpenAiOutput } from '../../../../../../src/shared/protocol/tasks';

const CHAT = '/v1/chat/completions';
const TRANSCRIPTION = '/v1/audio/transcriptions';
const json = (body: unknown): OpenAiOutput => ({ status: 200, body });
const bytes = (contentType: string, text: string): OpenAiOutput => ({
  status: 200,
  content_type: contentType,
  base64: Buffer.from(text).toString('base64'),
});

describe('a whole answer', () => {
  it.each<[string, string, OpenAiOutput, readonly object[]]>([
    [
      'a chat, with its end and its usage',
      CHAT,
      json({ id: 'i', choices: [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }], usage: { total_tokens: 3 } }),
      [
        { id: 'i', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: null }] },
        { id: 'i', object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { total_tokens: 3 } },
      ],
    ],
    [
      'a completion, as it is',
      '/v1/completions',
      json({ object: 'text_completion', choices: [{ text: 'hi', index: 0 }] }),
      [{ object: 'text_completion', choices: [{ text: 'hi', index: 0 }] }],
    ],
    [
      'a transcription',
      TRANSCRIPTION,
      json({ text: 'hi', usage: { seconds: 1 } }),
      [{ type: 'transcript.text.done', text: 'hi', usage: { seconds: 1 } }],
    ],
    [
      'a transcription that is plain text',
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
  ])('%s', (_what, path, output, events) => {
    expect(eventsOfWhole(path, output)).toEqual(events);
  });

  it.each<[string, string | null, OpenAiOutput]>([
    ['a chat without choices', CHAT, json({ choices: [] })],
    ['a page instead of a chat', CHAT, bytes('text/html', '<p>')],
    ['a completion without text', '/v1/completions', json({ choices: [{ message: {} }] })],
    ['sound instead of a transcription', TRANSCRIPTION, bytes('audio/wav', 'sound')],
    ['words instead of speech', '/v1/audio/speech', json({ text: 'hi' })],
    ['embeddings', '/v1/embeddings', json({ data: [] })],
    ['a command', null, json({ text: 'hi' })],
  ])('is no stream of its path: %s', (_what, path, output) => {
    expect(eventsOfWhole(path, output)).toBeNull();
  });
});

describe('a refusal', () => {
  it('that has OpenAI\u2019s shape stays as it is', () => {
    const error = { message: 'too long', type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded', n_ctx: 4096 };
    expect(refusalEvent({ status: 400, body: { error } }, 'zh')).toEqual({ error });
  });

  it.each<[string, OpenAiOutput, string]>([
    ['an error that is a text', { status: 400, body: { error: 'no room' } }, 'no room'],
    ['a message', { status: 413, body: { message: 'no room' } }, 'no room'],
    ['a detail', { status: 422, body: { detail: 'no room' } }, 'no room'],
    ['a text', { ...bytes('text/plain', 'no room'), status: 400 }, 'no room'],
    ['something else', { status: 400, body: { detail: [{ loc: ['body'] }] } }, '{"detail":[{"loc":["body"]}]}'],
  ])('of another shape says the same: %s', (_what, output, words) => {
    const { status } = output;
    expect(refusalEvent(output, 'en')).toMatchObject({ error: { code: 'bad_request', type: 'invalid_request_error', muster: { status } } });
    expect(JSON.stringify(refusalEvent(output, 'en'))).toContain(JSON.stringify(`: ${words}`).slice(1, -1));
    expect(JSON.stringify(refusalEvent(output, 'zh'))).toContain(JSON.stringify(`。${words}`).slice(1, -1));
  });
});
