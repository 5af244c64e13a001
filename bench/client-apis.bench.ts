// The processor time of translating one event of a stream, and one request with the size of Claude Code's or Codex's. README.md has a baseline.
import { expect, test } from 'vitest';
import { importBundled } from './bundled';
import type { StreamTranslation } from '../src/main/scheduler/api/client-apis/core/client-api';
import type * as ClientApis from './client-apis';

const { chatSchema, chatTask, responsesBodySchema, startLines, startMessage, translateMessages, translateResponses } = (await importBundled(
  'bench/client-apis.ts',
)) as typeof ClientApis;

const ROUNDS = 5;
/** Each round takes long enough that the resolution of the clock does not matter. */
const EVENTS = 300_000;
const REQUESTS = 200;
const MICROSECONDS_PER_EVENT = 20;
const MILLISECONDS_PER_REQUEST = 15;
const FACTS = { id: 'abc', requestId: 'req_1', model: 'm', atWallMs: 0 };
const chunk = { choices: [{ index: 0, delta: { content: ' word' }, finish_reason: null }] };

const processorMicroseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Of the fastest round. */
function fastest(run: () => void): number {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = processorMicroseconds();
    run();
    least = Math.min(least, processorMicroseconds() - before);
  }
  return least;
}

function startResponse(): StreamTranslation {
  const translated = translateResponses(responsesBodySchema.parse({ model: 'm', input: 'hello' }), []);
  if (!translated.ok) throw new Error(translated.error.reason);
  return translated.value.stream(FACTS);
}

const NOW = { atWallMs: 0, sinceRequestMs: 0 };

test.each<[string, () => StreamTranslation]>([
  ['Messages API', () => startMessage(FACTS)],
  ['Responses API', startResponse],
  ["Ollama's API", () => startLines('chat', 'm', FACTS, () => NOW)],
])('%s: an event of a stream, microseconds', (api, start) => {
  const perEvent =
    fastest(() => {
      let stream = start();
      for (let i = 0; i < EVENTS; i++) [stream] = stream.next(chunk);
    }) / EVENTS;
  console.table([{ operation: `${api}, event of a stream`, µs: perEvent.toPrecision(3) }]);
  expect(perEvent).toBeLessThan(MICROSECONDS_PER_EVENT);
});

/** 30 tools and 200 messages. */
const BIG = (() => {
  const properties = Object.fromEntries(
    Array.from({ length: 8 }, (_none, at) => [`field${String(at)}`, { type: 'string', description: 'x'.repeat(80) }]),
  );
  const tools = Array.from({ length: 30 }, (_none, at) => ({
    name: `tool${String(at)}`,
    description: 'x'.repeat(2000),
    input_schema: { type: 'object', properties },
  }));
  const turn = [
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'x'.repeat(300) },
        { type: 'tool_use', id: 't', name: 'tool1', input: { field1: 'x'.repeat(300) } },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'x'.repeat(2000) }] },
  ];
  const messages = Array.from({ length: 100 }, () => turn).flat();
  const items = Array.from({ length: 100 }, () => [
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'x'.repeat(300) }] },
    { type: 'function_call', call_id: 't', name: 'tool1', arguments: 'x'.repeat(300) },
    { type: 'function_call_output', call_id: 't', output: 'x'.repeat(2000) },
  ]).flat();
  const lines = Array.from({ length: 100 }, () => [
    { role: 'assistant', content: 'x'.repeat(300), tool_calls: [{ function: { name: 'tool1', arguments: { field1: 'x'.repeat(300) } } }] },
    { role: 'tool', tool_name: 'tool1', content: 'x'.repeat(2000) },
  ]).flat();
  const functions = tools.map(({ input_schema: parameters, ...tool }) => ({ type: 'function', function: { ...tool, parameters } }));
  return {
    ollama: { model: 'm', tools: functions, messages: lines },
    messages: { model: 'm', max_tokens: 9, system: 'x'.repeat(15_000), tools, messages },
    responses: {
      model: 'm',
      instructions: 'x'.repeat(15_000),
      tools: tools.map(({ input_schema: parameters, ...tool }) => ({ type: 'function', ...tool, parameters })),
      input: items,
    },
  };
})();

test.each<[string, () => unknown]>([
  ['Messages API', () => translateMessages(BIG.messages)],
  ['Responses API', () => translateResponses(responsesBodySchema.parse(BIG.responses), [])],
  ["Ollama's API", () => ({ ok: true, value: chatTask(chatSchema.parse(BIG.ollama), { asked: 'm', times: () => NOW }) })],
])('%s: a request with 30 tools and 200 messages, milliseconds', (api, translate) => {
  expect(translate()).toMatchObject({ ok: true });
  const all = fastest(() => {
    for (let i = 0; i < REQUESTS; i++) translate();
  });
  const perRequest = all / REQUESTS / 1000;
  console.table([{ operation: `${api}, request`, ms: perRequest.toPrecision(3) }]);
  expect(perRequest).toBeLessThan(MILLISECONDS_PER_REQUEST);
});
