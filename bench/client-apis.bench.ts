// The processor time of translating one event of a stream, and one request with the size of Claude Code's. README.md has a baseline.
import { expect, test } from 'vitest';
import { importBundled } from './bundled';
import type * as ClientApis from './client-apis';

const { startMessage, translateMessages } = (await importBundled('bench/client-apis.ts')) as typeof ClientApis;

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

test('an event of a stream: microseconds', () => {
  const perEvent =
    fastest(() => {
      let stream = startMessage(FACTS);
      for (let i = 0; i < EVENTS; i++) [stream] = stream.next(chunk);
    }) / EVENTS;
  console.table([{ operation: 'Messages API, event of a stream', µs: perEvent.toPrecision(3) }]);
  expect(perEvent).toBeLessThan(MICROSECONDS_PER_EVENT);
});

test('a request with 30 tools and 200 messages: milliseconds', () => {
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
  const request = { model: 'm', max_tokens: 9, system: 'x'.repeat(15_000), tools, messages };
  expect(translateMessages(request).ok).toBe(true);
  const all = fastest(() => {
    for (let i = 0; i < REQUESTS; i++) translateMessages(request);
  });
  const perRequest = all / REQUESTS / 1000;
  console.table([{ operation: 'Messages API, request', ms: perRequest.toPrecision(3) }]);
  expect(perRequest).toBeLessThan(MILLISECONDS_PER_REQUEST);
});
