// A translation that was made of its data answers as the first one.
import { expect, test } from 'vitest';
import type { AnswerTranslation } from '../../../../../../src/main/scheduler/api/client-apis/core/client-api';
import { translateMessages } from '../../../../../../src/main/scheduler/api/client-apis/core/messages/request';
import {
  chatTask,
  embeddingTask,
  embedTask,
  generateTask,
} from '../../../../../../src/main/scheduler/api/client-apis/core/ollama/translate';
import { nativeResponses } from '../../../../../../src/main/scheduler/api/client-apis/core/responses/native';
import { translateResponses } from '../../../../../../src/main/scheduler/api/client-apis/core/responses/translate';
import { translationDataSchema } from '../../../../../../src/main/scheduler/api/client-apis/core/translation-data';
import { translationOf } from '../../../../../../src/main/scheduler/api/client-apis/core/translation-of';
import { poolFailure } from '../../../../../../src/main/scheduler/api/openai/core/openai-error';

const facts = { id: 'job1', requestId: 'req_1', model: 'm', atWallMs: 1_700_000_000_000 };
const times = () => ({ atWallMs: 1_700_000_000_500, sinceRequestMs: 500 });
const asked = { asked: 'm:latest', times };
const messages = [{ role: 'user' as const, content: 'hello' }];

const response = {
  ...{ model: 'm', input: 'hello', instructions: 'Be brief.', temperature: 0.5, metadata: { a: 'b' }, stream: true },
  tools: [{ type: 'custom', name: 'run' }],
};

const valueOf = (made: { readonly ok: boolean; readonly value?: { readonly translated: AnswerTranslation } }): AnswerTranslation => {
  if (made.value === undefined) throw new Error('not translated');
  return made.value.translated;
};

const translated = (made: { readonly ok: boolean; readonly value?: AnswerTranslation }): AnswerTranslation => {
  if (made.value === undefined) throw new Error('not translated');
  return made.value;
};

const TRANSLATIONS: readonly (readonly [string, AnswerTranslation])[] = [
  ['messages', translated(translateMessages({ model: 'm', max_tokens: 9, messages }))],
  ['responses', translated(translateResponses(response, []))],
  ['native responses', nativeResponses(response)],
  ['ollama chat', chatTask({ model: 'm', messages }, asked).translated],
  ['ollama generate', valueOf(generateTask({ model: 'm', prompt: 'hello' }, asked))],
  ['ollama raw', valueOf(generateTask({ model: 'm', prompt: 'hello', raw: true }, asked))],
  ['ollama embed', embedTask({ model: 'm', input: 'hello' }, asked).translated],
  ['ollama embeddings', embeddingTask({ model: 'm', input: 'hello' }).translated],
];

const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'run', arguments: '{"input":"ls"}' } };
const CHUNKS = [
  { choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello' } }] },
  { type: 'response.created', response: { id: 'resp_of_server', status: 'in_progress' } },
  { choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: 'tool_calls' }] },
  { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } },
];
const ANSWERS = [
  { choices: [{ index: 0, message: { role: 'assistant', content: 'Hello', tool_calls: [call] }, finish_reason: 'tool_calls' }] },
  { data: [{ index: 0, embedding: [1, 2] }], usage: { prompt_tokens: 3 } },
  { id: 'resp_of_server', object: 'response', status: 'completed', output: [] },
];

/** All that clients see of it. */
function shownBy({ to, answer, stream }: AnswerTranslation): unknown {
  const events: unknown[] = [];
  let reducer = stream?.(facts);
  for (const chunk of CHUNKS) {
    const [next, some] = reducer?.next(chunk) ?? [undefined, []];
    events.push(some);
    reducer = next;
  }
  const failed = reducer?.fail(poolFailure('stream_broken'), 'en');
  return { to, answers: ANSWERS.map((each) => answer(each, facts)), events, end: reducer?.end(), failed };
}

test.each(TRANSLATIONS)('%s: made of its data, it answers the same', (_name, translation) => {
  const data = translationDataSchema.parse(JSON.parse(JSON.stringify(translation.data)));
  const made = translationOf(data, times);
  expect(made).not.toBeNull();
  expect(made === null ? null : shownBy(made)).toEqual(shownBy(translation));
});

test('data without the fields of its request makes no translation', () => {
  expect(translationOf({ name: 'responses', body: { tools: 'none' } }, times)).toBeNull();
  expect(translationOf({ name: 'native_responses', body: {} }, times)).toBeNull();
});
