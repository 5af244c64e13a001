// When a job waits for a full node.
import { describe, expect, test } from 'vitest';
import { type HeldByNode, MAX_HOLD_MS, nodeWorthWaitingFor } from '../../../../src/main/scheduler/dispatch/holding';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { DEFAULT_DISPATCH_POLICY, type DispatchPolicy } from '../../../../src/main/scheduler/dispatch/policy';
import { forecastNode, type RequestForecast } from '../../../../src/main/scheduler/dispatch/prediction/forecast';
import { FullNodes } from '../../../../src/main/scheduler/dispatch/prediction/full-nodes';
import { afterSample, NO_RATES, type NodeRates } from '../../../../src/main/scheduler/lifecycle/model-rates';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { aModel, aProfile, aRecord } from '../lifecycle/records';

const MODEL = 'nmt-en-zh';
const JOB: JobRequirements = { requiredModels: [MODEL], public: true };
const NOW = 10_000;
const ratesOf = (inputPerSecond: number, outputPerSecond: number): NodeRates =>
  afterSample(NO_RATES, MODEL, { inputPerSecond, outputPerSecond, concurrency: 1, loadSeconds: null, slowdown: null }, 0);
const FORECAST: RequestForecast = { work: { input: 6000, output: 300, reuse: 0 }, cachedOn: new Map(), prior: () => null };

/** A node with one slot, whose job ends `endsInMs` from now. */
const fullNode = (nodeId: string, endsInMs: number, rates: NodeRates): NodeRecord =>
  aRecord({
    nodeId,
    profile: aProfile({ maxConcurrentJobs: 1, installedModels: [aModel()] }),
    assignedJobs: 1,
    rates,
    expectedJobs: new Map([['j', { promptMs: 0, endMonotonicMs: NOW + endsInMs }]]),
  });
const slowFree = aRecord({ nodeId: 'free', rates: ratesOf(300, 15) });

interface Case {
  readonly full: readonly NodeRecord[];
  readonly held?: HeldByNode;
  readonly maxMs?: number;
  readonly policy?: Partial<DispatchPolicy>;
  readonly cachedOn?: ReadonlyMap<string, number>;
  readonly job?: JobRequirements;
  readonly reuse?: number;
}

function heldFor(one: Case): string | null {
  const { full: nodes, held = new Map(), maxMs = MAX_HOLD_MS, policy = {}, cachedOn = new Map(), job = JOB, reuse = 0 } = one;
  const withPolicy = { ...DEFAULT_DISPATCH_POLICY, ...policy };
  const full = new FullNodes();
  for (const node of nodes) full.update(null, node, withPolicy);
  const forecast = { ...FORECAST, work: { ...FORECAST.work, reuse }, cachedOn };
  const free = forecastNode(slowFree, MODEL, forecast);
  if (free === null) throw new Error('no forecast');
  return nodeWorthWaitingFor({ full, policy: withPolicy, nowMonotonicMs: NOW, held, maxMs }, job, MODEL, forecast, free)?.nodeId ?? null;
}

describe('holding', () => {
  test.each<[string, Case, string | null]>([
    ['fast node that is soon free', { full: [fullNode('fast', 2000, ratesOf(3000, 100))] }, 'fast'],
    ['fast node that is free too late', { full: [fullNode('fast', 29_000, ratesOf(3000, 100))] }, null],
    ['soon free, and most prompts come from caches', { full: [fullNode('faster', 2000, ratesOf(600, 20))], reuse: 0.8 }, null],
    ['the same, and it saves more than 30 s', { full: [fullNode('fast', 2000, ratesOf(3000, 100))], reuse: 0.8 }, 'fast'],
    ['free at once, and most prompts come from caches', { full: [fullNode('faster', 900, ratesOf(600, 20))], reuse: 0.8 }, 'faster'],
    ['node that is only a little faster', { full: [fullNode('near', 0, ratesOf(350, 17))] }, null],
    ['the better of two', { full: [fullNode('a', 1900, ratesOf(2000, 60)), fullNode('b', 1000, ratesOf(2000, 90))] }, 'b'],
    [
      'jobs wait for its slots already',
      { full: [fullNode('fast', 2000, ratesOf(3000, 100))], held: new Map([['fast', { size: 1 }]]) },
      null,
    ],
    ['job that may not wait so long', { full: [fullNode('fast', 2000, ratesOf(3000, 100))], maxMs: 1999 }, null],
    ['switched off', { full: [fullNode('fast', 2000, ratesOf(3000, 100))], policy: { holdsJobs: false } }, null],
    ['other strategy', { full: [fullNode('fast', 2000, ratesOf(3000, 100))], policy: { strategy: 'least_connections' } }, null],
    ['job that the node cannot run', { full: [fullNode('fast', 2000, ratesOf(3000, 100))], job: { ...JOB, minGpuMemoryGb: 1000 } }, null],
    ['prompt cached on the full node', { full: [fullNode('same', 1500, ratesOf(400, 30))], cachedOn: new Map([['same', 5900]]) }, 'same'],
    ['job of the full node is 2 s late', { full: [fullNode('fast', -2000, ratesOf(3000, 100))] }, 'fast'],
    ['job of the full node is late by a minute: no slot soon', { full: [fullNode('fast', -60_000, ratesOf(3000, 100))] }, null],
    ['node without rates', { full: [fullNode('new', 0, NO_RATES)] }, null],
    ['ends of its jobs are not known', { full: [{ ...fullNode('fast', 0, ratesOf(3000, 100)), expectedJobs: new Map() }] }, null],
  ])('%s', (_case, given, expected) => {
    expect(heldFor(given)).toBe(expected);
  });

  test('jobs that are late -> the one that is least late should end first, and after as long again', () => {
    const lateMs = [9000, 1000, 4000];
    const expectedJobs = new Map(lateMs.map((ms, i) => [`j${String(i)}`, { promptMs: 0, endMonotonicMs: NOW - ms }]));
    const profile = aProfile({ maxConcurrentJobs: 3, installedModels: [aModel()] });
    const record = { ...fullNode('fast', 0, ratesOf(3000, 100)), profile, provenSlots: 3, assignedJobs: 3, expectedJobs };
    const full = new FullNodes();
    full.update(null, record, DEFAULT_DISPATCH_POLICY);
    const free = forecastNode(slowFree, MODEL, FORECAST);
    if (free === null) throw new Error('no forecast');
    const input = { full, policy: DEFAULT_DISPATCH_POLICY, nowMonotonicMs: NOW, maxMs: MAX_HOLD_MS };
    const slotMs = (size: number) =>
      nodeWorthWaitingFor({ ...input, held: new Map([['fast', { size }]]) }, JOB, MODEL, FORECAST, free)?.slotMs;
    expect([slotMs(0), slotMs(1), slotMs(2)]).toEqual([1000, 4000, 9000]);
  });

  test('full nodes: a node that is free or unknown again is removed, and nothing stays in memory', () => {
    const full = new FullNodes();
    const record = fullNode('a', 0, ratesOf(100, 10));
    full.update(null, record, DEFAULT_DISPATCH_POLICY);
    expect([full.get('a'), full.modelCount]).toEqual([record, 1]);
    const free = { ...record, assignedJobs: 0 };
    full.update(record, free, DEFAULT_DISPATCH_POLICY);
    expect([full.get('a'), full.modelCount]).toEqual([undefined, 0]);
    full.update(free, record, DEFAULT_DISPATCH_POLICY);
    full.update(record, null, DEFAULT_DISPATCH_POLICY);
    expect([full.get('a'), full.modelCount]).toEqual([undefined, 0]);
  });
});
