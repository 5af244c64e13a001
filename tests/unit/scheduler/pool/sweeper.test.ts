// Deadlines when time passes, when the wall clock jumps, and when the scheduler stalls (lifecycle §1, Liveness and Triggers).
import { beforeEach, expect, it } from 'vitest';
import { nodeRegisterSchema } from '../../../../src/shared/protocol/node-messages';
import { type MemoryLink, memoryScheduler, type MemoryScheduler } from '../../../support/memory-scheduler';
import { heartbeat, registration } from '../../../support/test-node';

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
