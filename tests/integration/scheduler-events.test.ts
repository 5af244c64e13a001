// Server-sent events: a snapshot, then a sequence without gaps that can be resumed, for clients that read.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppApi, AppListener } from '../../src/shared/api/app-api';
import type { AppEvent } from '../../src/shared/api/app-state';
import { poolEventSchema } from '../../src/shared/api/node-view';
import { fail, ok } from '../../src/shared/result';
import { EventStreamClient } from '../support/event-stream-client';
import { sendRequest } from '../support/http-api';
import { heartbeat, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

const PATH = '/api/v1/events';
let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

const follow = (lastEventId?: number): Promise<EventStreamClient> =>
  EventStreamClient.open(scheduler.port, PATH, lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) });

/** One change that causes an event: the node sends a heartbeat, and 100 ms pass, after which the changes are sent. */
async function change(node: TestNode): Promise<void> {
  node.send(heartbeat(node.nodeId));
  await node.settled();
  scheduler.clock.advance(100);
}

describe('pool stream', () => {
  it('opened -> snapshot, then changes numbered without gaps', async () => {
    const node = await TestNode.registered(scheduler.url, { node_id: 'mine' });
    const stream = await follow();
    for (let i = 0; i < 3; i++) await change(node);
    await scheduler.pool.remove('mine');
    const events = await stream.first(5);
    expect(events.map(({ data }) => data['type'])).toEqual(['snapshot', 'node_changed', 'node_changed', 'node_changed', 'node_removed']);
    expect(events[0]?.data).toMatchObject({
      pool: { scheduler_version: '1.2.3', mass_loss: null },
      nodes: [{ node_id: 'mine', status: 'registering' }],
    });
    expect(events[3]?.data).toMatchObject({ node: { status: 'ready' } });
    const start = events[0]?.id ?? 0;
    expect(events.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4].map((n) => start + n));
    for (const { data } of events) expect(poolEventSchema.safeParse(data).error).toBeUndefined();
    stream.close();
  });

  it('changes within 100 ms -> one event per node', async () => {
    const node = await TestNode.registered(scheduler.url);
    const stream = await follow();
    for (let i = 0; i < 5; i++) node.send(heartbeat(node.nodeId));
    await node.settled();
    scheduler.clock.advance(100);
    await change(node);
    expect((await stream.first(3)).map(({ data }) => data['type'])).toEqual(['snapshot', 'node_changed', 'node_changed']);
    stream.close();
  });

  it('availability: a load crosses a limit, and a second node joins -> node_changed with the new state', async () => {
    const node = await TestNode.registered(scheduler.url, { node_id: 'mine' });
    for (let i = 0; i < 3; i++) await change(node);
    const stream = await follow();
    const usage = { cpu_percent: 71, mem_percent: 20, gpu_percent: 4, running_jobs: 0 };
    node.send(heartbeat('mine', { resource_usage: usage }));
    await node.settled();
    scheduler.clock.advance(100);
    await TestNode.registered(scheduler.url, { node_id: 'other' });
    scheduler.clock.advance(100);
    node.send(heartbeat('mine', { resource_usage: { ...usage, cpu_percent: 5 } }));
    await node.settled();
    scheduler.clock.advance(100);
    type View = { readonly node_id: string; readonly availability: { readonly state: string } };
    const events = await stream.first(5);
    expect((events[0]?.data['nodes'] as readonly View[]).map(({ availability }) => availability.state)).toEqual(['available']);
    const views = events.slice(1).map(({ data }) => data['node'] as View);
    expect(views.map(({ node_id: id, availability }) => `${id} ${availability.state}`)).toEqual([
      // Alone on loopback, the node has no limit.
      'mine available',
      'other registering',
      'mine busy',
      'mine available',
    ]);
    expect(views[2]).toMatchObject({ availability: { reasons: [{ found: { cpu_percent: 71 }, wanted: { set_by: { cpu: 'default' } } }] } });
    stream.close();
  });

  it('a second node changes the limits of the pool -> no event of the nodes that are not connected', async () => {
    for (const nodeId of ['away-1', 'away-2']) {
      const away = await TestNode.registered(scheduler.url, { node_id: nodeId });
      away.send({ type: 'node_drain', node_id: nodeId, timeout_seconds: 0 });
      await away.until('node_status', ({ status }) => status === 'offline');
      away.socket.close();
      await away.closed;
    }
    const node = await TestNode.registered(scheduler.url, { node_id: 'mine' });
    scheduler.clock.advance(100);
    const stream = await follow();
    await TestNode.registered(scheduler.url, { node_id: 'other' });
    scheduler.clock.advance(100);
    await change(node);
    const changed = (await stream.first(4)).slice(1).map(({ data }) => (data['node'] as { node_id: string }).node_id);
    expect(changed).toEqual(['other', 'mine', 'mine']);
    stream.close();
  });

  it('resumed after a number -> missed events, no snapshot', async () => {
    const node = await TestNode.registered(scheduler.url);
    const before = await follow();
    await change(node);
    const [, seen] = await before.first(2);
    before.close();
    await before.closed;
    await change(node);
    await change(node);
    const after = await follow(seen?.id ?? 0);
    const missed = await after.first(2);
    expect(missed.map(({ id, data }) => [id, data['type']])).toEqual([
      [(seen?.id ?? 0) + 1, 'node_changed'],
      [(seen?.id ?? 0) + 2, 'node_changed'],
    ]);
    after.close();
  });

  it.each([
    ['too long ago', 1],
    ['of the future', Number.MAX_SAFE_INTEGER],
  ])('number %s -> snapshot', async (_what, lastEventId) => {
    const stream = await follow(lastEventId);
    expect((await stream.first(1))[0]?.data).toMatchObject({ type: 'snapshot' });
    stream.close();
  });

  it('resumed after a minute without any subscriber -> snapshot', async () => {
    const before = await follow();
    const [snapshot] = await before.first(1);
    before.close();
    await vi.waitFor(async () => {
      expect((await sendRequest(scheduler.port, { path: '/metrics' })).text).toContain('muster_event_streams 0');
    });
    scheduler.clock.advance(61_000);
    const after = await follow(snapshot?.id ?? 0);
    expect((await after.first(1))[0]?.data).toMatchObject({ type: 'snapshot' });
    after.close();
  });

  it('silence -> comment every 15 s', async () => {
    const stream = await follow();
    await stream.first(1);
    scheduler.clock.advance(15_000);
    scheduler.clock.advance(15_000);
    await vi.waitFor(() => {
      expect(stream.comments).toBe(2);
    });
    stream.close();
  });

  it('slow consumer -> disconnected, others kept', async () => {
    // Events leave the models out, so other fields make them large.
    const node = await TestNode.registered(scheduler.url, {
      advanced_features: Array.from({ length: 64 }, (_, i) => `${String(i)}-${'x'.repeat(120)}`),
    });
    const lazy = await follow();
    const eager = await follow();
    lazy.pause();
    const count = async (): Promise<string> => (await sendRequest(scheduler.port, { path: '/metrics' })).text;
    await vi.waitFor(
      async () => {
        for (let i = 0; i < 100; i++) {
          node.send(heartbeat(node.nodeId));
          await node.settled();
          scheduler.clock.advance(100);
        }
        expect(await count()).toContain('muster_event_streams 1');
      },
      { timeout: 30_000, interval: 1 },
    );
    const ids = eager.events.map(({ id }) => id ?? 0);
    expect(ids).toEqual(ids.map((_, i) => (ids[0] ?? 0) + i));
    eager.close();
    lazy.close();
  });

  it('64 streams -> next one refused with 503', async () => {
    const streams = await Promise.all(Array.from({ length: 64 }, () => follow()));
    const refused = await sendRequest(scheduler.port, { path: PATH });
    expect([refused.status, refused.json()]).toMatchObject([503, { error: { code: 'OVERLOADED' } }]);
    for (const stream of streams) stream.close();
  });

  it('scheduler stops -> stream ends', async () => {
    const stopping = await startTestScheduler();
    const stream = await EventStreamClient.open(stopping.port, PATH);
    await stopping.stop();
    await stream.closed;
  });
});

describe('pool in process', () => {
  it('subscriber -> same events, snapshot first', async () => {
    const node = await TestNode.registered(scheduler.url, { node_id: 'mine' });
    const seen: string[] = [];
    const stop = scheduler.pool.subscribe((event) => {
      seen.push(event.type);
    });
    await change(node);
    stop();
    await change(node);
    expect(seen).toEqual(['snapshot', 'node_changed']);
  });
});

describe('app over HTTP', () => {
  const calls: unknown[] = [];
  let listener: AppListener | null = null;
  const app: AppApi = {
    call: (name, params) => {
      calls.push([name, params]);
      if (name === 'host.stop') return Promise.resolve(fail({ code: 'NOT_AVAILABLE_HERE', message: 'no', details: null }));
      return Promise.resolve(ok({} as never));
    },
    subscribe: (given) => {
      listener = given;
      given.onEvents([{ type: 'pool', pool: null }]);
      return () => {
        listener = null;
      };
    },
    ask: () => () => undefined,
  };

  it('operations -> params validated, outcome as a status', async () => {
    const served = await startTestScheduler({ app });
    const call = async (name: string, body?: unknown): Promise<unknown> => {
      const answer = await sendRequest(served.port, { method: 'POST', path: `/api/v1/app/${name}`, body });
      return [answer.status, answer.json()];
    };
    expect(await call('pool.drain', { node_id: 'mine', reason: 'x' })).toEqual([200, { ok: true, value: {} }]);
    expect(await call('pool.drain', { node_id: '' })).toMatchObject([
      400,
      { error: { code: 'INVALID_REQUEST', details: { field: 'node_id' } } },
    ]);
    expect(await call('host.stop')).toEqual([409, { error: { code: 'NOT_AVAILABLE_HERE', message: 'no', details: null } }]);
    expect(await call('no.such')).toMatchObject([404, { error: { code: 'NOT_FOUND' } }]);
    expect(await call('__proto__')).toMatchObject([404, {}]);
    expect(calls).toEqual([
      ['pool.drain', { node_id: 'mine', reason: 'x' }],
      ['host.stop', {}],
    ]);
    await served.stop();
  });

  it('stream -> messages of the app as lists of events; client leaves -> unsubscribed', async () => {
    const served = await startTestScheduler({ app });
    const stream = await EventStreamClient.open(served.port, '/api/v1/app/events');
    const event: AppEvent = { type: 'node_removed', node_id: 'gone' };
    listener?.onEvents([event]);
    expect((await stream.first(2)).map(({ data }) => data)).toEqual([[{ type: 'pool', pool: null }], [event]]);
    stream.close();
    await vi.waitFor(() => {
      expect(listener).toBeNull();
    });
    await served.stop();
  });
});
