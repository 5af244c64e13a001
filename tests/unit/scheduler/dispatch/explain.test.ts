// Why a job goes where it goes, and what is kept of it over time.
import { describe, expect, test } from 'vitest';
import { CandidateIndex } from '../../../../src/main/scheduler/dispatch/candidate-index';
import { ExclusionAggregates, tallyExclusions } from '../../../../src/main/scheduler/dispatch/exclusion-aggregates';
import { explain } from '../../../../src/main/scheduler/dispatch/explain';
import { MissedJobsLog } from '../../../../src/main/scheduler/dispatch/missed-jobs-log';
import { DEFAULT_DISPATCH_POLICY as POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import {
  type Exclusion,
  exclusionsSchema,
  explanationSchema,
  type JobRequirements,
  missedJobsSchema,
} from '../../../../src/shared/api/dispatch';
import { aProfile, aRecord, aUsage, at } from '../lifecycle/records';

const job: JobRequirements = { required_models: [], public: true };

const pool: readonly NodeRecord[] = [
  aRecord({ nodeId: 'fits', usage: aUsage({ gpu_percent: 9 }) }),
  aRecord({ nodeId: 'fits-better', usage: aUsage({ gpu_percent: 1 }) }),
  aRecord({ nodeId: 'ill', status: 'degraded', reasonCode: 'health_check_failed', assignedJobs: 4 }),
  aRecord({ nodeId: 'private', profile: aProfile({ acceptPublicJobs: false }), online: false }),
];

describe('explain', () => {
  test('says every reason for every node, and who is chosen', () => {
    const index = new CandidateIndex(POLICY);
    for (const record of pool) index.update(null, record);

    const explanation = explain(pool, index, job);

    expect(explanation.chosen).toBe('fits-better');
    expect(explanation.nodes.map(({ node_id, excluded }) => [node_id, ...excluded.map(({ code }) => code)])).toEqual([
      ['fits'],
      ['fits-better'],
      ['ill', 'status_not_ready', 'capacity_exceeded'],
      ['private', 'not_online', 'not_in_public_pool'],
    ]);
    expect(explanationSchema.parse(explanation)).toEqual(explanation);
  });

  test('of an empty pool chooses nobody', () => {
    expect(explain([], new CandidateIndex(POLICY), job)).toEqual({ chosen: null, nodes: [] });
  });
});

describe('the tally of a dispatch', () => {
  test('counts each node once, by its first reason, with five examples at most', () => {
    const crowd = Array.from({ length: 8 }, (_, i) => aRecord({ nodeId: `ill-${String(i)}`, status: 'degraded', online: false }));
    const told: string[] = [];

    const tally = tallyExclusions([...pool, ...crowd], job, POLICY, (nodeId, { code }) => told.push(`${nodeId} ${code}`));

    expect(tally).toEqual({
      status_not_ready: { count: 9, examples: ['ill', 'ill-0', 'ill-1', 'ill-2', 'ill-3'] },
      not_online: { count: 1, examples: ['private'] },
    });
    expect(told).toHaveLength(10);
    expect(told[1]).toBe('private not_online');
  });
});

describe('the aggregates', () => {
  test('sum the tallies, with the newest examples first, until they are reset', () => {
    const aggregates = new ExclusionAggregates(1000);
    aggregates.add({ status_not_ready: { count: 3, examples: ['a', 'b', 'c'] } });
    aggregates.add({ status_not_ready: { count: 4, examples: ['d', 'b', 'e', 'f'] }, not_online: { count: 1, examples: ['a'] } });

    const view = aggregates.view();
    expect(view).toEqual({
      since: 1000,
      reasons: { status_not_ready: { count: 7, examples: ['d', 'b', 'e', 'f', 'a'] }, not_online: { count: 1, examples: ['a'] } },
    });
    expect(exclusionsSchema.parse(view)).toEqual(view);

    aggregates.reset(2000);
    expect(aggregates.view()).toEqual({ since: 2000, reasons: {} });
    expect(view.reasons.status_not_ready?.count, 'a view is not changed afterwards').toBe(7);
  });
});

describe('passed over', () => {
  const MINUTE_MS = 60_000;
  const HOUR_MS = 60 * MINUTE_MS;
  const exclusion = (code: Exclusion['code'], found: Exclusion['found'] = null): Exclusion => ({ filter: 'f', code, wanted: 'w', found });

  const STARTED = at(0);

  test('counts by reason in the order of the filters, with what was found last', () => {
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

  test('forgets what is older than an hour, minute by minute', () => {
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

  test('counts since its start, then since the oldest minute that it has', () => {
    const log = new MissedJobsLog(at(90_000));
    const since = (nowMs: number): number => log.view('n', at(nowMs)).since;
    expect([since(90_000), since(HOUR_MS + 90_000)]).toEqual([at(90_000).wallMs, at(2 * MINUTE_MS).wallMs]);
    expect([since(HOUR_MS + 59_999), since(25 * HOUR_MS)]).toEqual([at(90_000).wallMs, at(24 * HOUR_MS + MINUTE_MS).wallMs]);
  });

  test('does not count a job that asked for another node, and forgets a node that is gone', () => {
    const log = new MissedJobsLog(STARTED);
    log.note('n', exclusion('not_requested_node'), 0);
    expect(log.view('n', at(0)).total).toBe(0);
    log.note('n', exclusion('not_online'), 0);
    log.delete('n');
    expect(log.view('n', at(0)).total).toBe(0);
  });
});
