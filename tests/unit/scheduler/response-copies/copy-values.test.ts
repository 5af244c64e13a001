// A response as the head and the values of its copy, and back.
import { expect, it } from 'vitest';
import { responsesBodySchema } from '../../../../src/main/scheduler/api/client-apis/core/responses/request';
import { copySchema } from '../../../../src/main/scheduler/response-copies/core/copy-records';
import {
  copyOfKept,
  copyOfRunning,
  keptOf as keptIn,
  runningOf as runningIn,
} from '../../../../src/main/scheduler/response-copies/core/copy-values';
import { keptOf, runningOf } from '../../../support/copied-responses';

const ID = 'resp_1';
const overWire = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
const kept = { ...keptOf(ID, 'hi', ['before']), id: ID, holder: null, size: 9, sinceMonotonicMs: 1 };

/** As the other side reads it. */
function readOf(sent: ReturnType<typeof copyOfKept> | ReturnType<typeof copyOfRunning>) {
  const { head, values } = overWire(sent);
  const { copy } = copySchema.parse({ copy: head, is_last: true });
  if (copy === null) throw new Error('no head');
  return copy.kind === 'kept' ? keptIn(copy, values) : runningIn(copy, values);
}

it('kept response -> the same on the other side', () => {
  expect(readOf(copyOfKept(kept, 5))).toEqual(keptOf(ID, 'hi', ['before']));
});

it.each<[string, Record<string, unknown>]>([
  ['without output', { id: ID }],
  ['with an output that is not of items', { id: ID, output: ['x'] }],
])('kept response %s -> the same on the other side', (_, response) => {
  const sent = { ...kept, response, output: [] };
  expect(readOf(copyOfKept(sent, 5))).toMatchObject({ response, output: [] });
});

it.each([
  ['a text', 'hello'],
  ['items', [{ role: 'user', content: 'a' }, { type: 'item' }]],
  ['no items', []],
])('running request, its input is %s -> the same on the other side', (_, input) => {
  const body = responsesBodySchema.parse({ model: 'm', input, background: true });
  const request = runningOf('1', { body, translation: { name: 'native_responses', body: { ...body, input: '' } } });
  expect(readOf(copyOfRunning(request))).toEqual(request);
  expect(readOf(copyOfRunning({ ...request, translation: null, holder: null }))).toMatchObject({ translation: null, holder: null });
});

const head = copyOfKept(kept, 5).head;
it.each<[string, object, readonly unknown[]]>([
  ['another id', {}, [{ id: 'resp_2' }]],
  ['more input than items', { input: 9 }, copyOfKept(kept, 5).values],
  ['a value that is no object', {}, [...copyOfKept(kept, 5).values, 'x']],
  ['no response', {}, []],
])('kept response of another form: %s -> none', (_, change, values) => {
  expect(keptIn({ ...head, ...change }, values)).toBeNull();
});

it.each<[string, object, readonly unknown[]]>([
  ['more input than items', { input: 9 }, [{ model: 'm' }]],
  ['no model', {}, [{ input: 'x' }]],
  ['facts of another response', { id: 'resp_2' }, [{ model: 'm', input: 'x' }]],
  ['a header that no server gets', { headers: { traceparent: 'no' } }, [{ model: 'm', input: 'x' }]],
])('running request of another form: %s -> none', (_, change, values) => {
  expect(runningIn({ ...copyOfRunning(runningOf('1')).head, ...change }, values)).toBeNull();
});

it.each([
  ['id', { id: 'resp_../x' }],
  ['age', { age_ms: 1e12 }],
  ['holder', { holder: 'x'.repeat(300) }],
  ['kind', { kind: 'other' }],
])('head with a wrong %s -> refused', (_, change) => {
  expect(copySchema.safeParse({ copy: { ...head, ...change }, is_last: true }).success).toBe(false);
});
