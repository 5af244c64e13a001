// Operations of operators: one write before the answer, and the node in the answer.
import { beforeEach, describe, expect, it } from 'vitest';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { parseHeartbeat } from '../../../../src/main/scheduler/nodes/core/node-report-views';
import { nodeRegisterSchema } from '../../../../src/shared/protocol/node-messages';
import { memoryScheduler, type MemoryScheduler } from '../../../support/memory-scheduler';
import { heartbeat, registration } from '../../../support/test-node';
import { aProfile } from '../lifecycle/records';

const SWEEP_MS = 500;
const beat: NodeEvent = { type: 'heartbeat', report: parseHeartbeat(heartbeat('mine')), graceUntilMonotonicMs: -Infinity };

let parts: MemoryScheduler;
beforeEach(async () => {
  parts = memoryScheduler();
  const { session } = parts.open();
  await session.receive(nodeRegisterSchema.parse(registration({ node_id: 'mine' })));
  parts.sweeper.start();
  return () => {
    parts.sweeper.stop();
  };
});

/** Two sweeps, after which all waiting changes are written. */
async function swept(): Promise<void> {
  for (let i = 0; i < 2; i++) {
    parts.clock.advance(SWEEP_MS);
    await Promise.resolve();
  }
}

const stored = () => parts.store.nodes.get('mine');

describe('operator: one operation -> one write', () => {
  it('drain -> one update', async () => {
    await parts.pool.drain('mine', { reason: 'lunch' });
    await swept();
    expect(parts.store.writes).toEqual(['update mine']);
    expect(stored()).toMatchObject({ status: 'offline', drain: { by: 'operator', reason: 'lunch' } });
  });

  it('resume -> one update', async () => {
    await parts.pool.drain('mine', {});
    await parts.pool.resume('mine');
    await swept();
    expect(parts.store.writes).toEqual(['update mine', 'update mine']);
    expect(stored()).toMatchObject({ status: 'registering', drain: null });
  });

  it('remove -> one removal', async () => {
    await parts.pool.remove('mine');
    await swept();
    expect(parts.store.writes).toEqual(['remove mine']);
    expect(stored()).toBeUndefined();
  });

  it('drain of a node with an unwritten change -> one update with both', async () => {
    const { scheduler } = parts;
    for (let i = 0; i < 3; i++) scheduler.apply('mine', beat);
    expect(scheduler.views.node('mine')?.status).toBe('ready');
    await parts.pool.drain('mine', {});
    await swept();
    expect(parts.store.writes).toEqual(['update mine']);
    expect(stored()).toMatchObject({ status: 'offline', previousStatus: 'draining' });
  });
});

describe('operator: the node changes during the write', () => {
  it('heartbeat meanwhile -> decided again and written again', async () => {
    parts.store.beforeWrite = () => {
      parts.store.beforeWrite = () => undefined;
      parts.clock.advance(7);
      parts.scheduler.apply('mine', beat);
    };
    await parts.pool.drain('mine', {});
    await swept();
    expect(parts.store.writes).toEqual(['update mine', 'update mine']);
    expect(stored()?.drain?.requestedAtWallMs).toBe(parts.scheduler.views.node('mine')?.drain?.requested_at);
  });

  it('drained meanwhile -> the store has the final state', async () => {
    parts.store.beforeWrite = () => {
      parts.store.beforeWrite = () => undefined;
      parts.scheduler.apply('mine', { type: 'drain_requested', by: 'node', reason: 'mine', timeoutMs: null });
    };
    expect(await parts.pool.drain('mine', { reason: 'lunch' })).toMatchObject({
      ok: false,
      error: { details: { reason: 'already_drained' } },
    });
    await swept();
    expect(stored()).toMatchObject({ status: 'offline', drain: { by: 'node', reason: 'mine' } });
  });

  it('write fails -> an earlier change is written later', async () => {
    const { scheduler } = parts;
    for (let i = 0; i < 3; i++) scheduler.apply('mine', beat);
    parts.store.isBroken = true;
    expect(await parts.pool.drain('mine', {})).toMatchObject({ ok: false, error: { code: 'INTERNAL_ERROR' } });
    parts.store.isBroken = false;
    await swept();
    expect(stored()).toMatchObject({ status: 'ready', drain: null });
  });
});

describe('operator: answer', () => {
  it('drain, resume -> the node with its new status', async () => {
    expect(await parts.pool.drain('mine', {})).toEqual({ ok: true, value: parts.scheduler.views.listedNode('mine') });
    expect(parts.scheduler.views.node('mine')).toMatchObject({ status: 'offline', drain: { by: 'operator' } });
    expect(await parts.pool.resume('mine')).toEqual({ ok: true, value: parts.scheduler.views.listedNode('mine') });
    expect(parts.scheduler.views.node('mine')).toMatchObject({ status: 'registering', drain: null });
  });

  it('tags -> stored, kept by a registration, events of the node unchanged', async () => {
    expect(await parts.pool.setTags('mine', ['lab'])).toMatchObject({ ok: true, value: { tags: ['lab'], status: 'registering' } });
    expect(stored()).toMatchObject({ tags: ['lab'] });
    parts.scheduler.apply('mine', { type: 'registered', nodeId: 'mine', profile: aProfile() });
    expect(parts.scheduler.views.node('mine')).toMatchObject({ tags: ['lab'] });
    expect(await parts.pool.setTags('unknown', [])).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  });

  it('drain, resume -> events in the history of the node', async () => {
    for (let i = 0; i < 3; i++) parts.scheduler.apply('mine', beat);
    await parts.pool.drain('mine', { reason: 'driver update' });
    await parts.pool.resume('mine');
    const history = await parts.pool.nodeHistory('mine', '1h');
    expect(history.ok && history.value.events.map((event) => (event.kind === 'state' ? [event.state, event.cause] : event))).toEqual([
      ['registering', { type: 'status', reason_code: 'registered' }],
      ['available', { type: 'status', reason_code: 'health_check_passed' }],
      ['paused', { type: 'drain', by: 'operator', note: 'driver update' }],
      ['registering', { type: 'status', reason_code: 'resumed' }],
    ]);
    expect(await parts.pool.nodeHistory('unknown', '1h')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  });

  it('remove -> no node in the answer', async () => {
    expect(await parts.pool.remove('mine')).toEqual({ ok: true, value: undefined });
  });
});
