import { describe, expect, test } from 'vitest';
import { answerAfter, figuresOf, newAnswer, stagesOf, stopped } from '../../../../src/renderer/pages/try/answer';
import { chatFault, chatParams, DEFAULT_OPTIONS, fileFault, type Turn } from '../../../../src/renderer/pages/try/chat';
import { chosenModel, modelFor, usableModels } from '../../../../src/renderer/queries/usable-models';
import { wavOf } from '../../../../src/renderer/pages/try/sound';
import { ASK_LIMITS, type AskEvent } from '../../../../src/shared/api/ask';
import type { ReadyPoolModel } from '../../../../src/shared/api/pool-models';
import { askJob } from '../../../fixtures/app-states/asks';

const text = (value: string, pieces = 1): AskEvent => ({ type: 'text', text: value, pieces });
const usage: AskEvent = { type: 'usage', prompt_tokens: 318, cached_tokens: 264, completion_tokens: 212 };
const end: AskEvent = { type: 'end', finish_reason: 'stop' };

describe('answer', () => {
  test('events -> state, text, times', () => {
    let answer = newAnswer('a', 'm', 1000);
    answer = answerAfter(answer, [{ type: 'reasoning', text: 'hm', pieces: 1 }, text('one ')], 1380);
    answer = answerAfter(answer, [text('two', 3)], 3480);
    answer = answerAfter(answer, [usage, end], 3500);
    expect(answer).toMatchObject({
      state: 'done',
      text: 'one two',
      reasoning: 'hm',
      pieces: 5,
      finishReason: 'stop',
      firstAtMonotonicMs: 1380,
      lastAtMonotonicMs: 3480,
      endedAtMonotonicMs: 3500,
    });
  });

  test.each<[string, readonly AskEvent[], object]>([
    [
      'nothing yet',
      [],
      { firstTokenMs: null, tokensPerSecond: null, tokens: null, isReported: false, promptTokens: null, cachedTokens: null },
    ],
    ['in progress -> counted pieces', [text('a', 200)], { firstTokenMs: 380, tokens: 200, isReported: false, tokensPerSecond: null }],
    ['reported by the server', [text('a'), usage], { tokens: 212, isReported: true, promptTokens: 318, cachedTokens: 264 }],
    [
      'measured by the node -> its speed',
      [text('a'), { type: 'job', job: askJob({ timings: { completion_tokens: 101, decode_ms: 1000, prompt_tokens: 9 } }) }],
      { tokens: 101, isReported: true, tokensPerSecond: 100, promptTokens: 9, cachedTokens: null },
    ],
  ])('figures: %s', (_title, events, expected) => {
    expect(figuresOf(answerAfter(newAnswer('a', 'm', 1000), events, 1380))).toMatchObject(expected);
  });

  test('speed of the pieces so far', () => {
    const first = answerAfter(newAnswer('a', 'm', 0), [text('a')], 500);
    expect(figuresOf(answerAfter(first, [text('b', 100)], 1500)).tokensPerSecond).toBe(100);
  });

  test('stages: queue, prompt and answer follow each other', () => {
    const begun = answerAfter(newAnswer('a', 'm', 0), [{ type: 'job', job: askJob({ queued_ms: 100 }) }, text('a')], 400);
    expect(stagesOf(begun, 2500)).toEqual([
      { stage: 'queue', fromMs: 0, ms: 100 },
      { stage: 'prompt', fromMs: 100, ms: 300 },
      { stage: 'answer', fromMs: 400, ms: 2100 },
    ]);
  });

  test('stages: job that waits -> all of it is the queue', () => {
    const waiting = answerAfter(newAnswer('a', 'm', 0), [{ type: 'job', job: askJob({ queued_ms: null }) }], 400);
    expect(stagesOf(waiting, 2500).map(({ ms }) => ms)).toEqual([2500, null, null]);
  });

  test('stages: ended before the first token -> the stages that were not reached are unknown, not 0', () => {
    const failed: AskEvent = { type: 'failed', error: { code: 'NOT_CONNECTED', message: 'lost', details: null } };
    const queued = answerAfter(newAnswer('a', 'm', 0), [{ type: 'job', job: askJob({ queued_ms: 100 }) }], 400);
    expect(stagesOf(answerAfter(queued, [failed], 900), 2500).map(({ ms }) => ms)).toEqual([100, 800, null]);
  });

  test('stopped -> ends; an answer that has ended stays as it is', () => {
    const begun = answerAfter(newAnswer('a', 'm', 0), [text('a')], 400);
    expect(stopped(begun, 500)).toMatchObject({ state: 'stopped', endedAtMonotonicMs: 500, text: 'a' });
    const done = answerAfter(begun, [end], 450);
    expect(stopped(done, 500)).toBe(done);
  });
});

describe('request', () => {
  const turn = (question: string, answer: string): Turn => ({
    question: { text: question, pictures: [{ name: 'p', dataUrl: 'data:image/png;base64,AA' }] },
    answer: answerAfter(newAnswer(question, 'm', 0), answer === '' ? [] : [text(answer)], 1),
  });
  const request = { model: 'm', session: 's', question: { text: 'third', pictures: [] }, language: 'en' as const };

  test('turns with an answer, the system prompt first, the options', () => {
    const options = { temperature: 0.7, maxTokens: 2048, systemPrompt: ' Be brief. ', nodeId: 'node-1' };
    expect(chatParams({ ...request, turns: [turn('first', 'one'), turn('second', '')], options })).toEqual({
      task: 'chat',
      model: 'm',
      session: 's',
      language: 'en',
      temperature: 0.7,
      max_tokens: 2048,
      node_id: 'node-1',
      messages: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'first', pictures: ['data:image/png;base64,AA'] },
        { role: 'assistant', text: 'one' },
        { role: 'user', text: 'third', pictures: [] },
      ],
    });
  });

  test('default options -> the model server decides', () => {
    const params = chatParams({ ...request, turns: [], options: DEFAULT_OPTIONS });
    expect(Object.keys(params).sort()).toEqual(['language', 'messages', 'model', 'session', 'task']);
  });

  test('too large -> found and limit', () => {
    const long = 'x'.repeat(ASK_LIMITS.chatCharacters + 1);
    expect(chatFault({ messages: [{ role: 'user', text: long }] })).toEqual({
      code: 'chat_too_long',
      found: long.length,
      max: ASK_LIMITS.chatCharacters,
    });
    const many = Array.from({ length: ASK_LIMITS.messages + 1 }, () => ({ role: 'user' as const, text: '' }));
    expect(chatFault({ messages: many })).toMatchObject({ code: 'too_many_messages', max: ASK_LIMITS.messages });
    expect(chatFault({ messages: [{ role: 'user', text: 'short' }] })).toBeNull();
  });
});

test.each<[string, Pick<File, 'name' | 'type' | 'size'>, object | null]>([
  ['picture', { name: 'a.png', type: 'image/png', size: 5 }, null],
  ['sound', { name: 'a.mp3', type: 'audio/mpeg', size: 5 }, null],
  ['page', { name: 'a.html', type: 'text/html', size: 5 }, { code: 'file_type', name: 'a.html' }],
  ['drawing with scripts', { name: 'a.svg', type: 'image/svg+xml', size: 5 }, { code: 'file_type', name: 'a.svg' }],
  ['empty', { name: 'a.png', type: 'image/png', size: 0 }, { code: 'file_empty', name: 'a.png' }],
  [
    'large picture',
    { name: 'a.png', type: 'image/png', size: 9e6 },
    { code: 'file_too_large', name: 'a.png', found: 9e6, max: ASK_LIMITS.pictureBytes },
  ],
  [
    'large sound',
    { name: 'a.wav', type: 'audio/wav', size: 9e6 },
    { code: 'file_too_large', name: 'a.wav', found: 9e6, max: ASK_LIMITS.soundBytes },
  ],
])('file: %s', (_title, file, expected) => {
  expect(fileFault(file)).toEqual(expected);
});

describe('models', () => {
  const model = (model_id: string, change: Partial<ReadyPoolModel>): ReadyPoolModel => ({
    model_id,
    kind: 'llm',
    tasks: null,
    nodes_ready: 1,
    nodes_loaded: 0,
    ...change,
  });
  const models = usableModels([
    model('cold', { nodes_ready: 9 }),
    model('warm', { nodes_loaded: 1 }),
    model('embed', { kind: 'embedding' }),
    model('embed-2', { tasks: ['/v1/embeddings'] }),
    model('ear', { kind: 'asr' }),
    model('voice', { kind: 'tts', tasks: ['/v1/audio/speech'] }),
    model('voice-command', { kind: 'tts', tasks: ['command'] }),
    model('both', { tasks: ['/v1/chat/completions', '/v1/audio/transcriptions'] }),
  ]);

  test('grouped by use, models in memory first; models that cannot chat are not offered for it', () => {
    expect(models.map(({ use, model: { model_id: id } }) => `${use} ${id}`)).toEqual([
      'chat warm',
      'chat cold',
      'chat both',
      'transcribe both',
      'transcribe ear',
      'speak voice',
    ]);
  });

  test('chosen model that left the pool -> the first one', () => {
    expect(chosenModel(models, 'chat cold')?.model.model_id).toBe('cold');
    expect(chosenModel(models, 'chat gone')?.model.model_id).toBe('warm');
    expect(chosenModel([], null)).toBeNull();
    expect([modelFor(models, 'speak'), modelFor([], 'speak')]).toEqual(['voice', null]);
  });
});

test('WAV: header and samples', () => {
  const wav = wavOf(new Float32Array([0, 1, -1, 2]));
  const view = new DataView(wav.buffer);
  expect(new TextDecoder().decode(wav.slice(0, 4))).toBe('RIFF');
  expect([view.getUint32(4, true), view.getUint16(22, true), view.getUint32(24, true), view.getUint32(40, true)]).toEqual([
    44, 1, 16_000, 8,
  ]);
  expect([44, 46, 48, 50].map((at) => view.getInt16(at, true))).toEqual([0, 32_767, -32_768, 32_767]);
});
