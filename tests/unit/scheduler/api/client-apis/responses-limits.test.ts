// What a Responses request takes from the kept responses: limited, and counted as bytes of the key.
import { expect, it } from 'vitest';
import { MAX_TASK_BYTES } from '../../../../../src/shared/protocol/limits';
import { keptRefusal } from '../../../../../src/main/scheduler/api/client-apis/responses-routes';

const caller = { principal: null };

function refusalOf(items: readonly Record<string, unknown>[], max = Infinity) {
  const counted: number[] = [];
  const bytes = (_: unknown, found: number) => {
    counted.push(found);
    return found <= max ? null : ({ limit: 'megabytes_per_minute', max: 1, found: null, retryAfterSeconds: 7 } as const);
  };
  return { failure: keptRefusal({ bytes }, caller, items), counted };
}

it('kept items: none -> not counted; some -> their bytes as JSON are counted', () => {
  expect(refusalOf([])).toEqual({ failure: null, counted: [] });
  const items = [{ type: 'message', content: 'aé中', parts: [1, null, {}] }];
  const { failure, counted } = refusalOf(items);
  expect(failure).toBeNull();
  expect(counted).toHaveLength(1);
  const written = Buffer.byteLength(JSON.stringify(items));
  expect(counted[0]).toBeGreaterThan(written * 0.8);
  expect(counted[0]).toBeLessThanOrEqual(written + 4);
});

it('kept items: more than a task may have -> 413, which names the input', () => {
  const item = { content: 'x'.repeat(MAX_TASK_BYTES / 4) };
  expect(refusalOf([item, item, item]).failure).toBeNull();
  const { failure, counted } = refusalOf([item, item, item, item]);
  expect(failure).toMatchObject({ status: 413, error: { param: 'input', muster: { limit_bytes: MAX_TASK_BYTES } } });
  expect(counted).toEqual([]);
});

it('kept items: above the limit of the key -> 429 with the time to wait', () => {
  const { failure } = refusalOf([{ content: 'x'.repeat(1000) }], 100);
  expect(failure).toMatchObject({ status: 429, retryAfterSeconds: 7, error: { muster: { limit: 'megabytes_per_minute', max: 1 } } });
});
