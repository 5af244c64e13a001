// The pause of a node over real sockets: an operator cannot end it, running jobs finish or move, every view shows it.
import { describe, expect, it } from 'vitest';
import { sendRequest } from '../support/http-api';
import { accept, chatOutput, jobOf, nodeOf, readyNode, submitted, succeed } from '../support/job-pool';
import { TestNode } from '../support/test-node';
import { useKeptScheduler } from '../support/use-kept-scheduler';

const UNTIL = 4_000_000_000_000;
const pool = useKeptScheduler();

async function operate(nodeId: string, operation: 'drain' | 'resume') {
  const answer = await sendRequest(pool.scheduler.port, { method: 'POST', path: `/api/v1/nodes/${nodeId}/${operation}`, body: {} });
  return [answer.status, answer.json()] as const;
}

async function pausedNode(fields: object = {}) {
  const node = await readyNode(pool.scheduler.url, { node_id: 'mine' });
  node.send({ type: 'node_drain', node_id: 'mine', reason_code: 'full_screen', detail: 'Factorio', until: UNTIL, ...fields });
  await node.settled();
  return node;
}

describe('views', () => {
  it('paused node -> reason, detail, beginning and end in API, pushed status, explanation, metrics and log', async () => {
    const node = await pausedNode();
    const pause = { reason_code: 'full_screen', detail: 'Factorio', since: pool.scheduler.clock.wallMs(), until: UNTIL };
    const view = { ...pause, running_jobs: 'finish', deadline_at: null };
    expect(await nodeOf(pool.scheduler.port, 'mine')).toMatchObject({
      status: 'offline',
      online: true,
      availability: { state: 'paused' },
      drain: null,
      pause: view,
    });
    expect(node.status).toMatchObject({ status: 'offline', pause: view });
    const explained = await sendRequest(pool.scheduler.port, {
      method: 'POST',
      path: '/api/v1/dispatch/explain',
      body: { required_models: ['llm-a'] },
    });
    // Clients read explanations: the rule of the owner and its detail stay with operators.
    expect(JSON.stringify(explained.json())).toContain(
      JSON.stringify({ status: 'offline', reason_code: 'drain_complete', pause: { since: pause.since, until: UNTIL } }),
    );
    expect(explained.text).not.toMatch(/full_screen|Factorio/);
    const { text } = await sendRequest(pool.scheduler.port, { path: '/metrics' });
    expect(text).toContain('muster_nodes_paused{reason_code="full_screen"} 1');
    expect(pool.scheduler.log.of('node_paused')).toEqual([
      { node_id: 'mine', reason_code: 'full_screen', detail: 'Factorio', until: UNTIL, running_jobs: 'finish' },
    ]);
    node.send({ type: 'node_resume', node_id: 'mine' });
    await node.settled();
    expect(node.status).toMatchObject({ status: 'registering', reason_code: 'resumed', pause: null });
    expect(pool.scheduler.log.of('node_unpaused')).toEqual([{ node_id: 'mine', reason_code: 'full_screen' }]);
  });

  it('reason of a newer node, long detail with control characters -> owner, plain text', async () => {
    await pausedNode({ reason_code: 'phase_of_the_moon', detail: `a\u0007\u202e${'b'.repeat(500)}` });
    expect((await nodeOf(pool.scheduler.port, 'mine')).pause).toMatchObject({ reason_code: 'owner', detail: `a${'b'.repeat(127)}` });
  });

  it.each([
    ['detail', { detail: 'x'.repeat(1025) }],
    ['until', { until: 'tomorrow' }],
    ['until', { until: -1 }],
    ['timeout_seconds', { timeout_seconds: -1 }],
  ])('invalid %s -> refused, names the field, nothing changed', async (field, fields) => {
    const node = await readyNode(pool.scheduler.url, { node_id: 'mine' });
    node.sendRaw(JSON.stringify({ type: 'node_drain', node_id: 'mine', reason_code: 'owner', ...fields }));
    expect(await node.until('node_error')).toMatchObject({ code: 'INVALID_MESSAGE', details: { field } });
    expect(await nodeOf(pool.scheduler.port, 'mine')).toMatchObject({ status: 'ready', pause: null });
  });
});

describe('two intents', () => {
  it('operator resumes a paused node -> 409 paused_by_owner, still paused', async () => {
    await pausedNode();
    expect(await operate('mine', 'resume')).toMatchObject([
      409,
      { error: { code: 'INVALID_STATE', details: { reason: 'paused_by_owner' } } },
    ]);
    expect(await nodeOf(pool.scheduler.port, 'mine')).toMatchObject({ availability: { state: 'paused' }, pause: { detail: 'Factorio' } });
  });

  it('operator drains a paused node -> both hold, pushed to the node; each ends its own', async () => {
    const node = await pausedNode();
    expect(await operate('mine', 'drain')).toMatchObject([200, { drain: { by: 'operator' }, pause: { detail: 'Factorio' } }]);
    await node.settled();
    expect(node.status).toMatchObject({ periodic: true, drain: { by: 'operator' } });
    node.send({ type: 'node_resume', node_id: 'mine' });
    await node.settled();
    expect(await nodeOf(pool.scheduler.port, 'mine')).toMatchObject({ status: 'offline', drain: { by: 'operator' }, pause: null });
    node.send({ type: 'node_resume', node_id: 'mine' });
    expect(await node.until('node_error')).toMatchObject({ details: { reason: 'drained_by_operator' } });
    expect(await operate('mine', 'resume')).toMatchObject([200, { status: 'registering' }]);
  });

  it('drain of an agent of an earlier version -> a drain of the node, which an operator ends', async () => {
    const node = await readyNode(pool.scheduler.url, { node_id: 'mine' });
    node.send({ type: 'node_drain', node_id: 'mine', reason: 'owner_finishes' });
    await node.settled();
    expect(await nodeOf(pool.scheduler.port, 'mine')).toMatchObject({ drain: { by: 'node', reason: 'owner_finishes' }, pause: null });
    expect(await operate('mine', 'resume')).toMatchObject([200, { status: 'registering' }]);
  });
});

describe('registration', () => {
  it('with the pause -> paused before any job, drain of an operator kept; without -> unpaused', async () => {
    const node = await pausedNode();
    await operate('mine', 'drain');
    node.close();
    const again = { node_id: 'mine', node_token: node.ack.node_token };
    const back = await TestNode.registered(pool.scheduler.url, { ...again, pause: { reason_code: 'owner' } });
    await back.settled();
    expect(await nodeOf(pool.scheduler.port, 'mine')).toMatchObject({
      online: true,
      status: 'offline',
      drain: { by: 'operator' },
      pause: { reason_code: 'owner', until: null },
    });
    await operate('mine', 'resume');
    const last = await TestNode.registered(pool.scheduler.url, again);
    await last.settled();
    expect(await nodeOf(pool.scheduler.port, 'mine')).toMatchObject({ status: 'registering', pause: null });
  });

  it('scheduler restarts -> paused before and after the node is back', async () => {
    const node = await pausedNode();
    await pool.scheduler.stop();
    await pool.start();
    const pause = { reason_code: 'full_screen', detail: 'Factorio', until: UNTIL } as const;
    expect(await nodeOf(pool.scheduler.port, 'mine')).toMatchObject({ online: false, availability: { state: 'offline' }, pause });
    const back = await TestNode.registered(pool.scheduler.url, { node_id: 'mine', node_token: node.ack.node_token, pause });
    await back.settled();
    expect(await nodeOf(pool.scheduler.port, 'mine')).toMatchObject({ online: true, availability: { state: 'paused' }, pause });
    expect(await operate('mine', 'resume')).toMatchObject([409, { error: { details: { reason: 'paused_by_owner' } } }]);
  });
});

describe('running jobs', () => {
  /** One running job on a node that is then paused. */
  async function pausedWithJob(fields: object) {
    const node = await readyNode(pool.scheduler.url, { node_id: 'mine' });
    const jobId = await submitted(pool.scheduler.port);
    const first = await node.until('job_assign');
    accept(node, first);
    await node.settled();
    node.send({ type: 'node_drain', node_id: 'mine', reason_code: 'owner', ...fields });
    await node.settled();
    return { node, jobId, first };
  }

  it('finish -> draining with the pause, paused when the job has ended', async () => {
    const { node, jobId, first } = await pausedWithJob({});
    expect(node.status).toMatchObject({ status: 'draining', availability: { state: 'draining' }, pause: { running_jobs: 'finish' } });
    succeed(node, first, chatOutput('done'));
    await node.until('job_result_ack', (ack) => ack.job_id === jobId);
    await node.settled();
    expect(await jobOf(pool.scheduler.port, jobId)).toMatchObject({ status: 'succeeded', result: { node_id: 'mine' } });
    expect(node.status).toMatchObject({ status: 'offline', availability: { state: 'paused' } });
  });

  it('move -> requeued at once, runs on another node, late result ignored', async () => {
    const { node, jobId, first } = await pausedWithJob({ timeout_seconds: 0 });
    expect(await node.until('job_cancel')).toMatchObject({ job_id: jobId, attempt: 1, reason: 'drain_timeout' });
    expect(node.status).toMatchObject({ status: 'offline', availability: { state: 'paused' }, pause: { running_jobs: 'move' } });
    const other = await readyNode(pool.scheduler.url, { node_id: 'other' });
    const second = await other.until('job_assign');
    expect(second).toMatchObject({ job_id: jobId, attempt: 2 });
    accept(other, second);
    succeed(node, first, chatOutput('too late'));
    await node.until('job_result_ack', (ack) => ack.job_id === jobId);
    succeed(other, second, chatOutput('moved'));
    await other.until('job_result_ack', (ack) => ack.job_id === jobId);
    expect(await jobOf(pool.scheduler.port, jobId)).toMatchObject({
      status: 'succeeded',
      attempts: [
        { node_id: 'mine', outcome: 'drain_timeout' },
        { node_id: 'other', outcome: 'succeeded' },
      ],
      result: { node_id: 'other' },
    });
  });

  it('finish, then move -> requeued once', async () => {
    const { node, jobId } = await pausedWithJob({});
    node.send({ type: 'node_drain', node_id: 'mine', reason_code: 'owner', timeout_seconds: 0 });
    node.send({ type: 'node_drain', node_id: 'mine', reason_code: 'owner', timeout_seconds: 0 });
    await node.settled();
    expect(await jobOf(pool.scheduler.port, jobId)).toMatchObject({ status: 'queued', attempts: [{ outcome: 'drain_timeout' }] });
  });
});
