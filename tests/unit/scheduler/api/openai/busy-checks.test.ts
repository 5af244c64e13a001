// How often the pool is read for requests that wait.
import { describe, expect, it } from 'vitest';
import { BusyChecks } from '../../../../../src/main/scheduler/api/openai/busy-checks';
import type { Explanation } from '../../../../../src/shared/api/dispatch';
import { ManualClock } from '../../../../support/manual-clock';

const requirements = (model: string) => ({ required_models: [model], public: true });

function opened(reasons: Explanation['reasons'], nodes: Explanation['nodes'] = []) {
  const clock = new ManualClock();
  const pool = { reads: 0, reasons };
  const explain = (): Explanation => {
    pool.reads++;
    return { chosen: null, nodes_total: 1, reasons: pool.reasons, nodes };
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

describe('busy node, and one that is not ready: whether the request waits', () => {
  const notReady = (status: string) => ({
    filter: 'status',
    code: 'status_not_ready' as const,
    wanted: 'ready',
    found: { status, reason_code: 'registered' },
  });
  const other = (code: 'model_not_available' | 'capacity_exceeded') => ({ filter: 'f', code, wanted: 1, found: 0 });
  const set_by = { cpu: 'default', gpu: 'default', mem: 'default' };
  const load = (found: Record<string, number> | null) => ({
    filter: 'resource_use',
    code: 'resource_threshold_exceeded' as const,
    wanted: { cpu_percent_below: 25, gpu_percent_below: 25, mem_percent_below: 90, set_by },
    found,
  });
  const reasons = { ...BUSY, status_not_ready: { count: 1, examples: ['b'] } };

  it.each<readonly [string, boolean, Explanation['nodes'][number]['excluded']]>([
    ['registering', true, [notReady('registering')]],
    ['registering, load not reported yet', true, [notReady('registering'), load(null)]],
    ['registering, its owner uses it', false, [notReady('registering'), load({ cpu_percent: 71 })]],
    ['registering, and full', true, [notReady('registering'), other('capacity_exceeded')]],
    ['registering, without the model', false, [notReady('registering'), other('model_not_available')]],
    ['degraded', false, [notReady('degraded')]],
    ['offline', false, [notReady('offline')]],
  ])('%s -> %s', (_title, waits, excluded) => {
    const { checks } = opened(reasons, [{ node_id: 'b', excluded }]);
    expect(checks.failure(requirements('a')) === null).toBe(waits);
  });
});
