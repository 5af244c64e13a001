// Explanations, exclusion counts and the log of missed jobs.
import { describe, expect, test, vi } from 'vitest';
import { ExclusionAggregates } from '../../../../src/main/scheduler/dispatch/exclusion-aggregates';
import { explain } from '../../../../src/main/scheduler/dispatch/explain';
import { type MissedJob, MissedJobsLog } from '../../../../src/main/scheduler/dispatch/missed-jobs-log';
import { DEFAULT_DISPATCH_POLICY as POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { DEFAULT_LIFECYCLE_POLICY } from '../../../../src/main/scheduler/lifecycle/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { NodeRegistry } from '../../../../src/main/scheduler/nodes/node-registry';
import { type Exclusion, exclusionsSchema, explanationSchema, missedJobsSchema } from '../../../../src/shared/api/dispatch';
import { aProfile, aRecord, aUsage, at } from '../lifecycle/records';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';

const job: JobRequirements = { requiredModels: [], public: true };

const pool: readonly NodeRecord[] = [
  aRecord({ nodeId: 'fits', turn: 9 }),
  aRecord({ nodeId: 'fits-better', turn: 1 }),
  aRecord({ nodeId: 'ill', status: 'degraded', reasonCode: 'health_check_failed', assignedJobs: 4 }),
  aRecord({ nodeId: 'private', profile: aProfile({ acceptPublicJobs: false }), online: false }),
];

function registryOf(records: readonly NodeRecord[]): NodeRegistry {
  const registry = new NodeRegistry(DEFAULT_LIFECYCLE_POLICY, POLICY);
  for (const record of records) registry.keep(null, record);
  return registry;
}

describe('explain', () => {
  test('several nodes -> every exclusion of every node, and the chosen node', () => {
    const explanation = explain(registryOf(pool), job);

    expect(explanation.chosen).toBe('fits-better');
    expect(explanation.nodes.map(({ node_id, excluded }) => [node_id, ...excluded.map(({ code }) => code)])).toEqual([
      ['fits'],
      ['fits-better'],
      ['ill', 'status_not_ready', 'capacity_exceeded'],
      ['private', 'not_in_public_pool', 'not_online'],
    ]);
    expect(explanation).toMatchObject({
      nodes_total: 4,
      reasons: { status_not_ready: { count: 1, examples: ['ill'] }, not_in_public_pool: { count: 1, examples: ['private'] } },
    });
    expect(explanationSchema.parse(explanation)).toEqual(explanation);
  });

  test('empty pool -> no node chosen', () => {
    expect(explain(registryOf([]), job)).toEqual({ chosen: null, nodes_total: 0, reasons: {}, nodes: [] });
  });
});

describe('explain: node limit', () => {
  const crowd = Array.from({ length: 100 }, (_, i) =>
    aRecord({ nodeId: `busy-${String(i).padStart(2, '0')}`, usage: aUsage({ cpuPercent: 80 }) }),
  );
  const large = registryOf([...crowd, ...pool]);
  const shown = (nodeLimit: number) => explain(large, job, { nodeLimit }).nodes.map(({ node_id }) => node_id);

  test('limit below the pool size -> counts include all nodes', () => {
    expect(explain(large, job, { nodeLimit: 3 })).toMatchObject({
      chosen: 'fits-better',
      nodes_total: 104,
      reasons: { resource_threshold_exceeded: { count: 100 }, status_not_ready: { count: 1 }, not_in_public_pool: { count: 1 } },
    });
  });

  test('64 long model ids, 3,000 nodes -> the list is bounded, the counts are not; without models all are listed', () => {
    const many = registryOf(Array.from({ length: 3000 }, (_, i) => aRecord({ nodeId: `node-${String(i)}` })));
    const requiredModels = Array.from({ length: 64 }, (_, i) => `m${String(i)}`.padEnd(256, 'x'));
    const explanation = explain(many, { requiredModels, public: true });
    expect(explanation).toMatchObject({ nodes_total: 3000, reasons: { model_not_available: { count: 3000 } } });
    expect(explanation.nodes.length).toBeGreaterThan(10);
    expect(JSON.stringify(explanation).length).toBeLessThan(4_000_000);
    expect(explain(many, job).nodes).toHaveLength(3000);
  });

  test('limit below the pool size -> the chosen node first, then examples of each reason, then others', () => {
    expect(shown(10)).toEqual([
      'fits-better',
      'ill',
      'private',
      'busy-00',
      'busy-01',
      'busy-02',
      'busy-03',
      'busy-04',
      'busy-05',
      'busy-06',
    ]);
    expect([shown(2), shown(0)]).toEqual([['fits-better', 'ill'], []]);
  });

  test('limit at the pool size -> all nodes in the order of the pool', () => {
    expect(shown(104)).toEqual([...crowd, ...pool].map(({ nodeId }) => nodeId));
  });
});

describe('exclusion aggregates', () => {
  test('tallies added -> sums with the newest examples and models first, until reset', () => {
    const aggregates = new ExclusionAggregates(1000);
    aggregates.add({ status_not_ready: { count: 3, examples: ['a', 'b', 'c'] } }, 'qwen3:14b');
    aggregates.add(
      { status_not_ready: { count: 4, examples: ['d', 'b', 'e', 'f'] }, not_online: { count: 1, examples: ['a'] } },
      'phi4:14b',
    );
    aggregates.add({ status_not_ready: { count: 1, examples: [] } }, null);
    aggregates.add({ status_not_ready: { count: 1, examples: [] } }, 'qwen3:14b');

    const view = aggregates.view();
    expect(view).toEqual({
      since: 1000,
      reasons: {
        status_not_ready: { count: 9, examples: ['d', 'b', 'e', 'f', 'a'], models: ['qwen3:14b', 'phi4:14b'] },
        not_online: { count: 1, examples: ['a'], models: ['phi4:14b'] },
      },
    });
    expect(exclusionsSchema.parse(view)).toEqual(view);

    for (const model of ['a', 'b', 'c', 'd']) aggregates.add({ not_online: { count: 1, examples: [] } }, model);
    expect(aggregates.view().reasons.not_online?.models).toEqual(['d', 'c', 'b']);

    aggregates.reset(2000);
    expect(aggregates.view()).toEqual({ since: 2000, reasons: {} });
    expect(view.reasons.status_not_ready?.count, 'a view is not changed afterwards').toBe(9);
  });
});

describe('missed jobs log', () => {
  const MINUTE_MS = 60_000;
  const HOUR_MS = 60 * MINUTE_MS;
  const exclusion = (code: Exclusion['code'], found: Exclusion['found'] = null): MissedJob => ({
    code,
    job,
    details: () => ({ wanted: 'w', found }),
  });

  const STARTED = at(0);

  test('several exclusions -> counts by reason in the order of the filters, with the last found values', () => {
    const log = new MissedJobsLog(STARTED);
    log.note('n', exclusion('capacity_exceeded', 5), MINUTE_MS, 3);
    log.note('n', exclusion('not_online', false), 10);
    log.note('n', exclusion('capacity_exceeded', 4), 0);
    log.note('other', exclusion('not_online'), 0);

    const view = log.view('n', at(MINUTE_MS));
    expect(view).toEqual({
      window_seconds: 3600,
      since: STARTED.wallMs,
      total: 5,
      reasons: [
        { code: 'not_online', count: 1, wanted: 'w', found: false },
        { code: 'capacity_exceeded', count: 4, wanted: 'w', found: 5 },
      ],
    });
    expect(missedJobsSchema.parse(view)).toEqual(view);
  });

  test('models that are missing -> whether all jobs of the hour wanted the same ones, in any order of the notes', () => {
    const log = new MissedJobsLog(STARTED);
    const missing = (id: string): MissedJob => ({
      code: 'model_not_available',
      job: { requiredModels: [id], public: true },
      details: () => ({ wanted: { models: [id] }, found: { models: { [id]: 'not_installed' } } }),
    });
    const seen = (nowMonotonicMs: number) => log.view('n', at(nowMonotonicMs)).reasons.map(({ wanted, same }) => [wanted, same]);
    const [a, b] = [{ models: ['a'] }, { models: ['b'] }];
    log.note('n', missing('a'), 5, 3);
    log.note('n', missing('a'), 9);
    expect(seen(10)).toEqual([[a, true]]);
    log.note('n', missing('b'), 7);
    expect(seen(10)).toEqual([[a, false]]);
    log.note('n', missing('b'), 30 * MINUTE_MS);
    log.note('n', missing('a'), 50 * MINUTE_MS);
    expect([seen(HOUR_MS + 29 * MINUTE_MS), seen(HOUR_MS + 30 * MINUTE_MS)]).toEqual([[[a, false]], [[a, true]]]);
    log.note('n', missing('b'), 51 * MINUTE_MS);
    expect([seen(HOUR_MS + 49 * MINUTE_MS), seen(HOUR_MS + 50 * MINUTE_MS)]).toEqual([[[b, false]], [[b, true]]]);
  });

  test('details -> built for a view alone, so that a decision does not build them for the whole pool', () => {
    const log = new MissedJobsLog(STARTED);
    const details = vi.fn(() => ({ wanted: 1, found: 0 }));
    for (let i = 0; i < 3; i++) log.note('n', { code: 'model_not_available', job, details }, i);
    expect(details).not.toHaveBeenCalled();
    expect(log.view('n', at(3)).reasons).toEqual([{ code: 'model_not_available', count: 3, wanted: 1, found: 0, same: true }]);
    expect(details).toHaveBeenCalledOnce();
  });

  test('older than an hour -> removed minute by minute', () => {
    const log = new MissedJobsLog(STARTED);
    log.note('n', exclusion('not_online'), 0);
    log.note('n', exclusion('not_online'), 30 * MINUTE_MS);
    expect(log.view('n', at(HOUR_MS - 1)).total).toBe(2);
    expect(log.view('n', at(HOUR_MS)).total).toBe(1);
    log.note('n', exclusion('not_online'), HOUR_MS + 1);
    log.note('n', exclusion('not_online'), MINUTE_MS - 1);
    expect(log.view('n', at(90 * MINUTE_MS - 1)).total).toBe(2);
    expect(log.view('n', at(90 * MINUTE_MS)).total).toBe(1);
    expect(log.view('n', at(1000 * HOUR_MS))).toMatchObject({ total: 0, reasons: [] });
  });

  test('since -> the start of the log, later the oldest counted minute', () => {
    const log = new MissedJobsLog(at(90_000));
    const since = (nowMonotonicMs: number): number => log.view('n', at(nowMonotonicMs)).since;
    expect([since(90_000), since(HOUR_MS + 90_000)]).toEqual([at(90_000).wallMs, at(2 * MINUTE_MS).wallMs]);
    expect([since(HOUR_MS + 59_999), since(25 * HOUR_MS)]).toEqual([at(90_000).wallMs, at(24 * HOUR_MS + MINUTE_MS).wallMs]);
  });

  test('job for another node -> not counted; node removed -> log removed', () => {
    const log = new MissedJobsLog(STARTED);
    log.note('n', exclusion('not_requested_node'), 0);
    expect(log.view('n', at(0)).total).toBe(0);
    log.note('n', exclusion('not_online'), 0);
    log.delete('n');
    expect(log.view('n', at(0)).total).toBe(0);
  });
});
