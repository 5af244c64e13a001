// Whether a job may have to wait for a load of its model.
import { describe, expect, test } from 'vitest';
import { mayBeCold } from '../../../../../src/main/scheduler/dispatch/prediction/job-sample';
import { afterSample, NO_RATES } from '../../../../../src/main/scheduler/lifecycle/model-rates';
import type { NodeProfile, NodeRecord } from '../../../../../src/main/scheduler/lifecycle/node-record';
import { aModel, aProfile, aRecord } from '../../lifecycle/records';

describe('may be cold', () => {
  const nowMonotonicMs = 1_000_000;
  const measuredAgo = (agoMs: number) =>
    afterSample(
      NO_RATES,
      'm',
      { inputPerSecond: 1, outputPerSecond: 1, concurrency: 1, loadSeconds: null, slowdown: null },
      nowMonotonicMs - agoMs,
    );
  const node = (profile: Partial<NodeProfile>, record: Partial<NodeRecord> = {}): NodeRecord =>
    aRecord({ profile: aProfile({ installedModels: [aModel({ modelId: 'm' })], ...profile }), ...record });

  test.each<[string, NodeRecord, boolean]>([
    ['cold', node({ modelResidency: { m: 'cold' } }), true],
    ['loading', node({ modelResidency: { m: 'loading' } }), true],
    ['loaded', node({ modelResidency: { m: 'loaded' } }), false],
    ['older node, loaded', node({ installedModels: [aModel({ modelId: 'm', isLoaded: true })] }), false],
    ['unknown', node({}), true],
    ['unknown, a job ended four minutes ago', node({}, { rates: measuredAgo(240_000) }), false],
    ['unknown, a job ended before that', node({}, { rates: measuredAgo(240_001) }), true],
  ])('%s', (_case, record, expected) => {
    expect(mayBeCold(record, 'm', true, nowMonotonicMs)).toBe(expected);
  });

  test('another job waits for the load -> cold; a task that generates no text on a model whose state is unknown -> not', () => {
    const load = { modelId: 'm', beginMonotonicMs: nowMonotonicMs, ms: 5000 };
    const expectedJobs = new Map([['j', { promptMs: 1, endMonotonicMs: 2, load }]]);
    expect(mayBeCold(node({ modelResidency: { m: 'loaded' } }, { expectedJobs }), 'm', false, nowMonotonicMs)).toBe(true);
    expect(mayBeCold(node({}), 'm', false, nowMonotonicMs)).toBe(false);
  });
});
