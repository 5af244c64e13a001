// Streams of the Responses API by a chat completion: event by event against recordings, whole answers, and any cuts of the chat stream.
import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../../../../../../support/cpu-time';
import type { StreamTranslation, Translated } from '../../../../../../../src/main/scheduler/api/client-apis/core/client-api';
import { responsesBodySchema } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/request';
import { responseIn, translateResponses } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/translate';
import { poolFailure } from '../../../../../../../src/main/scheduler/api/openai/core/openai-error';
import { chunk, FACTS, RECORDINGS, type Recording, response, TEXT, TWO_CALLS } from './recordings';

type Json = Readonly<Record<string, unknown>>;

function translated(request: Json): Translated {
  const result = translateResponses(responsesBodySchema.parse(request), []);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function eventsOf(request: Json, chunks: readonly Json[]): Json[] {
  let stream: StreamTranslation = translated(request).stream(FACTS);
  const events: Json[] = [];
  for (const each of chunks) {
    const [next, more] = stream.next(each);
    stream = next;
    events.push(...more.map(({ data }) => data as Json));
  }
  return [...events, ...stream.end().map(({ data }) => data as Json)];
}

it.each(Object.entries(RECORDINGS))('stream: %s -> the events of the recording', (_, { request, chunks, events }) => {
  expect(eventsOf(request, chunks)).toEqual(events.map((event, sequence) => ({ ...event, sequence_number: sequence })));
});

it('stream: each event -> its type is its name', () => {
  const [, events] = translated(TEXT.request)
    .stream(FACTS)
    .next(chunk({ content: 'a' }));
  expect(events.map(({ name }) => name)).toEqual(events.map(({ data }) => (data as Json)['type']));
});

/** The message of a completion whose stream has these chunks. */
function messageOf(chunks: readonly Json[]): Json {
  const message: Record<string, unknown> = { role: 'assistant', content: null };
  const calls: Record<string, unknown>[] = [];
  let finish: unknown = null;
  let usage: unknown;
  for (const { choices, usage: counted } of chunks as { choices: { delta: Json; finish_reason: unknown }[]; usage?: unknown }[]) {
    usage = counted ?? usage;
    for (const { delta, finish_reason: reason } of choices) {
      finish = reason ?? finish;
      for (const name of ['content', 'reasoning_content', 'refusal'])
        if (typeof delta[name] === 'string') message[name] = `${(message[name] as string | null) ?? ''}${delta[name]}`;
      for (const { index, function: called, ...rest } of (delta['tool_calls'] ?? []) as { index: number; function: Json }[]) {
        const known = (calls[index] ??= { ...rest, function: { name: called['name'], arguments: '' } });
        const before = known['function'] as { name: string; arguments: string };
        known['function'] = { ...before, arguments: before.arguments + ((called['arguments'] as string | undefined) ?? '') };
      }
    }
  }
  return {
    choices: [{ index: 0, message: { ...message, ...(calls.length === 0 ? {} : { tool_calls: calls }) }, finish_reason: finish }],
    usage,
  };
}

it.each(Object.entries(RECORDINGS))('whole answer: %s -> the response of the last event', (_, { request, chunks, events }) => {
  expect(translated(request).answer(messageOf(chunks), FACTS)).toEqual(responseIn(events.at(-1)));
});

it.each([null, {}, { choices: [] }, { choices: [{ delta: {} }] }, 'text'])('whole answer: %j -> not readable', (completion) => {
  expect(translated(TEXT.request).answer(completion, FACTS)).toBeNull();
});

it('answer: empty -> one empty message', () => {
  const answer = translated(TEXT.request).answer({ choices: [{ message: { content: '' } }] }, FACTS);
  expect(answer).toMatchObject({ status: 'completed', output: [{ type: 'message', content: [{ type: 'output_text', text: '' }] }] });
});

it('answer: logprobs and citations -> in the text, in the form of the Responses API', () => {
  const top = { token: 'a', logprob: -0.1, bytes: [97] };
  const url_citation = { url: 'https://e.org', title: 't', start_index: 0, end_index: 1 };
  const message = { content: 'a', annotations: [{ type: 'url_citation', url_citation }] };
  const logprobs = { content: [{ token: 'a', logprob: -0.1, bytes: null, top_logprobs: [top] }] };
  const answer = translated({ ...TEXT.request, top_logprobs: 1 }).answer({ choices: [{ message, logprobs }] }, FACTS);
  expect(answer).toMatchObject({
    output: [
      {
        content: [
          {
            annotations: [{ type: 'url_citation', ...url_citation }],
            logprobs: [{ token: 'a', logprob: -0.1, bytes: [], top_logprobs: [top] }],
          },
        ],
      },
    ],
  });
});

it('stream: breaks after an item -> error, then response.failed with that item', () => {
  const [half] = translated(TWO_CALLS.request)
    .stream(FACTS)
    .next(chunk({ content: 'a' }));
  const [rest] = half.next(chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'search', arguments: '{' } }] }));
  const events = rest.fail(poolFailure('stream_broken'), 'en');
  const message = 'the stream was interrupted';
  expect(events.map(({ name, data }) => [name, data])).toEqual([
    ['error', { type: 'error', sequence_number: 10, code: 'stream_broken', message, param: null }],
    [
      'response.failed',
      {
        type: 'response.failed',
        sequence_number: 11,
        response: {
          ...response({ status: 'failed', error: { code: 'server_error', message }, tools: TWO_CALLS.request['tools'] }),
          output: [expect.objectContaining({ type: 'message', status: 'completed' })],
        },
      },
    ],
  ]);
});

it.each<[string, Json, Json]>([
  [
    'a command that is none',
    { name: 'local_shell', arguments: 'rm -rf' },
    { type: 'function_call', name: 'local_shell', arguments: 'rm -rf' },
  ],
  ['a custom input that is no JSON', { name: 'apply_patch', arguments: '*** B' }, { type: 'custom_tool_call', input: '*** B' }],
  ['a tool that the request does not have', { name: 'other', arguments: '{}' }, { type: 'function_call', name: 'other', arguments: '{}' }],
  ['a name with a namespace', { name: 'mcp__git__log', arguments: '{}' }, { type: 'function_call', name: 'log', namespace: 'mcp__git' }],
])('call: %s -> passed on', (_, called, item) => {
  const namespace = { type: 'namespace', name: 'mcp__git', tools: [{ type: 'function', name: 'log' }] };
  const request = { ...TEXT.request, tools: [{ type: 'custom', name: 'apply_patch' }, { type: 'local_shell' }, namespace] };
  const message = { content: null, tool_calls: [{ id: 'c', function: called }] };
  expect(translated(request).answer({ choices: [{ message }] }, FACTS)).toMatchObject({ output: [item] });
});

it('calls: alternating arguments, equal numbers, no id, arguments after the end -> every call is whole', () => {
  const of = (...tool_calls: Json[]) => chunk({ tool_calls });
  const outputOf = (...chunks: Json[]) => (responseIn(eventsOf(TWO_CALLS.request, chunks).at(-1)) as { output: Json[] }).output;
  const search = expect.objectContaining({ name: 'search', arguments: '{"a":1}' });
  const weather = expect.objectContaining({ name: 'weather', arguments: '{"b":2}' });
  const first = { index: 0, id: 'x', function: { name: 'search', arguments: '{"a"' } };
  const second = { index: 1, id: 'y', function: { name: 'weather', arguments: '{"b"' } };
  const rest = [
    { index: 0, function: { arguments: ':1}' } },
    { index: 1, function: { arguments: ':2}' } },
  ] as const;
  expect(outputOf(of(first), of(second), of(rest[0]), of(rest[1]))).toEqual([search, weather]);
  const whole = [
    { index: 0, id: 'x', function: { name: 'search', arguments: '{"a":1}' } },
    { index: 0, id: 'y', function: { name: 'weather', arguments: '{"b":2}' } },
  ];
  expect(outputOf(...whole.map((each) => of(each)))).toEqual([search, weather]);
  const nameless = whole.map(({ function: called }) => ({ function: called }));
  expect(outputOf(of(...nameless))).toEqual([
    expect.objectContaining({ name: 'search', call_id: 'call_1_0' }),
    expect.objectContaining({ name: 'weather', call_id: 'call_1_1' }),
  ]);
  expect(outputOf(of(whole[0] ?? {}), chunk({ content: 'a' }), of({ index: 0, function: { arguments: ' ' } }))).toHaveLength(2);
});

const outputOf = (events: readonly Json[]): Json[] => (responseIn(events.at(-1)) as { output: Json[] }).output;

describe('limits: items of an answer', () => {
  const textsOf = (count: number) =>
    Array.from({ length: count }, (_, index) => chunk(index % 2 === 0 ? { content: 'a' } : { reasoning_content: 'b' }));
  const callsOf = (count: number, args = '{"a":1}') => ({
    tool_calls: Array.from({ length: count }, (_, index) => ({ index, function: { name: 'f', arguments: args } })),
  });

  it.each([
    ['texts', textsOf(1024)],
    ['calls', [chunk(callsOf(1024))]],
  ])('1,024 %s -> all of them, in little time', (_title, chunks) => {
    let events: readonly Json[] = [];
    expect(cpuMsOf(() => (events = eventsOf(TEXT.request, chunks)))).toBeLessThan(200);
    expect(outputOf(events)).toHaveLength(1024);
  });

  it.each([
    ['texts', textsOf(1025)],
    ['calls', [chunk(callsOf(1025))]],
    [
      'calls by chunks',
      Array.from({ length: 1025 }, (_, index) => chunk({ tool_calls: callsOf(1025).tool_calls.slice(index, index + 1) })),
    ],
    ['calls after a text', [chunk({ content: 'a' }), chunk(callsOf(1024))]],
    ['calls that are not complete', [chunk(callsOf(20_000, '{'))]],
  ])('more than 1,024 %s -> the stream is broken, in little time', (_title, chunks) => {
    let stream = translated(TEXT.request).stream(FACTS);
    const cpuMs = cpuMsOf(() => {
      for (const each of chunks) [stream] = stream.next(each);
    });
    expect([stream.isBroken, cpuMs < 200]).toEqual([true, true]);
  });

  it('more than 1,024 calls in a whole answer -> not readable', () => {
    const whole = (count: number) =>
      translated(TEXT.request).answer({ choices: [{ index: 0, message: callsOf(count), finish_reason: 'tool_calls' }] }, FACTS);
    expect(whole(1024)).not.toBeNull();
    expect(whole(1025)).toBeNull();
  });
});

it('limits: annotations and logprobs without end -> the rest is left out, the text is whole', () => {
  const url_citation = { url: 'u', title: 't', start_index: 0, end_index: 1 };
  const annotations = Array.from({ length: 100 }, () => ({ type: 'url_citation', url_citation }));
  const top = { token: 'a', logprob: 0 };
  const logprobs = { content: [{ ...top, top_logprobs: Array.from({ length: 15 }, () => top) }] };
  const each = { choices: [{ index: 0, delta: { content: 'a', annotations }, logprobs }] };
  const chunks = Array.from({ length: 3000 }, (_, index) =>
    index < 20 ? each : { choices: [{ ...each.choices[0], delta: { content: 'a' } }] },
  );
  const [message] = outputOf(eventsOf(TEXT.request, chunks)) as [
    { content: [{ text: string; annotations: unknown[]; logprobs: unknown[] }] },
  ];
  const [part] = message.content;
  expect([part.text.length, part.annotations.length, part.logprobs.length]).toEqual([3000, 1024, 2048]);
});

it('first events: large fields of the request -> only in the last event', () => {
  const events = eventsOf({ ...TEXT.request, instructions: 'x'.repeat(300_000), metadata: { a: 'b' } }, [chunk({ content: 'a' })]);
  const responses = events.filter(({ response: each }) => each !== undefined).map(({ response: each }) => each as Json);
  expect(responses.map(({ instructions, metadata }) => [(instructions as string | null)?.length, metadata])).toEqual([
    [undefined, { a: 'b' }],
    [undefined, { a: 'b' }],
    [300_000, { a: 'b' }],
  ]);
});

/** A small generator of random numbers with a seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** The same deltas in other pieces: texts and arguments are cut anywhere, and empty deltas are put between them. */
function cut({ chunks }: Recording, next: () => number): Json[] {
  const pieces = (text: string): string[] => {
    const all: string[] = [];
    for (let rest = text; rest !== '';) {
      const length = 1 + Math.floor(next() * rest.length);
      all.push(rest.slice(0, length));
      rest = rest.slice(length);
    }
    return all;
  };
  return chunks.flatMap((each) => {
    const { delta, finish_reason: finish } = ((each['choices'] as Json[])[0] ?? {}) as { delta?: Json; finish_reason?: string | null };
    const name = ['content', 'reasoning_content', 'refusal'].find((key) => typeof delta?.[key] === 'string' && delta[key] !== '');
    const empty = next() < 0.3 ? [chunk({ content: '' }), {}] : [];
    if (delta !== undefined && name !== undefined)
      return [...empty, ...pieces(String(delta[name])).map((piece) => chunk({ [name]: piece }, finish ?? null))];
    const [call] = (delta?.['tool_calls'] ?? []) as { index: number; function: Json }[];
    if (call === undefined) return [...empty, each];
    const [first = '', ...rest] = pieces(String(call.function['arguments']));
    const more = rest.map((piece) => chunk({ tool_calls: [{ index: call.index, function: { arguments: piece } }] }));
    return [...empty, chunk({ tool_calls: [{ ...call, function: { ...call.function, arguments: first } }] }), ...more];
  });
}

/** Deltas that follow each other are one. */
function joined(events: readonly Json[]): Json[] {
  const all: Json[] = [];
  for (const { sequence_number: _, ...event } of events) {
    const last = all.at(-1);
    if (last !== undefined && last['type'] === event['type'] && typeof event['delta'] === 'string')
      all[all.length - 1] = { ...last, delta: `${String(last['delta'])}${event['delta']}` };
    else all.push(event);
  }
  return all;
}

it.each(Object.entries(RECORDINGS))('fuzz: %s in any pieces -> the same events, whose numbers have no gap', (_, recording) => {
  for (let seed = 1; seed <= 300; seed++) {
    const events = eventsOf(recording.request, cut(recording, random(seed)));
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((__, index) => index));
    expect(joined(events)).toEqual(joined(recording.events));
  }
});
