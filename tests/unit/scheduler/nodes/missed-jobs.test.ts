// What a node is told of the decisions that left it out: each by the record that the node had at that decision.
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobRequirements } from '../../../../src/shared/api/dispatch';
import { nodeRegisterSchema } from '../../../../src/shared/protocol/node-messages';
import { memoryScheduler, type MemoryScheduler } from '../../../support/memory-scheduler';
import { heartbeat, registration, type RegisterInput } from '../../../support/test-node';

/** More than the census waits before it tells the nodes. */
const A_WHILE_MS = 1000;
const HOUR_MS = 3_600_000;

let parts: MemoryScheduler;
beforeEach(() => {
  parts = memoryScheduler();
});

const job = (model = 'llm-a', change: Partial<JobRequirements> = {}): JobRequirements => ({
  required_models: [model],
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

/** Decides and assigns, as for a real job; says who got it. */
function dispatch(requirements = job()): string | null {
  const { node } = parts.scheduler.decide('job', requirements);
  if (node !== null) parts.scheduler.apply(node.nodeId, { type: 'job_assigned' });
  return node?.nodeId ?? null;
}

const release = (nodeId: string) => parts.scheduler.apply(nodeId, { type: 'job_released' });

/** The counts by reason. */
const told = (nodeId: string) =>
  Object.fromEntries(parts.scheduler.views.node(nodeId)?.missed_jobs.reasons.map(({ code, count }) => [code, count]) ?? []);

describe('a node is told', () => {
  it('nothing of a decision at which it was free, though it is full when the nodes are told', async () => {
    await ready('one', { max_concurrent_jobs: 1 });
    await ready('two', { max_concurrent_jobs: 1 });
    expect([dispatch(), dispatch()]).toEqual(['one', 'two']);
    parts.clock.advance(A_WHILE_MS);
    expect([told('one'), told('two')]).toEqual([{ capacity_exceeded: 1 }, {}]);
  });

  it('of every decision at which it was full, though it is free when the nodes are told', async () => {
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
    expect([told('full'), told('other')]).toEqual([{ capacity_exceeded: 20 }, {}]);
  });

  it.each([40, 300])('of each of %i decisions of a moment for as many models', async (count) => {
    await ready('has', { installed_models: modelsOf(count) });
    await ready('lacks');
    for (const { model_id } of modelsOf(count)) {
      expect(dispatch(job(model_id))).toBe('has');
      release('has');
    }
    parts.clock.advance(A_WHILE_MS);
    expect([told('has'), told('lacks')]).toEqual([{}, { model_not_available: count }]);
  });

  it('nothing of decisions before it joined, nor of those before it was removed and came back', async () => {
    await ready('has');
    await ready('lacks', { installed_models: modelsOf(1) });
    dispatch();
    await ready('joins', { installed_models: modelsOf(1) });
    parts.scheduler.apply('lacks', { type: 'removed' });
    await ready('lacks', { installed_models: modelsOf(1) });
    dispatch();
    parts.clock.advance(A_WHILE_MS);
    expect([told('lacks'), told('joins')]).toEqual([{ model_not_available: 1 }, { model_not_available: 1 }]);
  });

  it('by what it was before it registered anew, when that was between decision and telling', async () => {
    await ready('has');
    const { session } = parts.open();
    await session.receive(nodeRegisterSchema.parse(registration({ node_id: 'mine' })));
    dispatch();
    for (let i = 0; i < 3; i++) await session.receive({ ...heartbeat('mine') });
    await session.receive(nodeRegisterSchema.parse(registration({ node_id: 'mine', installed_models: modelsOf(1) })));
    for (let i = 0; i < 3; i++) await session.receive({ ...heartbeat('mine') });
    dispatch();
    parts.clock.advance(A_WHILE_MS);
    expect(told('mine')).toEqual({ status_not_ready: 1, model_not_available: 1 });
  });

  it('of a job that found nobody and of those that wait with it alike', async () => {
    await ready('lacks');
    expect(dispatch(job('llm-b'))).toBeNull();
    expect(told('lacks')).toEqual({ model_not_available: 1 });
    for (let i = 0; i < 3; i++) parts.scheduler.recordNoCandidate('job', job('llm-b'));
    parts.clock.advance(A_WHILE_MS);
    expect(told('lacks')).toEqual({ model_not_available: 4 });
  });

  it('of a job that asks for a node by its id only when it is that node', async () => {
    await ready('full', { max_concurrent_jobs: 1 });
    await ready('other', { installed_models: modelsOf(1) });
    const wanted = job('llm-a', { node_id: 'full' });
    dispatch(wanted);
    parts.scheduler.recordNoCandidate('job', wanted);
    parts.clock.advance(A_WHILE_MS);
    expect([told('full'), told('other')]).toEqual([{ capacity_exceeded: 1 }, {}]);
  });
});

it('what a node is told says that it is counted since the scheduler started, or for an hour', async () => {
  const startedAtMs = parts.clock.wallMs();
  await ready('mine');
  expect([parts.scheduler.views.summary().started_at, parts.scheduler.views.node('mine')?.missed_jobs.since]).toEqual([
    startedAtMs,
    startedAtMs,
  ]);
  parts.clock.advance(24 * HOUR_MS);
  const ageMs = parts.clock.wallMs() - (parts.scheduler.views.node('mine')?.missed_jobs.since ?? 0);
  expect([ageMs > HOUR_MS - 60_000, ageMs <= HOUR_MS]).toEqual([true, true]);
});
