// A heartbeat that changes only when its node was seen takes a short way through the registry. After it, the registry is the same as after the
// long way.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { wasOnlySeen } from '../../../../src/main/scheduler/lifecycle/on-heartbeat';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { NodeRegistry } from '../../../../src/main/scheduler/nodes/node-registry';
import { BRISK, poolSteps } from '../lifecycle/histories';
import { aProfile, aRecord, aReport, at, aUsage, NO_GRACE } from '../lifecycle/records';

const NODES = ['node-1', 'node-2', 'node-3'];
const JOBS = [
  { requiredModels: [], public: false },
  { requiredModels: ['a'], public: false },
  { requiredModels: ['b'], public: true },
];
const STEPS = 60;
/** After the longer time, a reading of the load is too old. */
const BEAT_AFTER_MS = [3, 61_000];

const newRegistry = (): NodeRegistry => new NodeRegistry(BRISK, DEFAULT_DISPATCH_POLICY);

const stateOf = (registry: NodeRegistry, nowMonotonicMs: number): unknown => ({
  candidates: JOBS.map((job) => [...registry.candidates.candidatesFor(job)]),
  full: NODES.map((nodeId) => registry.full.get(nodeId)),
  records: NODES.map((nodeId) => registry.get(nodeId)),
  tallies: JOBS.map((job) => registry.tallies.of(job, registry.records())),
  due: [0, 20, 40, 80].map((ms) => registry.deadlines.due(nowMonotonicMs + ms, NO_GRACE)),
});

test('heartbeats that repeat the last one, in any history -> the registry is that of the long way', () => {
  let seen = 0;
  fc.assert(
    fc.property(poolSteps(NODES, STEPS), (steps) => {
      const [short, long] = [newRegistry(), newRegistry()];
      let nowMonotonicMs = 0;
      const keep = (previous: NodeRecord | null, next: NodeRecord | null): void => {
        for (const registry of [short, long]) if (next !== previous) registry.keep(previous, next);
      };
      for (const [index, { nodeId, afterMs, event }] of steps.entries()) {
        nowMonotonicMs += afterMs;
        const previous = short.get(nodeId) ?? null;
        const next = nodeTransition(previous, event, at(nowMonotonicMs), BRISK)[0];
        keep(previous, next);
        if (next?.usage == null || !next.online) continue;
        nowMonotonicMs += BEAT_AFTER_MS[index % 2] ?? 0;
        const { usage, gpus } = next;
        const beat: NodeEvent = { type: 'heartbeat', report: aReport({ usage, gpus }), graceUntilMonotonicMs: nowMonotonicMs };
        const again = nodeTransition(next, beat, at(nowMonotonicMs), BRISK)[0];
        if (again !== null && wasOnlySeen(next, again)) {
          seen++;
          short.seen(again);
          long.keep(next, again);
        } else keep(next, again);
        expect(stateOf(short, nowMonotonicMs)).toEqual(stateOf(long, nowMonotonicMs));
      }
    }),
    { numRuns: 200 },
  );
  expect(seen).toBeGreaterThan(100);
});

const RECORD = aRecord();
const load = (overrides: Partial<NodeRecord['ownerLoad']>): Partial<NodeRecord> => ({ ownerLoad: { ...RECORD.ownerLoad, ...overrides } });

test.each<readonly [string, Partial<NodeRecord>]>([
  ['profile', { profile: aProfile() }],
  ['usage', { usage: aUsage() }],
  ['readings', { gpus: [] }],
  ['status', { status: 'degraded' }],
  ['time of the status', { since: at(7) }],
  ['failures', { failures: { ...RECORD.failures } }],
  ['rates', { rates: new Map() }],
  ['health', { health: { ...RECORD.health, lastCheck: { ok: false, failedChecks: [] } } }],
  ['load of the CPU', load({ cpuPercent: 99 })],
  ['load of the GPU', load({ gpuPercent: 99 })],
  ['way to measure', load({ isMeasured: true })],
])('another %s -> the node was not only seen', (_name, change) => {
  expect(wasOnlySeen(RECORD, { ...RECORD, lastSeen: at(9) })).toBe(true);
  expect(wasOnlySeen(RECORD, { ...RECORD, ...change })).toBe(false);
});
