// Who is asked what: a stranger little, nobody anything that would be work, and no answer breaks the reading.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExchangeFailure, ProbeAnswer } from '../../../../../src/main/runtimes/core/servers/answers';
import { FIRST_PATHS, FLAVOURS, morePaths, recognise, troubleIn } from '../../../../../src/main/runtimes/core/servers/recognise';
import { RUNTIME_FLAVOURS } from '../../../../../src/shared/api/agent-view';
import { ALL_PATHS } from '../../../../support/flavour-look';
import { failed, json, text } from '../../../../support/stand-ins/answers';
import { LLAMA_MODELS, LLAMA_PROPS } from '../../../../support/stand-ins/llama-cpp';
import { LM_V1 } from '../../../../support/stand-ins/lm-studio';
import { OLLAMA_TAGS } from '../../../../support/stand-ins/ollama';

const PAGE = text('<html>');
const REST = ALL_PATHS.filter((path) => !FIRST_PATHS.includes(path));

test.each<[string, ProbeAnswer, ProbeAnswer, boolean, readonly string[]]>([
  ['a web application', text('<html>'), PAGE, false, []],
  ['what does not answer', failed('timeout'), failed('timeout'), true, []],
  ['a web application that its owner named', text('<html>', 404), PAGE, true, REST],
  ['an API', json({ error: 'x' }, 404), PAGE, false, REST],
  ['an API that wants a key', text('', 401, { challenge: 'Bearer' }), PAGE, false, REST],
  ['an Ollama without OpenAI’s list', text('404 page not found', 404), text('Ollama is running'), false, REST],
])('after two questions %s is asked no more than it should be', (_what, list, page, named, expected) => {
  expect(FIRST_PATHS).toHaveLength(2);
  expect(morePaths({ '/v1/models': list, '/': page }, named)).toEqual(expected);
});

test('nothing is asked that wakes, loads or pins a model, and a stranger nothing that is work elsewhere', () => {
  for (const path of ALL_PATHS) expect(path).not.toMatch(/slots|\?model=|load|generate|metrics|health$/);
  const later = FLAVOURS.flatMap((flavour) => flavour.later?.({ '/api/tags': json(OLLAMA_TAGS) }) ?? []);
  const asked = later.map((question) => (typeof question === 'string' ? question : `POST ${question.path}`));
  expect([...new Set(asked)].sort()).toEqual(['/health', '/models', 'POST /api/show']);
});

test.each<[string, Record<string, ProbeAnswer>, string | null]>([
  ['nothing', { '/': PAGE, '/v1/models': json({}, 404) }, null],
  ['a question without an answer', { '/v1/models': failed('timeout'), '/': PAGE }, 'timeout'],
  ['a fault of the server', { '/v1/models': json({}, 502) }, 'http_502'],
  ['a page that is too large', { '/': failed('too_large'), '/v1/models': json({}) }, null],
  ['a list that is too large', { '/v1/models': failed('too_large') }, 'too_large'],
])('%s is the trouble of a look as it is', (_what, answers, expected) => {
  expect(troubleIn(answers)).toBe(expected);
});

test('every flavour is looked for, but the model folders', () => {
  const names = new Set(['folders', ...FLAVOURS.map(({ name }) => name)]);
  expect([...names].toSorted()).toEqual([...RUNTIME_FLAVOURS].toSorted());
});

test('whatever a server answers, reading it never throws and every model id is one that the protocol takes', () => {
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
      for (const flavour of FLAVOURS) {
        flavour.later?.(answers);
        for (const { modelId } of flavour.read(answers).models) expect(modelId.length).toBeLessThanOrEqual(256);
      }
    }),
  );
});
