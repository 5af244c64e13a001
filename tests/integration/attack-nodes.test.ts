// Attacks of machines with a key, or without any key, on the node socket and the API. Each test names what holds beside the
// attack (docs/protocol.md, section 1).
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { nodePageSchema, nodeViewSchema } from '../../src/shared/api/node-view';
import { EventStreamClient } from '../support/event-stream-client';
import { ghost, knownIds, refusalOf } from '../support/ghosts';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { readyNode } from '../support/job-pool';
import { ManualClock } from '../support/manual-clock';
import { schedulerOfTest } from '../support/scheduler-of-test';
import { registration, TestNode } from '../support/test-node';
import { temporaryDir } from '../support/test-scheduler';

const MODELS = Array.from({ length: 950 }, (_, i) => ({ model_id: `ghost-model-${String(i)}`, kind: 'llm' as const, version: '1' }));

describe('ghost nodes', () => {
  it('more new nodes of one address than a minute allows -> refused with numbers, known node registers', async () => {
    const scheduler = await schedulerOfTest();
    const honest = await readyNode(scheduler.url, { node_id: 'honest' });
    for (let i = 0; i < 59; i++) expect(await ghost(scheduler, { installed_models: MODELS.slice(0, 20) })).toBeNull();
    expect(await refusalOf(scheduler)).toMatchObject({
      code: 'TOO_MANY_REGISTRATIONS',
      details: { field: 'node_register', reason: 'allowed: 60 registrations of new nodes per minute from 127.0.0.1; retry in 1 s' },
    });
    honest.close();
    await TestNode.registered(scheduler.url, { node_id: 'honest', node_token: honest.ack.node_token });
    scheduler.clock.advance(1100);
    expect(await ghost(scheduler)).toBeNull();
    expect(scheduler.log.of('limit_reached')).toMatchObject([{ limit: 'new_nodes_per_address', from: '127.0.0.1', count: 1 }]);
    expect((await sendRequest(scheduler.port, { path: '/metrics' })).text).toContain(
      'muster_limits_reached_total{limit="new_nodes_per_address"} 1',
    );
  });

  it('an invitation, more new nodes than a minute allows -> the further ones write nothing to the disk', async () => {
    const scheduler = await schedulerOfTest({ server: { loopback: 'keys', maxNewNodesPerMinute: 2 } });
    const invite = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/invites', body: { uses: 9 } });
    const headers = bearer((invite.json() as { readonly key: string }).key);
    for (let i = 0; i < 2; i++) expect(await ghost(scheduler, {}, headers)).toBeNull();
    // The writes of both ghosts have ended.
    await sendRequest(scheduler.port, { path: '/healthz' });
    const written = vi.spyOn(DatabaseSync.prototype, 'exec');
    onTestFinished(() => {
      written.mockRestore();
    });
    for (let i = 0; i < 3; i++) expect(await refusalOf(scheduler, {}, headers)).toMatchObject({ code: 'TOO_MANY_REGISTRATIONS' });
    expect(written).not.toHaveBeenCalledWith('COMMIT');
    const { invites } = (await sendRequest(scheduler.port, { path: '/api/v1/invites' })).json() as { readonly invites: readonly unknown[] };
    expect(invites).toMatchObject([{ uses: 2 }]);
  });

  it('maximum of known nodes -> a ghost makes place; without a ghost refused with numbers; known node registers', async () => {
    const scheduler = await schedulerOfTest({ scheduler: { maxNodes: 3 } });
    const honest = await readyNode(scheduler.url, { node_id: 'honest' });
    expect(await ghost(scheduler, { node_id: 'ghost-1' })).toBeNull();
    scheduler.clock.advance(10);
    expect(await ghost(scheduler, { node_id: 'ghost-2' })).toBeNull();
    await expect.poll(() => scheduler.log.of('node_registered').length).toBe(3);
    await expect.poll(async () => (await sendRequest(scheduler.port, { path: '/api/v1/nodes/ghost-2' })).text).toContain('"online":false');
    const second = await readyNode(scheduler.url, { node_id: 'second' });
    const third = await readyNode(scheduler.url, { node_id: 'third' });
    expect(await knownIds(scheduler)).toEqual(['honest', 'second', 'third']);
    expect(await refusalOf(scheduler, { node_id: 'late' })).toMatchObject({
      code: 'POOL_FULL',
      details: { field: 'node_id', reason: 'the scheduler knows 3 nodes, and scheduler.max_nodes is 3' },
    });
    honest.close();
    await TestNode.registered(scheduler.url, { node_id: 'honest', node_token: honest.ack.node_token });
    expect(scheduler.log.of('limit_reached')).toEqual([{ limit: 'nodes', from: '127.0.0.1', count: 1 }]);
    second.close();
    third.close();
  });

  it('never ready -> forgotten after minutes, also over a restart; once ready -> kept for a day', async () => {
    const folder = temporaryDir();
    const databaseFile = `${folder.dir}/scheduler.db`;
    const first = await schedulerOfTest({ databaseFile });
    const honest = await readyNode(first.url, { node_id: 'honest' });
    honest.close();
    expect(await ghost(first, { node_id: 'ghost', installed_models: MODELS })).toBeNull();
    await first.stop();
    const second = await schedulerOfTest({ databaseFile });
    expect(await knownIds(second)).toEqual(['ghost', 'honest']);
    second.clock.advance(50_000);
    expect(await knownIds(second)).toEqual(['ghost', 'honest']);
    second.clock.advance(310_000);
    expect(await knownIds(second)).toEqual(['honest']);
    expect(second.log.of('node_removed')).toEqual([{ node_id: 'ghost', reason_code: 'expired' }]);
    second.clock.advance(40_000_000);
    expect(await knownIds(second)).toEqual(['honest']);
    await second.stop();
    folder.remove();
  });

  it('register and unregister in a loop on one socket -> closed, few log lines', async () => {
    const scheduler = await schedulerOfTest();
    const node = await TestNode.connect(scheduler.url);
    for (let i = 0; i < 2000; i++) {
      node.send(registration({ node_id: `loop-${String(i)}` }));
      node.send({ type: 'node_unregister', node_id: `loop-${String(i)}` });
    }
    expect(await node.closed).toBe(4008);
    expect(await knownIds(scheduler)).toEqual([]);
    expect(scheduler.log.lines.length).toBeLessThan(600);
  });

  it('registrations of one known node in a loop -> refused, few log lines', async () => {
    const scheduler = await schedulerOfTest();
    const node = await TestNode.registered(scheduler.url, { node_id: 'flapping' });
    for (let i = 0; i < 1000; i++) node.send(registration({ node_id: 'flapping' }));
    expect(await node.closed).toBe(4008);
    expect(scheduler.log.of('limit_reached')).toMatchObject([{ limit: 'registrations_per_node', from: '127.0.0.1' }]);
    scheduler.clock.advance(11_000);
    expect(scheduler.log.of('node_registered')).toHaveLength(20);
    // 31 registrations were accepted.
    expect(scheduler.log.of('log_lines_suppressed')).toContainEqual({
      node_id: 'flapping',
      suppressed_event: 'node_registered',
      lines: 11,
    });
  });
});

describe('silent sockets', () => {
  it('200 silent sockets of one address -> 8 accepted, the known node gets in, a new node after 2 s', async () => {
    const scheduler = await schedulerOfTest();
    const honest = await readyNode(scheduler.url, { node_id: 'honest' });
    honest.close();
    const storm = await Promise.allSettled(Array.from({ length: 200 }, () => TestNode.connect(scheduler.url)));
    expect(storm.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
    await expect(TestNode.connect(scheduler.url)).rejects.toMatchObject({ status: 503 });
    await expect(TestNode.connect(scheduler.url, { 'muster-node-id': 'honest', 'muster-node-token': 'wrong' })).rejects.toMatchObject({
      status: 503,
    });
    const proof = { 'muster-node-id': 'honest', 'muster-node-token': honest.ack.node_token ?? '' };
    const back = await TestNode.connect(scheduler.url, proof);
    back.send(registration({ node_id: 'honest', node_token: honest.ack.node_token }));
    await back.next('node_register_ack');
    scheduler.clock.advance(2300);
    await expect.poll(() => scheduler.log.of('node_socket_closed').length).toBe(8);
    await TestNode.registered(scheduler.url, { node_id: 'new-one' });
    expect(scheduler.log.of('limit_reached')[0]).toEqual({ limit: 'handshakes_per_address', from: '127.0.0.1', count: 1 });
    expect(scheduler.log.lines.length).toBeLessThan(60);
  });

  it('silent sockets of a known node -> 2 accepted', async () => {
    const scheduler = await schedulerOfTest();
    const { ack } = await TestNode.registered(scheduler.url, { node_id: 'honest' });
    const proof = { 'muster-node-id': 'honest', 'muster-node-token': ack.node_token ?? '' };
    const storm = await Promise.allSettled(Array.from({ length: 20 }, () => TestNode.connect(scheduler.url, proof)));
    expect(storm.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });
});

describe('wrong tokens', () => {
  it('many tries over HTTP -> 401, then 429; logged with counts; the right token still works', async () => {
    const scheduler = await schedulerOfTest({ server: { host: '0.0.0.0' } });
    const ask = (token: string) => sendRequest(scheduler.port, { path: '/api/v1/nodes', headers: { authorization: `Bearer ${token}` } });
    const statuses = [];
    for (let i = 0; i < 100; i++) statuses.push((await ask(`guess-${String(i)}`)).status);
    expect([statuses.slice(0, 20).every((status) => status === 401), statuses.slice(20).every((status) => status === 429)]).toEqual([
      true,
      true,
    ]);
    expect((await ask(OWNER_KEY)).status).toBe(200);
    expect((await sendRequest(scheduler.port, { path: '/api/v1/nodes', headers: { authorization: null } })).status).toBe(401);
    scheduler.clock.advance(11_000);
    expect(scheduler.log.of('auth_failed')).toEqual([
      { from: '127.0.0.1', count: 1 },
      { from: '127.0.0.1', count: 99 },
    ]);
    expect((await ask('guess')).headers['retry-after']).toBeUndefined();
    const metrics = await sendRequest(scheduler.port, { path: '/metrics', headers: { authorization: `Bearer ${OWNER_KEY}` } });
    expect(metrics.text).toContain('muster_auth_failures_total 101');
  });

  it('many tries at the upgrade -> 401, then 429; an invitation still works', async () => {
    const scheduler = await schedulerOfTest({ server: { host: '0.0.0.0' } });
    const statuses = [];
    for (let i = 0; i < 30; i++) {
      const refused = await TestNode.connect(scheduler.url, { authorization: 'Bearer guess' }).catch((error: unknown) => error);
      statuses.push((refused as { status?: number }).status);
    }
    expect([statuses[19], statuses[20], statuses[29]]).toEqual([401, 429, 429]);
    const invite = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/invites', body: {} });
    await TestNode.connect(scheduler.url, { authorization: `Bearer ${(invite.json() as { readonly key: string }).key}` });
    expect(scheduler.log.of('auth_failed')).toEqual([{ from: '127.0.0.1', count: 1 }]);
  });
});

describe('many nodes', () => {
  it('nodes page by page -> each once, in the order of the ids, also when nodes come and go', async () => {
    const scheduler = await schedulerOfTest();
    const answer = async (request: Parameters<typeof sendRequest>[1]) => {
      const { status, text } = await sendRequest(scheduler.port, request);
      return [status, JSON.parse(text)] as [number, unknown];
    };
    for (const nodeId of ['c', 'a', 'e', 'b']) await readyNode(scheduler.url, { node_id: nodeId });
    const page = async (query: string) => nodePageSchema.parse((await answer({ path: `/api/v1/nodes${query}` }))[1]);
    const first = await page('?limit=2');
    expect([first.nodes.map(({ node_id: id }) => id), first.next_cursor]).toEqual([['a', 'b'], 'b']);
    await answer({ method: 'DELETE', path: '/api/v1/nodes/b' });
    await readyNode(scheduler.url, { node_id: 'd' });
    const second = await page('?limit=2&cursor=b');
    const third = await page(`?limit=2&cursor=${second.next_cursor ?? ''}`);
    expect([...second.nodes, ...third.nodes].map(({ node_id: id }) => id)).toEqual(['c', 'd', 'e']);
    expect(third.next_cursor).toBeNull();
    expect(first.nodes[0]).toMatchObject({ models: { installed: 1, enabled: 1, ready: 1 } });
    expect(first.nodes[0]).not.toHaveProperty('installed_models');
    const models = { installed_models: [{ model_id: 'llm-a' }], capability_state: null };
    expect(await answer({ path: '/api/v1/nodes/a' })).toMatchObject([200, models]);
    expect((await answer({ path: '/api/v1/nodes?limit=501' }))[0]).toBe(400);
    expect(await answer({ path: '/api/v1/models/nodes?model=LLM-' })).toEqual([200, { node_ids: ['c', 'a', 'e', 'd'] }]);
  });

  it('list and event stream of 500 nodes with 950 models -> without models, in pieces, health check answered meanwhile', async () => {
    const folder = temporaryDir();
    const databaseFile = `${folder.dir}/scheduler.db`;
    const first = await schedulerOfTest({ databaseFile });
    await ghost(first, { node_id: 'seed', installed_models: MODELS });
    await first.stop();
    const database = new DatabaseSync(databaseFile);
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
      INSERT INTO nodes SELECT 'ghost-' || i, token_hash, created_at, profile, status, reason_code, previous_status, since, drain, quarantine,
      has_been_ready, pause, tags, wake FROM nodes, n WHERE node_id = 'seed'`);
    database.close();
    const scheduler = await schedulerOfTest({ databaseFile });
    const stream = await EventStreamClient.open(scheduler.port, '/api/v1/events');
    const snapshot = stream.first(1);
    expect((await sendRequest(scheduler.port, { path: '/healthz' })).status).toBe(200);
    const [event] = await snapshot;
    const { nodes } = z.object({ nodes: z.array(nodeViewSchema) }).parse(event?.data);
    expect([nodes.length, nodes[0]?.installed_models, nodes[0]?.models?.installed]).toEqual([501, undefined, 950]);
    expect(JSON.stringify(event?.data).length / nodes.length).toBeLessThan(3000);
    expect(await knownIds(scheduler)).toHaveLength(200);
    stream.close();
    await scheduler.stop();
    folder.remove();
  });
});

/** Every look at the clock takes a millisecond, so each message takes some. */
class SlowClock extends ManualClock {
  override monotonicMs(): number {
    this.stall(1);
    return super.monotonicMs();
  }
}

describe('messages of a known node', () => {
  it('flood of small messages in one read -> a few in each turn of the event loop, all answered', async () => {
    const scheduler = await schedulerOfTest({ clock: new SlowClock() });
    const node = await TestNode.registered(scheduler.url);
    await node.settled();
    const errors = (): number => node.received.filter(({ type }) => type === 'node_error').length;
    const known = errors();
    for (let i = 0; i < 500; i++) node.send({ type: 'node_resume', node_id: node.nodeId });
    let turns = 0;
    for (; errors() < known + 500 && turns < 20_000; turns++) await nextTurn();
    expect(errors()).toBe(known + 500);
    expect(turns).toBeGreaterThan(50);
  });
});
