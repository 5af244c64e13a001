// Responses of a model server that has the API itself: what it gets, and what the client sees of its answer.
import { expect, it } from 'vitest';
import {
  asOwnResponse,
  nativeBody,
  nativeResponses,
  NativeStream,
} from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/native';
import { notingEnd } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/noted-end';
import { responsesBodySchema } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/request';
import { poolFailure } from '../../../../../../../src/main/scheduler/api/openai/core/openai-error';
import { FACTS } from './recordings';

const body = (change: object) => responsesBodySchema.parse({ model: 'm', input: 'hello', ...change });
const said = [{ type: 'message', role: 'user', content: 'first' }];

it.each<[string, object, readonly Record<string, unknown>[], object]>([
  ['alone -> the same input, not stored', { temperature: 1, store: true }, [], { input: 'hello', temperature: 1, store: false }],
  ['in the background -> not there', { background: true }, [], { input: 'hello', store: false }],
  [
    'after another one -> the whole conversation',
    { previous_response_id: 'resp_0' },
    said,
    { input: [...said, { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] }], store: false },
  ],
])('request: %s', (_, fields, context, sent) => {
  expect(nativeBody(body(fields), context)).toEqual({ model: 'm', ...sent });
});

it('answer: the id and what the pool decides -> of the pool; all else -> of the server', () => {
  const answer = { id: 'resp_server', object: 'response', store: false, output: [{ type: 'odd' }], previous_response_id: null };
  const own = asOwnResponse(answer, body({ previous_response_id: 'resp_0' }), FACTS);
  expect(own).toEqual({ ...answer, id: 'resp_1', store: true, background: false, previous_response_id: 'resp_0' });
});

it('stream: events -> the same events with the id of the pool; a break -> error and response.failed', () => {
  const created = { type: 'response.created', sequence_number: 0, response: { id: 'resp_server', status: 'in_progress' } };
  const delta = { type: 'response.output_text.delta', sequence_number: 1, delta: 'a', more: [1] };
  const own = { id: 'resp_1', status: 'in_progress', store: true, background: false, previous_response_id: null };
  const [first, events] = new NativeStream(body({}), FACTS).next(created);
  expect(events).toEqual([{ name: 'response.created', data: { ...created, response: own } }]);
  const [second, more] = first.next(delta);
  expect(more).toEqual([{ name: 'response.output_text.delta', data: delta }]);
  expect(second.end()).toEqual([]);
  const message = 'the stream was interrupted';
  expect(second.fail(poolFailure('stream_broken'), 'en').map(({ data }) => data)).toEqual([
    { type: 'error', sequence_number: 2, code: 'stream_broken', message, param: null },
    { type: 'response.failed', sequence_number: 3, response: { ...own, status: 'failed', error: { code: 'server_error', message } } },
  ]);
});

it('kept: the first response that ended, with a status and an output -> noted once', () => {
  const noted: unknown[] = [];
  const translation = notingEnd(nativeResponses(body({})), ({ output }) => noted.push(output));
  const event = (response: object) => ({ type: 'response.completed', response });
  let stream = translation.stream?.(FACTS);
  for (const response of [
    { output: [0] },
    { status: 'completed', output: 'a' },
    { status: 'completed', output: [1] },
    { status: 'completed', output: [2] },
  ])
    stream = stream?.next(event(response))[0];
  expect(noted).toEqual([[1]]);
  for (const response of [{ output: [3] }, { status: 'completed' }, { status: 'completed', output: [4] }])
    expect(translation.answer(response, FACTS)).toMatchObject(response);
  expect(noted).toEqual([[1], [4]]);
});
