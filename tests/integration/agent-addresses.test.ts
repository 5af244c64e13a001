// An agent and a pool with several addresses (ADR 0053). One real scheduler over TLS stands for the pool; proxies and a member that does
// not lead are its addresses.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import { refuseSocket } from '../../src/main/scheduler/access/error-response';
import { createAuthority, createAuthorityKey, createServerCertificate, type KeyAndCertificate } from '../../src/main/trust/certificates';
import { pinOf } from '../../src/main/trust/verify-chain';
import { ERROR_CODE_HEADER } from '../../src/shared/protocol/limits';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { assignOf, resultOf, WAIT_FOR_GO, writeCommandModel } from '../support/job-bench';
import { jobOf, submitted } from '../support/job-pool';
import { ScriptedScheduler } from '../support/scripted-scheduler';
import { shared, type SharedScheduler } from '../support/shared-scheduler';
import { TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';

/** An agent is back at another address within this time of its clock, plus the time of the connection. */
const BACK_WITHIN_MS = 500;

const bench = useAgentBench();
let scheduler: SharedScheduler;
let authority: KeyAndCertificate;
let pin: string;
/** What the pool reports. */
let addresses: string[];
let [one, two]: readonly TcpProxy[] = [];

beforeEach(async () => {
  addresses = [];
  scheduler = await shared({}, { healthCheckSuccessThreshold: 1 }, () => addresses);
  const folder = path.dirname(scheduler.databaseFile);
  const [key, cert] = ['ca-key.pem', 'ca.pem'].map((name) => readFileSync(path.join(folder, name), 'utf8'));
  authority = { key: key ?? '', cert: cert ?? '' };
  pin = pinOf(authority.cert);
  [one, two] = [await TcpProxy.open(scheduler.port), await TcpProxy.open(scheduler.port)];
});
afterEach(async () => {
  await Promise.all([one?.close(), two?.close()]);
  await scheduler.stop();
});

const urlOf = (port: number | undefined): string => `wss://127.0.0.1:${String(port)}`;

/** A program with a certificate of this CA, which answers every upgrade in the same way. */
async function openMember(ca: KeyAndCertificate, code: 'NOT_LEADER' | 'UNAUTHORIZED') {
  const seen = { upgrades: 0 };
  const server = createServer(await createServerCertificate(ca, ['127.0.0.1'], Date.now()));
  server.on('upgrade', (request, socket) => {
    seen.upgrades++;
    refuseSocket(socket, code, null, request, { [ERROR_CODE_HEADER]: code });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: urlOf((server.address() as AddressInfo).port), seen };
}

async function startAt(url: string, others: readonly string[] = []): Promise<Agent> {
  const agent = await bench().open();
  agent.connectTo({ url, joinToken: scheduler.invitation, pin, others });
  await agent.start();
  return agent;
}

const presentUrl = ({ link }: ReturnType<Agent['view']>) => (link.state === 'idle' ? null : link.scheduler_url);

/** Tries one address after another without any wait between them. */
const connectedAt = (agent: Agent, url: string) =>
  until(`a connection to ${url}`, () => {
    const { link } = agent.view();
    if (link.state === 'reconnecting') expect(link.next_try_at - bench().clock.wallMs()).toBe(0);
    bench().clock.advance(0);
    return link.state === 'connected' && presentUrl(agent.view()) === url ? link : null;
  });

/** The connection broke: the next address follows soon. */
async function isBackAt(agent: Agent, url: string): Promise<void> {
  const link = await linkIs(agent, 'reconnecting');
  expect(link.state === 'reconnecting' ? link.next_try_at - link.since : null).toBeLessThanOrEqual(BACK_WITHIN_MS);
  bench().clock.advance(BACK_WITHIN_MS);
  await connectedAt(agent, url);
}

test('first address does not lead -> the configured other one at once; the view has both', async () => {
  const member = await openMember(authority, 'NOT_LEADER');
  const url = urlOf(one?.port);
  const agent = await startAt(member.url, [url]);
  expect(await connectedAt(agent, url)).toMatchObject({ scheduler_url: url, other_urls: [member.url], pin });
  expect(member.seen.upgrades).toBe(1);
  expect(bench().lines).toContainEqual(
    expect.objectContaining({
      event: 'link_changed',
      fields: expect.objectContaining({ to: 'reconnecting', cause: 'NOT_LEADER' }) as object,
    }),
  );
});

test('address in use is gone -> the same node at another one, which the pool reported; its job goes on, the result is delivered', async () => {
  const model = writeCommandModel(path.join(bench().folder, 'models'), 'slow', { argv: WAIT_FOR_GO });
  const [first, second] = [urlOf(one?.port), urlOf(two?.port)];
  addresses = [first, second];
  const agent = await startAt(first);
  await connectedAt(agent, first);
  const nodeId = agent.view().node_id;
  const jobId = await submitted(scheduler.port, { task: { kind: 'command', model_id: 'slow', input: 'hello' } });
  await until('the program to run', () => existsSync(path.join(model, 'pids')));

  await one?.close();
  writeFileSync(path.join(model, 'go'), '');
  await until('the end of the job', () => agent.view().running_jobs === 0);
  await isBackAt(agent, second);
  expect(agent.view().node_id).toBe(nodeId);
  const job = await until('the result', async () => {
    const view = await jobOf(scheduler.port, jobId);
    return view.status === 'succeeded' ? view : null;
  });
  expect(job).toMatchObject({ attempt: 1, node_id: nodeId });
});

test('agent starts again, and its first address is gone -> the remembered one, with the same identity', async () => {
  const [first, second] = [urlOf(one?.port), urlOf(two?.port)];
  addresses = [first, second];
  const agent = await startAt(first);
  await connectedAt(agent, first);
  const nodeId = agent.view().node_id;
  await agent.stop({ timeoutMs: 0 });
  await one?.close();

  const again = await startAt(first);
  await connectedAt(again, second);
  expect([again.view().node_id, nodeId]).toEqual([nodeId, expect.any(String)]);
});

test('no address leads -> each is asked once, then the agent waits', async () => {
  const members = await Promise.all(Array.from({ length: 3 }, () => openMember(authority, 'NOT_LEADER')));
  const [first = '', ...others] = members.map(({ url }) => url);
  const agent = await startAt(first, others);
  const link = await until('the wait', () => {
    bench().clock.advance(0);
    const { link } = agent.view();
    return link.state === 'reconnecting' && link.next_try_at > bench().clock.wallMs() ? link : null;
  });
  expect([members.map(({ seen }) => seen.upgrades), link.next_try_at - link.since, link.cause]).toEqual([[1, 1, 1], 500, 'NOT_LEADER']);
});

test('another CA at one of the addresses -> nothing is sent to it, the next address follows', async () => {
  const impostor = await openMember(await createAuthority(await createAuthorityKey(), Date.now()), 'UNAUTHORIZED');
  const [first, second] = [urlOf(one?.port), urlOf(two?.port)];
  addresses = [first, impostor.url, second];
  const agent = await startAt(first);
  await connectedAt(agent, first);
  await one?.close();
  await isBackAt(agent, second);
  expect(impostor.seen.upgrades).toBe(0);
});

test('pool without a pin: the result of a job of its first address is delivered at another one', async () => {
  const model = writeCommandModel(path.join(bench().folder, 'models'), 'slow', { argv: WAIT_FOR_GO });
  const other = await ScriptedScheduler.open();
  onTestFinished(() => other.close());
  const agent = await bench().started();
  const connection = await bench().scheduler.connection(0);
  await connection.accept({ addresses: [bench().scheduler.url, other.url] });
  connection.send(assignOf('j1', { model_id: 'slow' }));
  await connection.next('job_accepted');

  connection.ws.terminate();
  await linkIs(agent, 'reconnecting');
  bench().clock.advance(BACK_WITHIN_MS);
  const next = await other.connection(0);
  expect(await next.accept()).toMatchObject({ node_id: 'node-1', node_token: 'secret-1', active_jobs: [{ job_id: 'j1', attempt: 1 }] });
  writeFileSync(path.join(model, 'go'), '');
  expect(await resultOf(next, 'j1')).toMatchObject({ success: true, attempt: 1 });
  expect(bench().identityFile().schedulers).toMatchObject([{ scheduler_url: bench().scheduler.url, node_id: 'node-1' }]);
});
