// Which requests are sent to which programs: few to unknown ones, none that starts work, and no answer makes the parser throw.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExchangeFailure, ProbeAnswer } from '../../../../../src/main/runtimes/core/servers/answers';
import { FIRST_PATHS, SERVER_TYPES, nextPaths, recognise, faultIn } from '../../../../../src/main/runtimes/core/servers/recognise';
import { RUNTIME_TYPES } from '../../../../../src/shared/api/agent-view';
import { ALL_PATHS } from './probe-with';
import { failed, json, text } from '../../../../support/stand-ins/answers';
import { LLAMA_MODELS, LLAMA_PROPS } from '../../../../support/stand-ins/llama-cpp';
import { LM_V1 } from '../../../../support/stand-ins/lm-studio';
import { OLLAMA_TAGS } from '../../../../support/stand-ins/ollama';

const PAGE = text('<html>');
const REST = ALL_PATHS.filter((path) => !FIRST_PATHS.includes(path));

test.each<[string, ProbeAnswer, ProbeAnswer, boolean, readonly string[]]>([
  ['web application', text('<html>'), PAGE, false, []],
  ['no answer', failed('timeout'), failed('timeout'), true, []],
  ['configured web application', text('<html>', 404), PAGE, true, REST],
  ['API', json({ error: 'x' }, 404), PAGE, false, REST],
  ['API that requires a key', text('', 401, { challenge: 'Bearer' }), PAGE, false, REST],
  ['Ollama without OpenAI’s list', text('404 page not found', 404), text('Ollama is running'), false, REST],
])('nextPaths: %s', (_title, list, page, named, expected) => {
  expect(FIRST_PATHS).toHaveLength(2);
  expect(nextPaths({ '/v1/models': list, '/': page }, named)).toEqual(expected);
});

test('requests: none wakes, loads or pins a model; none to an unknown program can start work', () => {
  for (const path of ALL_PATHS) expect(path).not.toMatch(/slots|\?model=|load|generate|metrics|health$/);
  const followUps = SERVER_TYPES.flatMap((type) => type.followUps?.({ '/api/tags': json(OLLAMA_TAGS) }) ?? []);
  const requests = followUps.map((request) => (typeof request === 'string' ? request : `POST ${request.path}`));
  expect([...new Set(requests)].sort()).toEqual(['/health', '/models', 'POST /api/show']);
});

test.each<[string, Record<string, ProbeAnswer>, string | null]>([
  ['all answered', { '/': PAGE, '/v1/models': json({}, 404) }, null],
  ['request failed', { '/v1/models': failed('timeout'), '/': PAGE }, 'timeout'],
  ['server error', { '/v1/models': json({}, 502) }, 'http_502'],
  ['page too large', { '/': failed('too_large'), '/v1/models': json({}) }, null],
  ['list too large', { '/v1/models': failed('too_large') }, 'too_large'],
])('faultIn: %s', (_title, answers, expected) => {
  expect(faultIn(answers)).toBe(expected);
});

test('SERVER_TYPES: every runtime type except the model folders', () => {
  const names = new Set(['folders', ...SERVER_TYPES.map(({ name }) => name)]);
  expect([...names].toSorted()).toEqual([...RUNTIME_TYPES].toSorted());
});

test('server types: random answers -> no exception, valid model ids', () => {
  const body = fc.oneof(
    fc.json().map((value) => JSON.parse(value) as unknown),
    fc.constantFrom<unknown>(LLAMA_MODELS, LM_V1, OLLAMA_TAGS, LLAMA_PROPS),
  );
  const answered = fc.constant('answered' as const);
  const answer: fc.Arbitrary<ProbeAnswer> = fc.oneof(
    fc.record({
      kind: answered,
      status: fc.constantFrom(200, 401, 404, 500, 503),
      json: body,
      text: fc.string(),
      asksForKey: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('failed' as const), code: fc.constantFrom<ExchangeFailure>('timeout', 'refused') }),
  );
  const shaped = fc.record({
    kind: answered,
    status: fc.constant(200),
    text: fc.string(),
    json: fc.dictionary(fc.constantFrom('data', 'models', 'version', 'error', 'role'), fc.oneof(fc.array(body), body)),
    asksForKey: fc.constant(false),
  });
  const paths = [...ALL_PATHS, '/health', '/models'];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...paths), fc.oneof(answer, shaped)), (answers) => {
      recognise(answers);
      for (const type of SERVER_TYPES) {
        type.followUps?.(answers);
        for (const { modelId } of type.read(answers).models) expect(modelId.length).toBeLessThanOrEqual(256);
      }
    }),
  );
});
