// Deadlines when time passes, when the wall clock jumps, and when the scheduler stalls (lifecycle §1, Liveness and Triggers).
import { beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../../../src/main/platform/logger';
import { DEFAULT_LIFECYCLE_POLICY } from '../../../../src/main/scheduler/lifecycle/policy';
import { NO_EVICTION_PAUSE } from '../../../../src/main/scheduler/lifecycle/eviction-pause';
import { DEADLINES_PER_TURN, Sweeper } from '../../../../src/main/scheduler/pool/sweeper';
import { nodeRegisterSchema } from '../../../../src/shared/protocol/node-messages';
import { type MemoryLink, memoryScheduler, type MemoryScheduler } from '../../../support/memory-scheduler';
import { ManualClock } from '../../../support/manual-clock';
import { heartbeat, registration } from '../../../support/test-node';
import { TurnCounts } from '../../../support/turn-counts';
import { until } from '../../../support/until';

let parts: MemoryScheduler;
let link: MemoryLink;
/** Stalls the event loop: monotonic time passes, and no timer fires. */
let stall: (ms: number) => void;

beforeEach(async () => {
  parts = memoryScheduler();
  let stalledMs = 0;
  const running = parts.clock.monotonicMs.bind(parts.clock);
  parts.clock.monotonicMs = () => running() + stalledMs;
  stall = (ms) => {
    stalledMs += ms;
  };
  parts.sweeper.start();
  parts.clock.advance(60_000);
  const opened = parts.open();
  link = opened.link;
  await opened.session.receive(nodeRegisterSchema.parse(registration({ node_id: 'mine' })));
  for (let i = 0; i < 3; i++) await opened.session.receive({ ...heartbeat('mine') });
});

const status = (): string | undefined => parts.scheduler.views.node('mine')?.status;

it('sweeper: heartbeat timeout -> offline within a second, not earlier', () => {
  parts.clock.advance(44_900);
  expect(status()).toBe('ready');
  parts.clock.advance(1100);
  expect([status(), link.closedWith]).toEqual(['offline', 4004]);
});

it('sweeper: wall clock jumps -> no node becomes offline', () => {
  parts.clock.sleep(7 * 24 * 3600 * 1000);
  parts.clock.advance(10_000);
  expect(status()).toBe('ready');
});

it('sweeper: scheduler stalled -> every node has one new grace period', () => {
  stall(120_000);
  parts.clock.advance(44_000);
  expect(status()).toBe('ready');
  parts.clock.advance(2000);
  expect(status()).toBe('offline');
});

it('sweeper: heartbeat waited during a stall -> not late', async () => {
  stall(120_000);
  const { session, link: other } = parts.open();
  await session.receive(nodeRegisterSchema.parse(registration({ node_id: 'other' })));
  stall(120_000);
  await session.receive({ ...heartbeat('other') });
  expect(other.sent.at(-1)).toMatchObject({ type: 'node_status', health: { failed_checks: [] } });
  expect(parts.scheduler.views.node('other')?.health.ok).toBe(true);
});

it('sweeper: scan finds a missed deadline -> warning, deadline applied', () => {
  const { scheduler } = parts;
  const planSweep = scheduler.planSweep.bind(scheduler);
  scheduler.planSweep = (...args) => ({ ...planSweep(...args), due: [] });
  parts.clock.advance(80_000);
  expect(status()).toBe('offline');
  expect(parts.log.of('sweep_missed_deadline')).toEqual([{ node_id: 'mine', status: 'ready', becomes: 'offline' }]);
});

it('sweeper: deadline comes during a scan -> no warning', () => {
  const { clock } = parts;
  const running = clock.monotonicMs.bind(clock);
  const scanAtMonotonicMs = 91_000;
  let reads = 0;
  // The scan takes 20 s. Only the first read of the clock, by the sweep, is before the deadline.
  clock.monotonicMs = () => (running() === scanAtMonotonicMs && reads++ > 0 ? running() + 20_000 : running());
  clock.advance(scanAtMonotonicMs - running());
  expect(reads).toBeGreaterThan(0);
  expect(parts.log.of('sweep_missed_deadline')).toEqual([]);
});

/** A sweeper whose plan is due at each sweep, until each node of the plan has been applied. */
function sweeperOf(due: Set<string>) {
  const [clock, turns] = [new ManualClock(), new TurnCounts()];
  const plans: number[] = [];
  let scans = 0;
  const sweeper = new Sweeper({
    pool: {
      availability: { announce: () => Promise.resolve() },
      nodeLog: { report: () => undefined },
      records: () => {
        scans++;
        return [];
      },
      planSweep: () => {
        plans.push(due.size);
        return { due: [...due], pauseState: NO_EVICTION_PAUSE };
      },
      setEvictionPause: () => undefined,
      preview: () => ({ next: null }),
      apply: (nodeId) => {
        turns.count();
        due.delete(nodeId);
      },
      pushDueStatuses: () => undefined,
      writeChanges: () => undefined,
    },
    clock,
    logger: silentLogger,
    policy: DEFAULT_LIFECYCLE_POLICY,
    scanIntervalMs: 0,
    pushesStatus: false,
  });
  sweeper.start();
  return { clock, sweeper, turns, plans, scans: () => scans };
}

const idsOf = (count: number): Set<string> => new Set(Array.from({ length: count }, (_, i) => `node-${String(i)}`));

it('sweeper: thousands of nodes are due at once -> applied in several turns, from one plan, and scanned after the last', async () => {
  const due = idsOf(20_000);
  const { clock, sweeper, turns, plans, scans } = sweeperOf(due);
  clock.advance(500);
  // A sweep while the plan is unfinished plans nothing: a plan counts the lost nodes.
  clock.advance(500);
  expect([plans, scans()]).toEqual([[20_000], 0]);
  await until('all deadlines', () => due.size === 0);
  expect([turns.total, turns.most]).toEqual([20_000, DEADLINES_PER_TURN]);
  clock.advance(500);
  expect([plans, scans()]).toEqual([[20_000, 0], 1]);
  turns.stop();
  sweeper.stop();
});

it('sweeper: stopped while a plan is unfinished -> no further deadline', async () => {
  const due = idsOf(1000);
  const { clock, sweeper, turns } = sweeperOf(due);
  clock.advance(500);
  sweeper.stop();
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  expect(due.size).toBe(1000 - DEADLINES_PER_TURN);
  turns.stop();
});
