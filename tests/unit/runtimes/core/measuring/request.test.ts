import { expect, test } from 'vitest';
import { requestsFor } from '../../../../../src/main/runtimes/core/measuring/request';
import { MODEL_KINDS } from '../../../../../src/shared/protocol/node-messages';
import { modelOfTask, taskSchema } from '../../../../../src/shared/protocol/tasks';
import { readWav } from '../../../../support/wav';

/** A request in one line. */
const lineOf = ({ task, tokens, twice }: ReturnType<typeof requestsFor>[number]): string => {
  const target = task.kind === 'openai' ? task.path : `command ${typeof task.input === 'string' ? 'text/plain' : task.input.content_type}`;
  return `${target} ${tokens}${twice ? ' twice' : ''}`;
};

test.each([
  ['llm', ['/v1/chat/completions streamed', 'command text/plain none']],
  ['embedding', ['/v1/embeddings read twice', 'command text/plain none']],
  ['rerank', ['/v1/rerank read twice']],
  ['asr', ['/v1/audio/transcriptions none', 'command audio/wav none']],
  ['vad', ['command audio/wav none']],
  ['nmt', ['command text/plain none']],
  ['tts', ['command text/plain none']],
  ['emotion', []],
  ['image', []],
  ['other', []],
] as const)('requestsFor: kind %s', (kind, expected) => {
  expect(requestsFor('m', kind).map(lineOf)).toEqual(expected);
});

test('requestsFor: valid task for the model, below 64 KiB', () => {
  for (const { task } of MODEL_KINDS.flatMap((kind) => requestsFor('m', kind))) {
    expect(taskSchema.safeParse(task).success).toBe(true);
    expect(modelOfTask(task)).toBe('m');
    expect(JSON.stringify(task).length).toBeLessThan(64 * 1024);
  }
});

test('requestsFor: chat -> streamed, short, with usage', () => {
  expect(requestsFor('m', 'llm')[0]?.task).toMatchObject({
    body: { model: 'm', stream: true, max_tokens: 32, temperature: 0, stream_options: { include_usage: true } },
  });
});

test('requestsFor: audio -> one second of silence', () => {
  const task = requestsFor('m', 'vad')[0]?.task;
  if (task?.kind !== 'command' || typeof task.input === 'string' || !('base64' in task.input)) throw new Error('no audio');
  expect(readWav(Buffer.from(task.input.base64, 'base64'))).toEqual({
    channels: 1,
    sampleRate: 16_000,
    bitsPerSample: 16,
    seconds: 1,
    peak: 0,
  });
});
