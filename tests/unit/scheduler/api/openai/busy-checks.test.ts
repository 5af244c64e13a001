// How often the pool is read for requests that wait.
import { expect, it } from 'vitest';
import { BusyChecks } from '../../../../../src/main/scheduler/api/openai/busy-checks';
import type { Explanation } from '../../../../../src/shared/api/dispatch';
import { ManualClock } from '../../../../support/manual-clock';

const requirements = (model: string) => ({ required_models: [model], public: true });

function opened(reasons: Explanation['reasons']) {
  const clock = new ManualClock();
  const pool = { reads: 0, reasons };
  const explain = (): Explanation => {
    pool.reads++;
    return { chosen: null, nodes_total: 1, reasons: pool.reasons, nodes: [] };
  };
  return { clock, pool, checks: new BusyChecks({ explain }, clock) };
}

const BUSY = { resource_threshold_exceeded: { count: 1, examples: ['a'] } };
const FULL = { capacity_exceeded: { count: 1, examples: ['a'] } };

it('busy checks: a thousand requests of two kinds wait -> the pool is read twice a second', () => {
  const { clock, pool, checks } = opened(FULL);
  for (let i = 0; i < 1000; i++) expect(checks.failure(requirements(i % 2 === 0 ? 'a' : 'b'))).toBeNull();
  expect(pool.reads).toBe(2);
  clock.advance(1000);
  checks.failure(requirements('a'));
  expect(pool.reads).toBe(3);
});

it('busy checks: the nodes become busy -> refused within a second; each refusal has the present numbers', () => {
  const { clock, pool, checks } = opened(FULL);
  expect(checks.failure(requirements('a'))).toBeNull();
  pool.reasons = BUSY;
  clock.advance(1000);
  for (let i = 0; i < 2; i++) expect(checks.failure(requirements('a'))).toMatchObject({ status: 429 });
  pool.reasons = FULL;
  expect(checks.failure(requirements('a'))).toBeNull();
});
