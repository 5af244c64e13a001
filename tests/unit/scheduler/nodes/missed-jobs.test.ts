// Missed jobs: each decision is counted with the record that the node had at the decision.
import { shapeOfSize } from '../../../../src/main/scheduler/dispatch/prediction/request-shape';
import { beforeEach, describe, expect, it } from 'vitest';
import { nodeRegisterSchema } from '../../../../src/shared/protocol/node-messages';
import { memoryScheduler, type MemoryScheduler } from '../../../support/memory-scheduler';
import { heartbeat, registration, type RegisterInput } from '../../../support/test-node';
import { aRecord, at, aUsage, jobAssigned, jobReleased, POLICY } from '../lifecycle/records';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { MissedJobsLog } from '../../../../src/main/scheduler/dispatch/missed-jobs-log';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { MissedJobsCounter } from '../../../../src/main/scheduler/nodes/missed-jobs-counter';
import { NodeRegistry } from '../../../../src/main/scheduler/nodes/node-registry';
import { ManualClock } from '../../../support/manual-clock';

/** Longer than the counter collects decisions. */
const A_WHILE_MS = 1000;
const HOUR_MS = 3_600_000;

let parts: MemoryScheduler;
beforeEach(() => {
  parts = memoryScheduler();
});

const job = (model = 'llm-a', change: Partial<JobRequirements> = {}): JobRequirements => ({
  requiredModels: [model],
  public: true,
  ...change,
});
const modelsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ model_id: `llm-${String(i)}`, kind: 'llm' as const, version: '1' }));

async function ready(nodeId: string, change: Partial<RegisterInput> = {}): Promise<void> {
  const { session } = parts.open();
  await session.receive(nodeRegisterSchema.parse(registration({ node_id: nodeId, ...change })));
  for (let i = 0; i < 3; i++) await session.receive({ ...heartbeat(nodeId) });
}

/** Decides and assigns, as for a real job. Returns the chosen node. */
function dispatch(requirements = job()): string | null {
  const { node } = parts.scheduler.dispatcher.decide({ jobId: 'job', requirements, shape: shapeOfSize('command', 1), hold: null });
  if (node !== null) parts.scheduler.apply(node.nodeId, jobAssigned());
  return node?.nodeId ?? null;
}

const release = (nodeId: string) => parts.scheduler.apply(nodeId, jobReleased());

/** The counts by reason. */
const missed = (nodeId: string) =>
  Object.fromEntries(parts.scheduler.views.node(nodeId)?.missed_jobs.reasons.map(({ code, count }) => [code, count]) ?? []);

describe('missed jobs', () => {
  it('free at the decision, full when counted -> not counted', async () => {
    await ready('one', { max_concurrent_jobs: 1 });
    await ready('two', { max_concurrent_jobs: 1 });
    expect([dispatch(), dispatch()]).toEqual(['one', 'two']);
    parts.clock.advance(A_WHILE_MS);
    expect([missed('one'), missed('two')]).toEqual([{ capacity_exceeded: 1 }, {}]);
  });

  it('full at the decision, free when counted -> counted', async () => {
    await ready('full', { max_concurrent_jobs: 1 });
    dispatch();
    await ready('other');
    for (let i = 0; i < 20; i++) {
      expect(dispatch()).toBe('other');
      release('other');
      parts.clock.advance(10);
    }
    release('full');
    parts.clock.advance(A_WHILE_MS);
    expect([missed('full'), missed('other')]).toEqual([{ capacity_exceeded: 20 }, {}]);
  });

  it.each([40, 300])('%i decisions at once for as many models -> all counted', async (count) => {
    await ready('has', { installed_models: modelsOf(count) });
    await ready('lacks');
    for (const { model_id } of modelsOf(count)) {
      expect(dispatch(job(model_id))).toBe('has');
      release('has');
    }
    parts.clock.advance(A_WHILE_MS);
    expect([missed('has'), missed('lacks')]).toEqual([{}, { model_not_available: count }]);
  });

  it('decisions before the node joined or was removed -> not counted', async () => {
    await ready('has');
    await ready('lacks', { installed_models: modelsOf(1) });
    dispatch();
    await ready('joins', { installed_models: modelsOf(1) });
    parts.scheduler.apply('lacks', { type: 'removed' });
    await ready('lacks', { installed_models: modelsOf(1) });
    dispatch();
    parts.clock.advance(A_WHILE_MS);
    expect([missed('lacks'), missed('joins')]).toEqual([{ model_not_available: 1 }, { model_not_available: 1 }]);
  });

  it('registered again between decision and count -> counted with the record at the decision', async () => {
    await ready('has');
    const { session } = parts.open();
    await session.receive(nodeRegisterSchema.parse(registration({ node_id: 'mine' })));
    dispatch();
    for (let i = 0; i < 3; i++) await session.receive({ ...heartbeat('mine') });
    await session.receive(nodeRegisterSchema.parse(registration({ node_id: 'mine', installed_models: modelsOf(1) })));
    for (let i = 0; i < 3; i++) await session.receive({ ...heartbeat('mine') });
    dispatch();
    parts.clock.advance(A_WHILE_MS);
    expect(missed('mine')).toEqual({ status_not_ready: 1, model_not_available: 1 });
  });

  it('no candidate, and jobs that wait with the same requirements -> counted', async () => {
    await ready('lacks');
    expect(dispatch(job('llm-b'))).toBeNull();
    for (let i = 0; i < 3; i++) parts.scheduler.dispatcher.recordNoCandidate('job', job('llm-b'));
    parts.clock.advance(A_WHILE_MS);
    expect(missed('lacks')).toEqual({ model_not_available: 4 });
  });

  it('requested node -> counted only for that node', async () => {
    await ready('full', { max_concurrent_jobs: 1 });
    await ready('other', { installed_models: modelsOf(1) });
    const wanted = job('llm-a', { nodeId: 'full' });
    dispatch(wanted);
    parts.scheduler.dispatcher.recordNoCandidate('job', wanted);
    parts.clock.advance(A_WHILE_MS);
    expect([missed('full'), missed('other')]).toEqual([{ capacity_exceeded: 1 }, {}]);
  });
});

it('missed jobs: since -> the start of the scheduler, later one hour ago', async () => {
  const startedAtWallMs = parts.clock.wallMs();
  await ready('mine');
  expect([parts.scheduler.views.summary().started_at, parts.scheduler.views.node('mine')?.missed_jobs.since]).toEqual([
    startedAtWallMs,
    startedAtWallMs,
  ]);
  parts.clock.advance(24 * HOUR_MS);
  const ageMs = parts.clock.wallMs() - (parts.scheduler.views.node('mine')?.missed_jobs.since ?? 0);
  expect([ageMs > HOUR_MS - 60_000, ageMs <= HOUR_MS]).toEqual([true, true]);
});

it('missed jobs: the last other node leaves, so that the limits change -> counted with the limits of the decision', () => {
  const clock = new ManualClock();
  const registry = new NodeRegistry(POLICY, { ...DEFAULT_DISPATCH_POLICY, isOnLoopback: true });
  const log = new MissedJobsLog(at(0));
  const counter = new MissedJobsCounter(registry, clock, log);
  const [inUse, other] = ['in-use', 'other'].map((nodeId) =>
    aRecord({ nodeId, usage: aUsage({ ownerCpuPercent: nodeId === 'in-use' ? 71 : 0 }) }),
  );
  registry.keep(null, inUse ?? null);
  registry.keep(null, other ?? null);
  counter.decided(job('nmt-en-zh'));
  expect(registry.keep(other ?? null, null), 'the policy changes').toBe(true);
  clock.advance(A_WHILE_MS);
  expect(log.view('in-use', at(A_WHILE_MS)).reasons).toMatchObject([{ code: 'resource_threshold_exceeded', count: 1 }]);
});
