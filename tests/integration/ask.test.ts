// A question from a computer that joined a shared pool: over TLS, with its credential as a member; and what the host keeps of it.
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import { poolSources } from '../../src/main/app-api/pool-sources';
import type { PoolSource } from '../../src/main/app-api/shown-pool';
import type { AskPort } from '../../src/main/contracts/ports';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { HttpRuntime } from '../../src/main/runtimes/http/http-runtime';
import { jobsFileOf } from '../../src/main/scheduler/database/scheduler-databases';
import { pinOf } from '../../src/main/trust/verify-chain';
import type { AskParams } from '../../src/shared/api/ask';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { sendRequest } from '../support/http-api';
import { KeptAnswer } from '../support/kept-answer';
import { caOf, shared, type SharedScheduler } from '../support/shared-scheduler';
import { CHAT_TOKENS } from '../support/stand-ins/openai-answers';
import { openVllm } from '../support/stand-ins/vllm';
import type { StandIn } from '../support/stand-ins/stand-in';
import { until } from '../support/until';

const CHAT: AskParams = {
  task: 'chat',
  language: 'en',
  model: 'qwen',
  messages: [{ role: 'user', text: 'a-private-prompt', pictures: [] }],
};

const bench = useAgentBench();
let scheduler: SharedScheduler;
let server: StandIn;
beforeEach(async () => {
  [scheduler, server] = [await shared(), await openVllm()];
});
afterEach(async () => {
  await Promise.all([scheduler.stop(), server.close()]);
});

/** This computer, with a model server, as a member with these roles. */
async function joined(roles: readonly string[]): Promise<Agent> {
  const runtime = new HttpRuntime({ url: server.url, named: false, apiKeyFile: null, clock: systemClock, maxOutputBytes: 1_000_000 });
  const agent = await bench().open({ runtimes: [runtime] });
  const invited = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/invites', body: { roles } });
  const { key } = invited.json() as { readonly key: string };
  agent.connectTo({ url: `wss://127.0.0.1:${String(scheduler.port)}`, joinToken: key, pin: pinOf(caOf(scheduler)) });
  await agent.start();
  await linkIs(agent, 'connected');
  await until('the node to be ready', () => {
    if (agent.view().node_status?.message.status === 'ready') return true;
    bench().clock.advance(3000);
    return false;
  });
  return agent;
}

/** As the app reaches the pool that this computer has joined. */
function sourceOf(agent: Agent): PoolSource {
  const { connectJoined } = poolSources({
    agent,
    readOwnerKey: () => Promise.resolve(null),
    onName: () => undefined,
    clock: systemClock,
    logger: silentLogger,
  });
  return connectJoined({ baseUrl: `https://127.0.0.1:${String(scheduler.port)}`, pin: pinOf(caOf(scheduler)) });
}

function askerOf(agent: Agent): AskPort {
  const { asker } = sourceOf(agent);
  if (asker === undefined) throw new Error('the pool cannot be asked');
  return asker;
}

describe('joined computer', () => {
  test('roles node and client -> models listed, answered by a node of the pool', async () => {
    const { pool, asker } = sourceOf(await joined(['node', 'client']));
    expect(await pool.models()).toMatchObject({ ok: true, value: [{ model_id: 'qwen', nodes_ready: 1 }] });
    const answer = new KeptAnswer();
    asker?.ask(CHAT, answer);
    expect(await answer.ended()).toEqual({ type: 'end', finish_reason: 'stop' });
    expect(answer.text).toBe(CHAT_TOKENS.join(''));
    expect(answer.of('begin')).toMatchObject([{ node_name: 'test machine' }]);
    expect(answer.of('job').at(-1)?.job).toMatchObject({ status: 'succeeded' });
  });

  test('role node alone -> forbidden, nothing reaches a model server', async () => {
    const asker = askerOf(await joined(['node']));
    const answer = new KeptAnswer();
    asker.ask(CHAT, answer);
    expect(await answer.ended()).toMatchObject({ type: 'failed', error: { code: 'forbidden' } });
    expect(server.paths).not.toContain('POST /v1/chat/completions');
  });
});

describe('question with the key of a program', () => {
  const createKey = async (): Promise<string> => {
    const created = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body: { name: 'a-program' } });
    return (created.json() as { readonly key: string }).key;
  };

  test('valid key -> answered with its rights, although the own role may not send jobs; the key is in no log', async () => {
    const asker = askerOf(await joined(['node']));
    const key = await createKey();
    const answer = new KeptAnswer();
    asker.ask({ ...CHAT, key }, answer);
    expect(await answer.ended()).toEqual({ type: 'end', finish_reason: 'stop' });
    expect(answer.text).toBe(CHAT_TOKENS.join(''));
    expect(JSON.stringify(scheduler.log.lines)).not.toContain(key);
  });

  test('wrong key -> refused, although the own role may send jobs', async () => {
    const asker = askerOf(await joined(['node', 'client']));
    const answer = new KeptAnswer();
    asker.ask({ ...CHAT, key: 'mk_wrong' }, answer);
    expect(await answer.ended()).toMatchObject({ type: 'failed', error: { code: 'invalid_api_key' } });
    expect(server.paths).not.toContain('POST /v1/chat/completions');
  });
});

test('model server fails in mid-stream -> stream_broken, the text so far is kept', async () => {
  const asker = askerOf(await joined(['node', 'client']));
  server.faults = { '/v1/chat/completions': 'half' };
  const answer = new KeptAnswer();
  asker.ask(CHAT, answer);
  expect(await answer.ended()).toMatchObject({ type: 'failed', error: { code: 'stream_broken' } });
  expect(CHAT_TOKENS.join('').startsWith(answer.text)).toBe(true);
});

test('cancelled -> the model server sees the connection end', async () => {
  const asker = askerOf(await joined(['node', 'client']));
  server.faults = { '/v1/chat/completions': 'hang' };
  const cancel = asker.ask(CHAT, new KeptAnswer());
  await until('the model server to work', () => server.hungCount === 1);
  cancel();
  await until('the model server to stop', () => server.hungAbortedCount === 1);
});

test('streamed chat that has ended -> the host keeps neither the prompt nor the answer', async () => {
  const asker = askerOf(await joined(['node', 'client']));
  const answer = new KeptAnswer();
  asker.ask(CHAT, answer);
  await answer.ended();
  await until('the job to be stored', () => {
    // The record of an interactive job is written within 100 ms.
    scheduler.clock.advance(200);
    return storedOf(scheduler.databaseFile).includes('succeeded');
  });
  expect(storedOf(scheduler.databaseFile)).not.toContain('a-private-prompt');
  expect(storedOf(scheduler.databaseFile)).not.toContain(' ready');
  expect(JSON.stringify(scheduler.log.lines)).not.toContain('a-private-prompt');
  expect(readFileSync(path.join(bench().folder, 'identity.json'), 'utf8')).not.toContain('a-private-prompt');
});

/** All rows of the jobs. The scheduler locks its file, so a copy is read. */
function storedOf(databaseFile: string): string {
  const file = jobsFileOf(databaseFile);
  const copy = path.join(bench().folder, 'copy.db');
  for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, copy + end);
  const database = new DatabaseSync(copy);
  try {
    return JSON.stringify(
      [
        'SELECT * FROM jobs',
        'SELECT task, CAST(body AS TEXT) AS body FROM job_tasks',
        'SELECT result, CAST(body AS TEXT) AS body, summary FROM job_results',
      ].map((text) => database.prepare(text).all()),
    );
  } finally {
    database.close();
  }
}
