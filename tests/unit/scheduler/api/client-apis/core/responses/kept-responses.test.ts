// Kept responses: for whom, for how long, how many; and the lists of their inputs.
import { expect, it } from 'vitest';
import { cpuMsOf } from '../../../../../../support/cpu-time';
import { listInput } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/input-items';
import {
  KEEP_MS,
  type KeptLimits,
  KeptResponses,
} from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/kept-responses';
import { responsesBodySchema } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/request';
import { memoryOf } from '../../../../../../../src/shared/value-size';
import { withItems } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/resolve-references';

const kept = (text = 'hi', id = 'msg_1') => {
  const item = { type: 'message', id, role: 'assistant', content: text };
  return { response: { output: [item] }, input: [], output: [item], conversation: [item] };
};
const limits = (change: Partial<KeptLimits>) => ({ responsesPerKey: 10, sizePerKey: 20_000, sizeOfAll: 100_000, ...change });
const idsOf = (all: KeptResponses, holder: string | null, ids: readonly string[]) => ids.filter((id) => all.get(holder, id) !== null);

it('response: another key, or none -> unknown to it', () => {
  const all = new KeptResponses();
  all.keep('key-1', 'a', kept(), 0);
  expect(all.get('key-1', 'a')).toMatchObject(kept());
  for (const other of ['key-2', null]) {
    expect(all.get(other, 'a')).toBeNull();
    expect(all.items(other).size).toBe(0);
  }
  expect(all.items('key-1').get('msg_1')).toMatchObject({ id: 'msg_1' });
  expect(all.delete('a')).toBe(true);
  expect(all.delete('a')).toBe(false);
  expect(all.get('key-1', 'a')).toBeNull();
});

it('response: an hour later, or deleted -> gone', () => {
  const all = new KeptResponses();
  expect(all.nextExpiryMonotonicMs()).toBeNull();
  all.keep('key-1', 'a', kept(), 0);
  all.keep('key-2', 'b', kept(), 5);
  expect(all.nextExpiryMonotonicMs()).toBe(KEEP_MS);
  all.expire(KEEP_MS - 1);
  expect(idsOf(all, 'key-1', ['a'])).toEqual(['a']);
  all.expire(KEEP_MS);
  expect(idsOf(all, 'key-1', ['a'])).toEqual([]);
  expect(idsOf(all, 'key-2', ['b'])).toEqual(['b']);
  expect(all.idsOf('key-2')).toEqual(['b']);
  all.delete('b');
  expect(all.nextExpiryMonotonicMs()).toBeNull();
});

it('response: kept later than one that is younger -> gone in its own hour; kept again -> counted once', () => {
  const all = new KeptResponses(limits({ responsesPerKey: 2 }));
  all.keep('key-1', 'young', kept(), 10);
  all.keep('key-1', 'old', kept(), 0);
  all.keep('key-1', 'old', kept(), 0);
  expect(idsOf(all, 'key-1', ['young', 'old'])).toEqual(['young', 'old']);
  expect(all.nextExpiryMonotonicMs()).toBe(KEEP_MS);
  all.expire(KEEP_MS);
  expect(idsOf(all, 'key-1', ['young', 'old'])).toEqual(['young']);
  expect(all.nextExpiryMonotonicMs()).toBe(KEEP_MS + 10);
});

it('limits: too many of a key, too large for a key, too large for all -> the oldest ones go', () => {
  const keepAll = (all: KeptResponses, ...responses: readonly [string | null, string, number][]) => {
    for (const [holder, id, length] of responses) all.keep(holder, id, kept('x'.repeat(length)), 0);
    return [...idsOf(all, 'k', ['a', 'b', 'c']), ...idsOf(all, null, ['n'])];
  };
  const few = new KeptResponses(limits({ responsesPerKey: 2 }));
  expect(keepAll(few, [null, 'n', 1], ['k', 'a', 1], ['k', 'b', 1], ['k', 'c', 1])).toEqual(['b', 'c', 'n']);
  const small = new KeptResponses(limits({ sizePerKey: 11_000 }));
  expect(keepAll(small, [null, 'n', 1000], ['k', 'a', 1000], ['k', 'b', 1000], ['k', 'c', 1000])).toEqual(['b', 'c', 'n']);
  const full = new KeptResponses(limits({ sizeOfAll: 11_000 }));
  expect(keepAll(full, [null, 'n', 1000], ['k', 'a', 1000], ['k', 'b', 1000])).toEqual(['a', 'b']);
  expect(keepAll(new KeptResponses(limits({ sizePerKey: 100 })), ['k', 'a', 1000])).toEqual([]);
});

it('limits: responses that have not ended -> kept ones make room, and the last ones are refused', () => {
  const all = new KeptResponses(limits({ responsesPerKey: 3, sizePerKey: 5000, sizeOfAll: 8000 }));
  all.keep('k', 'a', kept(), 0);
  all.keep(null, 'n', kept(), 0);
  const release = all.reserve('k', 'x'.repeat(2400));
  if (typeof release !== 'function') throw new Error(release.limit);
  expect([...idsOf(all, 'k', ['a']), ...idsOf(all, null, ['n'])]).toEqual(['n']);
  expect(all.reserve('k', 'x'.repeat(100))).toMatchObject({ limit: 'background_megabytes' });
  expect(all.reserve('other', 'x'.repeat(1600))).toMatchObject({ limit: 'background_megabytes_of_all' });
  expect(all.reserve('other', 'x'.repeat(1400))).toBeTypeOf('function');
  release();
  const few = Array.from({ length: 3 }, () => all.reserve('k', 'x'));
  expect(few.map((each) => typeof each)).toEqual(['function', 'function', 'function']);
  expect(all.reserve('k', 'x')).toEqual({ limit: 'background_responses', max: 3, found: 3 });
});

it.each<[unknown, number]>([
  ['text', 32],
  [5, 8],
  [null, 8],
  [['a', 1], 64 + 16 + 26 + 8],
  [{ name: 'a' }, 64 + 20 + 26],
  [{}, 64],
])('memory: %j -> %i', (value, size) => {
  expect(memoryOf(value)).toBe(size);
});

it('memory: a large value above the limit -> little time', () => {
  const value = Array.from({ length: 300_000 }, () => ({}));
  expect(cpuMsOf(() => memoryOf(value, 1_000_000))).toBeLessThan(5);
});

const input = [
  { role: 'user', content: 'a' },
  { type: 'function_call', call_id: 'c' },
  { id: 'mine', role: 'assistant', content: 'b' },
];
const first = { role: 'user', content: [{ type: 'input_text', text: 'a' }], type: 'message', id: 'msg_1_in0' };
const second = { type: 'function_call', call_id: 'c', id: 'item_1_in1' };
const third = { id: 'mine', role: 'assistant', content: [{ type: 'output_text', text: 'b' }], type: 'message' };

it.each<[object, unknown]>([
  [{ order: 'asc' }, { data: [first, second, third], first_id: 'msg_1_in0', last_id: 'mine', has_more: false }],
  [{ limit: 2 }, { data: [third, second], first_id: 'mine', last_id: 'item_1_in1', has_more: true }],
  [{ after: 'item_1_in1' }, { data: [first], first_id: 'msg_1_in0', last_id: 'msg_1_in0', has_more: false }],
  [{ after: 'msg_1_in0' }, { data: [], first_id: null, last_id: null, has_more: false }],
])('input items: %j -> a page', (change, page) => {
  const listed = listInput(input, 'resp_1', { order: 'desc', limit: 20, after: null, ...change });
  expect(listed).toEqual({ object: 'list', ...(page as object) });
});

it('input items: unknown id before the page -> none; a text -> one message', () => {
  expect(listInput(input, 'resp_1', { order: 'asc', limit: 20, after: 'other' })).toBeNull();
  const [message] = listInput('hello', 'resp_1', { order: 'asc', limit: 20, after: null })?.data ?? [];
  expect(message).toEqual({ type: 'message', id: 'msg_1_in0', role: 'user', content: [{ type: 'input_text', text: 'hello' }] });
});

it('item_reference: kept -> the item; not kept -> names the field', () => {
  const body = responsesBodySchema.parse({
    model: 'm',
    input: [
      { role: 'user', content: 'a' },
      { type: 'item_reference', id: 'x' },
    ],
  });
  const item = { type: 'message', role: 'assistant', content: 'b' };
  expect(withItems(body, () => new Map([['x', item]]))).toEqual({
    ok: true,
    value: { body: { ...body, input: [{ role: 'user', content: 'a' }, item] }, references: [item] },
  });
  expect(withItems(body, () => new Map())).toEqual({ ok: false, error: { field: 'input[1].id', reason: 'no such item is kept' } });
});

it('item_reference: the same item twice -> names the field of the second one', () => {
  const reference = { type: 'item_reference', id: 'x' };
  const body = responsesBodySchema.parse({ model: 'm', input: [reference, reference] });
  const error = { field: 'input[1].id', reason: 'an earlier item_reference has the same id' };
  expect(withItems(body, () => new Map([['x', {}]]))).toEqual({ ok: false, error });
});
