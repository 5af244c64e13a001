// Failing writes: changes that must be durable are refused, others are retried.
import { shapeOfSize } from '../../../../src/main/scheduler/dispatch/prediction/request-shape';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NodeIdentities } from '../../../../src/main/scheduler/nodes/node-identities';
import { nodeRegisterSchema } from '../../../../src/shared/protocol/node-messages';
import { memoryScheduler, type MemoryScheduler } from '../../../support/memory-scheduler';
import { heartbeat, registration, type RegisterInput } from '../../../support/test-node';

const register = (change: Partial<RegisterInput> = {}) => nodeRegisterSchema.parse(registration(change));

let parts: MemoryScheduler;
beforeEach(() => {
  parts = memoryScheduler();
});

describe('store: writes fail', () => {
  it('registration -> INTERNAL_ERROR, no record, the id stays free', async () => {
    const { link, session } = parts.open();
    parts.store.isBroken = true;
    expect(await session.receive(register({ node_id: 'mine' }))).toBe(true);
    expect(link.sent).toMatchObject([{ type: 'node_error', code: 'INTERNAL_ERROR' }]);
    expect(parts.scheduler.views.nodes()).toEqual([]);
    expect(parts.log.of('store_write_failed')).toEqual([{ node_id: 'mine', reason: 'disk full' }]);
    parts.store.isBroken = false;
    await session.receive(register({ node_id: 'mine' }));
    expect(link.sent.at(1)).toMatchObject({ type: 'node_register_ack', node_id: 'mine' });
  });

  it('drain and removal by an operator -> refused, nothing changes', async () => {
    const { link, session } = parts.open();
    await session.receive(register({ node_id: 'mine' }));
    parts.store.isBroken = true;
    expect(await parts.pool.drain('mine', {})).toMatchObject({ ok: false, error: { code: 'INTERNAL_ERROR' } });
    expect(await parts.pool.remove('mine')).toMatchObject({ ok: false, error: { code: 'INTERNAL_ERROR' } });
    expect([parts.scheduler.views.node('mine')?.status, link.closedWith]).toEqual(['registering', null]);
  });

  it('20 writes fail in one turn -> one log line with the count', async () => {
    for (let i = 0; i < 20; i++) {
      const { session } = parts.open();
      await session.receive(register({ node_id: `node-${String(i)}` }));
      for (let beat = 0; beat < 3; beat++) await session.receive({ ...heartbeat(`node-${String(i)}`) });
    }
    parts.store.isBroken = true;
    parts.scheduler.writeChanges();
    await vi.waitFor(() => {
      expect(parts.log.of('store_write_failed')).toEqual([{ nodes: 20, node_id: 'node-0', reason: 'disk full' }]);
    });
  });

  it('status change -> written when writes succeed again', async () => {
    const { session } = parts.open();
    await session.receive(register({ node_id: 'mine' }));
    for (let i = 0; i < 3; i++) await session.receive({ ...heartbeat('mine') });
    parts.store.isBroken = true;
    parts.sweeper.start();
    parts.clock.advance(500);
    await Promise.resolve();
    expect(parts.store.nodes.get('mine')?.status).toBe('registering');
    parts.store.isBroken = false;
    parts.clock.advance(500);
    expect(parts.store.nodes.get('mine')?.status).toBe('ready');
    parts.sweeper.stop();
  });
});

describe('store: registration is being written', () => {
  it('same id from another socket -> NODE_ID_CONFLICT', async () => {
    const first = parts.open();
    const second = parts.open();
    await Promise.all([first.session.receive(register({ node_id: 'mine' })), second.session.receive(register({ node_id: 'mine' }))]);
    expect(first.link.sent[0]).toMatchObject({ type: 'node_register_ack' });
    expect(second.link.sent).toMatchObject([{ type: 'node_error', code: 'NODE_ID_CONFLICT' }]);
  });

  it('connection closed before the acknowledgement -> the id is free again', async () => {
    const { link, session } = parts.open();
    const done = session.receive(register({ node_id: 'mine' }));
    link.close(1006);
    session.closed(null);
    await done;
    expect([parts.scheduler.views.nodes(), parts.store.nodes.size]).toEqual([[], 0]);
    const again = parts.open();
    await again.session.receive(register({ node_id: 'mine' }));
    expect(again.link.sent[0]).toMatchObject({ type: 'node_register_ack', node_id: 'mine' });
  });
});

describe('node identities', () => {
  it('token -> proves only its own id, 256 random bits', () => {
    const identities = new NodeIdentities();
    const a = identities.issue('a', 1);
    const b = identities.issue(null, 1);
    expect(Buffer.from(a.token, 'base64url')).toHaveLength(32);
    expect(b.nodeId).toMatch(/^node-[0-9A-F]{8}$/);
    expect([identities.isProvenBy('a', a.token), identities.isProvenBy('a', b.token), identities.isProvenBy('c', a.token)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(a.tokenHash).not.toContain(a.token);
  });
});

it('dispatch: no candidate -> exclusions counted by reason, missed job counted for each node', async () => {
  const { session } = parts.open();
  await session.receive(register({ node_id: 'mine' }));
  const job = { requiredModels: [], public: true };
  expect(
    parts.scheduler.dispatcher.decide({ jobId: 'job-1', requirements: job, shape: shapeOfSize('command', 1), hold: null }),
  ).toMatchObject({
    node: null,
    reasons: { status_not_ready: { count: 1, examples: ['mine'] } },
  });
  expect(parts.scheduler.views.exclusions().reasons).toMatchObject({ status_not_ready: { count: 1, examples: ['mine'] } });
  parts.clock.advance(1000);
  expect(parts.scheduler.views.node('mine')?.missed_jobs).toMatchObject({ total: 1, reasons: [{ code: 'status_not_ready', count: 1 }] });
  expect(parts.log.of('dispatch_candidate_excluded')).toEqual([{ job_id: 'job-1', node_id: 'mine', reason: 'status_not_ready' }]);
  expect(parts.log.of('dispatch_no_candidate')).toMatchObject([{ job_id: 'job-1', reasons: { status_not_ready: { count: 1 } } }]);
});
