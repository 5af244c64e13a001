// The connection of an agent, broken in every way: the view names the cause, and the agent reconnects or does not.
import { describe, expect, test } from 'vitest';
import { CLOSE_CODES } from '../../src/shared/protocol/codes';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { ScriptedScheduler, statusOf } from '../support/scripted-scheduler';
import { until } from '../support/until';
import { within } from '../support/within';

const bench = useAgentBench();

describe('lost connection', () => {
  test.each([
    [CLOSE_CODES.schedulerStopping, 'scheduler_stopping'],
    [CLOSE_CODES.registrationTimeout, 'closed_4001'],
    [CLOSE_CODES.heartbeatTimeout, 'closed_4004'],
    [CLOSE_CODES.tooManyInvalidMessages, 'closed_4008'],
    [CLOSE_CODES.tooSlow, 'closed_4009'],
  ])('close code %i -> reconnects, cause %s', async (code, cause) => {
    const agent = await bench().connected();
    (await bench().scheduler.connection(0)).ws.close(code);
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause });
    bench().clock.advance(30_000);
    expect(await (await bench().scheduler.connection(1)).accept()).toMatchObject({ node_id: 'node-1', node_token: 'secret-1' });
  });

  test.each([
    [CLOSE_CODES.replaced, 'REPLACED', 'replaced_by_newer_connection'],
    [CLOSE_CODES.removed, 'REMOVED', 'removed_by_operator'],
  ])('close code %i -> %s, no reconnect until the owner requests it', async (closeCode, code, notice) => {
    const agent = await bench().connected();
    (await bench().scheduler.connection(0)).ws.close(closeCode);
    expect(await linkIs(agent, 'refused')).toMatchObject({ code });
    expect(agent.view().notices).toMatchObject([{ code: notice, details: { node_id: 'node-1' } }]);
    bench().clock.advance(3_600_000);
    expect(bench().scheduler.upgrades).toHaveLength(1);
    await agent.recheck();
    await (await bench().scheduler.connection(1)).accept();
  });

  test('connection refused -> cause shown, retries up to 30 s apart', async () => {
    const { url } = bench().scheduler;
    const agent = await bench().open({ random: () => 0.999_999 });
    await bench().scheduler.close();
    agent.connectTo({ url, joinToken: null });
    await agent.start();
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 7; attempt++) {
      const link = await until(`try ${String(attempt)}`, () => {
        const { link } = agent.view();
        return link.state === 'reconnecting' && link.attempt === attempt ? link : null;
      });
      expect(link.cause).toBe('refused');
      delays.push(Math.round((link.next_try_at - link.since) / 1000));
      bench().clock.advance(link.next_try_at - bench().clock.wallMs());
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 30, 30]);
    bench().scheduler = await ScriptedScheduler.open();
  });

  test('address that does not exist -> cause shown', async () => {
    const agent = await bench().open();
    agent.connectTo({ url: 'not a url', joinToken: null });
    await agent.start();
    bench().clock.advance(0);
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause: 'invalid_url' });
  });

  test('wrong join token -> refusal shown, no fast retries', async () => {
    bench().scheduler.secrets = ['join-secret'];
    bench().scheduler.refusal = { status: 401 };
    const agent = await bench().started({}, 'join-secret');
    expect(await linkIs(agent, 'refused')).toMatchObject({ code: 'UNAUTHORIZED' });
    bench().clock.advance(3_600_000);
    expect(bench().scheduler.upgrades).toHaveLength(1);
  });

  test('full scheduler with Retry-After -> agent waits as long', async () => {
    bench().scheduler.refusal = { status: 503, headers: { 'Retry-After': '17' } };
    const agent = await bench().started();
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause: 'http_503', next_try_at: bench().clock.wallMs() + 17_000 });
  });

  test('answer of another program -> its status shown as the cause', async () => {
    bench().scheduler.refusal = { status: 404 };
    expect(await linkIs(await bench().started(), 'reconnecting')).toMatchObject({ cause: 'http_404' });
  });

  test('scheduler silent for 45 s -> connection closed as half-open, agent reconnects', async () => {
    const agent = await bench().connected();
    const connection = await bench().scheduler.connection(0);
    await until('the first pong', () => {
      const { link } = agent.view();
      return link.state === 'connected' && link.latency_ms !== null;
    });
    connection.ws.pause();
    bench().clock.advance(44_999);
    expect(agent.view().link.state).toBe('connected');
    bench().clock.advance(1);
    expect(agent.view().link).toMatchObject({ state: 'reconnecting', cause: 'silent' });
    connection.ws.resume();
  });

  test('ping within 45 s -> connection kept', async () => {
    const agent = await bench().connected();
    const connection = await bench().scheduler.connection(0);
    for (let i = 0; i < 4; i++) {
      bench().clock.advance(30_000);
      const pong = new Promise((resolve) => connection.ws.once('pong', resolve));
      connection.ws.ping();
      await within('the pong of the node', pong);
    }
    expect(agent.view().link.state).toBe('connected');
  });

  test('many invalid frames -> a limited number of log lines', async () => {
    const agent = await bench().connected();
    const connection = await bench().scheduler.connection(0);
    for (let i = 0; i < 50; i++) connection.ws.send('{');
    connection.send(statusOf());
    await until('the valid message after them', () => agent.view().node_status);
    expect(bench().lines.filter(({ event }) => event === 'invalid_message')).toHaveLength(20);
  });

  test('invalid frames -> no change, connection kept', async () => {
    const agent = await bench().connected();
    const connection = await bench().scheduler.connection(0);
    for (const bad of ['', '{', '[]', 'null', '"x"', '{"type":"job_assign"}', '{"type":"node_status"}', '['.repeat(100_000)])
      connection.ws.send(bad);
    connection.ws.send(Buffer.from([0, 255]), { binary: true });
    connection.send(statusOf({ node_id: 'node-9', status: 'offline' }));
    connection.send(statusOf());
    await until('the valid message after them', () => agent.view().node_status?.message.status === 'ready');
    expect(bench().lines.filter(({ event }) => event === 'invalid_message')).toHaveLength(9);
  });
});
