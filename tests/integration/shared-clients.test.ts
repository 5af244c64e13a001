// Muster's own programs and a scheduler that is open to the network, over TLS: the agent, the connection test, the client of a pool and
// the command line. Each knows the pool by its pin.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import { COMMANDS } from '../../src/main/cli/commands';
import { runCli } from '../../src/main/cli/run-cli';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { createConnectionTester } from '../../src/main/scheduler-client/connection-test';
import { PoolClient } from '../../src/main/scheduler-client/pool-client';
import { createAuthority, createAuthorityKey, createServerCertificate } from '../../src/main/trust/certificates';
import { pinOf } from '../../src/main/trust/verify-chain';
import type { JoinStep } from '../../src/shared/api/app-api';
import type { PoolEvent } from '../../src/shared/api/node-view';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { OWNER_KEY } from '../support/http-api';
import { shared, type SharedScheduler } from '../support/shared-scheduler';
import { startTestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';
import { fakeIo } from '../unit/cli/fake-io';

const bench = useAgentBench();
let scheduler: SharedScheduler;
let pin: string;
let wss: string;
let https: string;
beforeEach(async () => {
  scheduler = await shared();
  pin = pinOf(readFileSync(path.join(path.dirname(scheduler.databaseFile), 'ca.pem'), 'utf8'));
  [wss, https] = ['wss', 'https'].map((scheme) => `${scheme}://127.0.0.1:${String(scheduler.port)}`) as [string, string];
});
afterEach(() => scheduler.stop());

/** A man in the middle: another CA at its own port, which counts the requests that it gets. */
async function openImpostor(): Promise<{ readonly url: string; readonly requests: () => number }> {
  const authority = await createAuthority(await createAuthorityKey(), Date.now());
  let requests = 0;
  const server = createServer(await createServerCertificate(authority, ['127.0.0.1'], Date.now()), (_request, response) => {
    requests++;
    response.end('{}');
  });
  server.on('upgrade', (_request, socket) => {
    requests++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `127.0.0.1:${String((server.address() as AddressInfo).port)}`, requests: () => requests };
}

const causeOf = (agent: Agent) => {
  const { link } = agent.view();
  return link.state === 'reconnecting' ? link.cause : null;
};

describe('agent', () => {
  test('pin alone -> joined, CA kept with the identity; next start -> verified by the CA', async () => {
    const agent = await bench().open();
    agent.connectTo({ url: wss, joinToken: scheduler.invitation, pin });
    await agent.start();
    await linkIs(agent, 'connected');
    const kept = bench().identityFile() as unknown as {
      readonly pools: readonly { readonly pin: string; readonly scheduler_url: string }[];
    };
    expect(kept.pools).toMatchObject([{ pin, scheduler_url: wss }]);
    await agent.stop({ timeoutMs: 0 });

    const again = await bench().open();
    again.connectTo({ url: wss, joinToken: scheduler.invitation, pin });
    await again.start();
    await linkIs(again, 'connected');
  });

  test('the same pool at another address -> the same node', async () => {
    const agent = await bench().open();
    agent.connectTo({ url: wss, joinToken: scheduler.invitation, pin });
    await agent.start();
    await linkIs(agent, 'connected');
    const nodeId = agent.view().node_id;
    const moved = wss.replace('127.0.0.1', 'localhost');
    agent.connectTo({ url: moved, joinToken: scheduler.invitation, pin });
    await until('the other address', () => {
      const { link } = agent.view();
      return link.state === 'connected' && link.scheduler_url === moved;
    });
    expect([agent.view().node_id, nodeId]).toEqual([nodeId, expect.any(String)]);
  });

  test('wrong pin -> not_the_pool, nothing sent', async () => {
    const impostor = await openImpostor();
    const agent = await bench().open();
    agent.connectTo({ url: `wss://${impostor.url}`, joinToken: scheduler.invitation, pin });
    await agent.start();
    await until('the refusal', () => causeOf(agent) === 'not_the_pool');
    expect(impostor.requests()).toBe(0);
  });

  test('another CA at the address of a joined pool -> tls, then not_the_pool, nothing sent', async () => {
    const impostor = await openImpostor();
    const file = path.join(bench().folder, 'identity.json');
    const agent = await bench().open();
    agent.connectTo({ url: wss, joinToken: scheduler.invitation, pin });
    await agent.start();
    await linkIs(agent, 'connected');
    await agent.stop({ timeoutMs: 0 });
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(wss, `wss://${impostor.url}`));

    const again = await bench().open();
    again.connectTo({ url: `wss://${impostor.url}`, joinToken: scheduler.invitation, pin });
    await again.start();
    await until('the first refusal', () => causeOf(again) === 'tls');
    await again.recheck();
    await until('the second refusal', () => causeOf(again) === 'not_the_pool');
    expect(impostor.requests()).toBe(0);
  });

  test('plain address of another computer -> pin_missing, no connection', async () => {
    const agent = await bench().open();
    agent.connectTo({ url: 'ws://192.0.2.7:7080', joinToken: scheduler.invitation });
    await agent.start();
    bench().clock.advance(0);
    expect(causeOf(agent)).toBe('pin_missing');
  });

  test('no pin, certificate that this system does not trust -> tls', async () => {
    const agent = await bench().open();
    agent.connectTo({ url: wss, joinToken: scheduler.invitation });
    await agent.start();
    expect(await until('the refusal', () => causeOf(agent))).toBe('tls');
  });
});

describe('connection test', () => {
  const test5s = createConnectionTester();
  const failure = (steps: readonly JoinStep[]) => {
    const failed = steps.find(({ outcome }) => outcome === 'failed');
    return failed === undefined ? null : [failed.step, failed.code];
  };

  test('join link -> passed; wrong token, impostor, no pin -> the failing step', async () => {
    const link = (fields: string): string => `muster://127.0.0.1:${String(scheduler.port)}/join#${fields}`;
    const passed = await test5s({ address: link(`key=${scheduler.invitation}&pin=${pin}`) });
    expect(failure(passed)).toBeNull();
    expect(passed.find(({ step }) => step === 'token')?.details).toEqual({ token_sent: true, pool_name: hostname() });
    expect(failure(await test5s({ address: link(`key=wrong&pin=${pin}`) }))).toEqual(['token', 'unauthorized']);
    const impostor = await openImpostor();
    expect(failure(await test5s({ address: `muster://${impostor.url}/join#key=t&pin=${pin}` }))).toEqual(['http', 'not_the_pool']);
    expect(impostor.requests()).toBe(0);
    expect(failure(await test5s({ address: 'muster://192.0.2.7/join#key=t' }))).toEqual(['address', 'pin_missing']);
    expect(failure(await test5s({ address: https }))).toEqual(['http', 'certificate_untrusted']);
  });

  test('plain server at the address of a link -> no_tls', async () => {
    const plain = await startTestScheduler();
    onTestFinished(() => plain.stop());
    expect(failure(await test5s({ address: `muster://127.0.0.1:${String(plain.port)}/join#pin=${pin}` }))).toEqual(['http', 'no_tls']);
  });
});

test('client of a pool: operations and events over TLS', async () => {
  const client = new PoolClient({ baseUrl: https, token: OWNER_KEY, pin, clock: systemClock, logger: silentLogger });
  const events: PoolEvent[] = [];
  const stop = client.subscribe((event) => events.push(event));
  onTestFinished(stop);
  await until('the snapshot', () => events.length > 0);
  expect(events[0]?.type).toBe('snapshot');
  expect(await client.drain('no-such-node', {})).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
});

describe('command line', () => {
  test('token of this computer: not sent to another computer, unless its file is named', async () => {
    writeFileSync(path.join(bench().folder, 'admin-token'), OWNER_KEY, { mode: 0o600 });
    const codeAt = async (env: Record<string, string>): Promise<number> =>
      runCli(['nodes', '--data-dir', bench().folder], COMMANDS, fakeIo(env));
    // An address that reaches this computer but does not look like a loopback address.
    const elsewhere = `https://0.0.0.0:${String(scheduler.port)}#pin=${pin}`;
    expect(await codeAt({ MUSTER_URL: `${https}#pin=${pin}` })).toBe(0);
    expect(await codeAt({ MUSTER_URL: elsewhere })).toBe(6);
    expect(await codeAt({ MUSTER_URL: elsewhere, MUSTER_ADMIN_TOKEN_FILE: path.join(bench().folder, 'admin-token') })).toBe(0);
  });

  test('keys create with limits -> kept with the key; an invalid limit -> named by its flag', async () => {
    writeFileSync(path.join(bench().folder, 'admin-token'), OWNER_KEY, { mode: 0o600 });
    const keys = async (...argv: readonly string[]) => {
      const io = fakeIo({ MUSTER_URL: `${https}#pin=${pin}` });
      return { code: await runCli(['keys', ...argv, '--data-dir', bench().folder], COMMANDS, io), ...io.written };
    };
    const rates = ['--requests-per-second', '0.5', '--megabytes-per-minute', '20'];
    const counts = ['--max-queued', '7', '--max-streams', '2', '--max-priority=-5'];
    expect((await keys('create', 'limited', ...rates, ...counts)).code).toBe(0);
    const listed = JSON.parse((await keys('list', '--json')).out) as { readonly keys: readonly { readonly name: string }[] };
    expect(listed.keys.find(({ name }) => name === 'limited')).toMatchObject({
      limits: { requests_per_second: 0.5, megabytes_per_minute: 20, max_queued: 7, max_streams: 2, max_priority: -5 },
    });
    expect(await keys('create', 'other', '--max-queued', 'many')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--max-queued') as string,
    });
    expect(await keys('create', 'other', '--max-priority', '101')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--max-priority') as string,
    });
  });

  const run = async (url: string): Promise<{ readonly code: number; readonly err: string }> => {
    const io = fakeIo({ MUSTER_URL: url, MUSTER_ADMIN_TOKEN_FILE: path.join(bench().folder, 'token') });
    writeFileSync(path.join(bench().folder, 'token'), OWNER_KEY, { mode: 0o600 });
    const code = await runCli(['nodes', '--data-dir', bench().folder], COMMANDS, io);
    return { code, err: io.written.err };
  };

  test.each([
    ['drain', 'no-such-node'],
    ['resume', 'no-such-node'],
    ['quarantine', 'no-such-node'],
    ['release', 'no-such-node'],
    ['explain'],
  ])('pinned address: %s -> answered by the scheduler', async (...argv) => {
    writeFileSync(path.join(bench().folder, 'admin-token'), OWNER_KEY, { mode: 0o600 });
    const io = fakeIo({ MUSTER_URL: `${https}#pin=${pin}` });
    const code = await runCli([...argv, '--data-dir', bench().folder], COMMANDS, io);
    const answered = argv[0] === 'explain' ? [0, 'No node would get this job'] : [6, 'no-such-node'];
    expect([code, io.written.out + io.written.err]).toEqual([answered[0], expect.stringContaining(String(answered[1]))]);
  });

  test('address with the pin -> answered; without, from another pool -> refused with the fix', async () => {
    expect(await run(`${https}#pin=${pin}`)).toEqual({ code: 0, err: '' });
    expect(await run(https)).toMatchObject({ code: 5, err: expect.stringContaining('#pin=sha256-') as string });
    expect(await run('http://192.0.2.7:7080')).toMatchObject({ code: 2, err: expect.stringContaining('has no pin') as string });
    const impostor = await openImpostor();
    expect(await run(`https://${impostor.url}#pin=${pin}`)).toMatchObject({
      code: 5,
      err: expect.stringContaining('another program answers there') as string,
    });
    expect(impostor.requests()).toBe(0);
  });
});
