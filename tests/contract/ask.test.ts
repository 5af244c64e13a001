// One contract, all transports: a question to a model of a real scheduler, with the node in the hands of the test.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppApi } from '../../src/shared/api/app-api';
import { ASK_LIMITS, type AskParamsInput } from '../../src/shared/api/ask';
import { AppService } from '../../src/main/app-api/app-service';
import { IpcAppApi } from '../../src/main/desktop/ipc-app-api';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { AskClient } from '../../src/main/scheduler-client/ask-client';
import { ipcAppApi } from '../../src/preload/ipc-api';
import { httpApi } from '../../src/renderer/api/http-api';
import { ipcApi } from '../../src/renderer/api/ipc-api';
import { appInfo, FakePool } from '../support/app-fakes';
import { FakeIpcMain, FakeWindow } from '../support/fake-ipc';
import { OWNER_KEY, sendRequest } from '../support/http-api';
import { accept, readyNode, succeed } from '../support/job-pool';
import { chunkOf } from '../support/openai-bench';
import { KeptAnswer } from '../support/kept-answer';
import type { TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const CHAT: AskParamsInput = { task: 'chat', model: 'llm-a', messages: [{ role: 'user', text: 'hello' }] };

const direct = ({ url }: TestScheduler, token: string | null): AppApi => {
  const service = new AppService({ info: appInfo, clock: systemClock, logger: silentLogger });
  const asker = new AskClient({ baseUrl: url, token }, systemClock);
  service.show({ pool: new FakePool(), trust: null, asker, access: 'host', key: 'host', caller: null });
  return service;
};

const overIpc = (scheduler: TestScheduler, token: string | null): AppApi => {
  const main = new FakeIpcMain();
  new IpcAppApi({ ipc: main, api: direct(scheduler, token), logger: silentLogger, isAppWindow: () => true });
  return ipcApi(ipcAppApi(new FakeWindow(main)));
};

const overHttp = ({ url }: TestScheduler, token: string | null): AppApi =>
  httpApi({ baseUrl: `${url}/api/v1/app/`, token: { get: () => token, set: () => undefined }, fetch, random: Math.random });

const TRANSPORTS = [
  ['in process', direct],
  ['over IPC', overIpc],
  ['over HTTP', overHttp],
] as const;

describe.each(TRANSPORTS)('question %s', (_name, open) => {
  let scheduler: TestScheduler;
  let api: AppApi;
  let answer: KeptAnswer;
  let nodes: TestNode[];

  beforeEach(async () => {
    nodes = [];
    scheduler = await startTestScheduler();
    api = open(scheduler, OWNER_KEY);
    answer = new KeptAnswer();
  });
  afterEach(async () => {
    for (const node of nodes) node.close();
    await scheduler.stop();
  });

  const join = async (change: Parameters<typeof readyNode>[1] = {}): Promise<TestNode> => {
    const node = await readyNode(scheduler.url, change);
    nodes.push(node);
    return node;
  };

  const send = (node: TestNode, job: { readonly job_id: string; readonly attempt: number }, seq: number, data: unknown): void =>
    node.send({ type: 'job_chunk', job_id: job.job_id, attempt: job.attempt, seq, data });

  test('chat: text in pieces, node, tokens and timings, then the end', async () => {
    const node = await join({ name: '实验室' });
    api.ask({ ...CHAT, temperature: 0.5, max_tokens: 9, session: 'chat-1' }, answer);
    const job = await node.until('job_assign');
    expect(job.task).toEqual({
      kind: 'openai',
      path: '/v1/chat/completions',
      body: {
        model: 'llm-a',
        messages: [{ role: 'user', content: 'hello' }],
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0.5,
        max_tokens: 9,
      },
    });
    accept(node, job);
    send(node, job, 0, chunkOf('one '));
    await answer.untilText('one ');
    send(node, job, 1, { choices: [{ index: 0, delta: { content: 'two' }, finish_reason: 'stop' }] });
    const usage = { prompt_tokens: 20, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 16 } };
    send(node, job, 2, { choices: [], usage });
    const { job_id, attempt, trace_id } = job;
    const timings = { prompt_tokens: 20, cached_tokens: 16, completion_tokens: 2, first_token_ms: 40, decode_ms: 10 };
    const output = { status: 200, body: null, chunks: 3 };
    node.send({
      type: 'job_result',
      job_id,
      attempt,
      trace_id,
      node_id: node.nodeId,
      success: true,
      output,
      processing_time_ms: 5,
      timings,
    });
    expect(await answer.ended()).toEqual({ type: 'end', finish_reason: 'stop' });
    expect(answer.text).toBe('one two');
    expect(answer.of('begin')).toMatchObject([{ job_id: job.job_id, node_id: node.nodeId, node_name: '实验室', route: 'fallback' }]);
    expect(answer.of('usage')).toEqual([{ type: 'usage', prompt_tokens: 20, cached_tokens: 16, completion_tokens: 2 }]);
    expect(answer.of('job').at(-1)?.job).toMatchObject({ status: 'succeeded', node_id: node.nodeId, timings, waiting: null });
    expect(answer.of('job').at(-1)?.job.prediction?.route).toBe('fallback');
  });

  test('cancelled -> the node gets job_cancel, no event follows', async () => {
    const node = await join();
    const cancel = api.ask(CHAT, answer);
    const job = await node.until('job_assign');
    accept(node, job);
    send(node, job, 0, chunkOf('one'));
    await answer.untilText('one');
    const before = answer.events.length;
    cancel();
    expect(await node.until('job_cancel')).toMatchObject({ job_id: job.job_id, reason: 'client_gone' });
    expect(answer.events).toHaveLength(before);
  });

  test('waiting for a node: reason with numbers, then the answer', async () => {
    const node = await join({ max_concurrent_jobs: 1 });
    api.ask(CHAT, new KeptAnswer());
    const first = await node.until('job_assign');
    accept(node, first);
    api.ask(CHAT, answer);
    await until('the reason', () => answer.of('job').length > 0);
    expect(answer.of('job')[0]?.job).toMatchObject({ status: 'queued', node_id: null, waiting: { nodes_total: 1 } });
    expect(Object.values(answer.of('job')[0]?.job.waiting?.reasons ?? {})).toMatchObject([{ count: 1 }]);
    succeed(node, first);
    const second = await node.until('job_assign', ({ job_id }) => job_id !== first.job_id);
    accept(node, second);
    succeed(node, second);
    await answer.ended();
    expect(answer.text).toBe('hi');
  });

  test('node lost in mid-stream -> failed with stream_broken, the text so far is kept', async () => {
    const node = await join();
    api.ask(CHAT, answer);
    const job = await node.until('job_assign');
    accept(node, job);
    send(node, job, 0, chunkOf('one'));
    await answer.untilText('one');
    node.send({ type: 'node_unregister', node_id: node.nodeId });
    expect(await answer.ended()).toMatchObject({
      type: 'failed',
      error: { code: 'stream_broken', details: { reason: 'attempt_lost' } },
    });
    expect(answer.text).toBe('one');
  });

  test('slow listener -> no further events until it has taken the last ones', async () => {
    const node = await join();
    answer.hold();
    api.ask(CHAT, answer);
    const job = await node.until('job_assign');
    accept(node, job);
    for (let seq = 0; seq < 50; seq++) send(node, job, seq, chunkOf(`${String(seq)} `));
    await until('the first events', () => answer.events.length > 0);
    await node.settled();
    expect(answer.messages).toBe(1);
    answer.release();
    await answer.untilText('49 ');
  });

  test('only one node: named -> this node; unknown -> waits, and says so', async () => {
    const [, second] = [await join(), await join()];
    api.ask({ ...CHAT, node_id: second.nodeId }, answer);
    const job = await second.until('job_assign');
    accept(second, job);
    succeed(second, job);
    await answer.ended();
    expect(answer.of('begin')[0]?.node_id).toBe(second.nodeId);
    const other = new KeptAnswer();
    const cancel = api.ask({ ...CHAT, node_id: 'node-unknown' }, other);
    await until('the reason', () => other.of('job').length > 0);
    expect(other.of('job')[0]?.job.waiting?.reasons).toMatchObject({ not_requested_node: { count: 2 } });
    cancel();
  });

  test('pictures -> content parts; sound -> transcript; text -> speech', async () => {
    const all = { tasks: ['/v1/chat/completions', '/v1/audio/transcriptions', '/v1/audio/speech'] };
    const node = await join({
      installed_models: ['llm-a', 'ear', 'voice'].map((model_id) => ({
        model_id,
        kind: 'llm' as const,
        version: '1',
        enabled: true,
        ...all,
      })),
    });
    const picture = 'data:image/png;base64,AAAA';
    api.ask({ ...CHAT, messages: [{ role: 'user', text: 'what is this?', pictures: [picture] }] }, answer);
    const seen = await node.until('job_assign');
    expect(seen.task).toMatchObject({
      body: {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'what is this?' },
              { type: 'image_url', image_url: { url: picture } },
            ],
          },
        ],
      },
    });
    accept(node, seen);
    succeed(node, seen);
    await answer.ended();

    const heard = new KeptAnswer();
    const sound = { name: 'a.wav', content_type: 'audio/wav', bytes: new Uint8Array([82, 73, 70, 70]) };
    api.ask({ task: 'transcribe', model: 'ear', sound }, heard);
    const listening = await node.until('job_assign', ({ job_id }) => job_id !== seen.job_id);
    expect(listening.task).toMatchObject({ body: { file: { filename: 'a.wav', content_type: 'audio/wav', base64: 'UklGRg==' } } });
    accept(node, listening);
    succeed(node, listening, { status: 200, body: { text: ' Hello. ' } });
    expect(await heard.ended()).toEqual({ type: 'end', finish_reason: 'stop' });
    expect(heard.text).toBe('Hello.');

    const spoken = new KeptAnswer();
    api.ask({ task: 'speak', model: 'voice', text: 'Hello' }, spoken);
    const speaking = await node.until('job_assign', ({ job_id }) => ![seen.job_id, listening.job_id].includes(job_id));
    accept(node, speaking);
    succeed(node, speaking, { status: 200, content_type: 'audio/wav', base64: 'UklGRg==' });
    await spoken.ended();
    expect(spoken.of('audio')).toMatchObject([{ content_type: 'audio/wav', bytes: new Uint8Array([82, 73, 70, 70]) }]);
  });

  test('model that no node has -> failed with model_not_found, in the language of the question', async () => {
    await join();
    api.ask({ ...CHAT, model: 'nothing', language: 'zh' }, answer);
    expect(await answer.ended()).toMatchObject({
      error: { code: 'model_not_found', message: '池中没有安装该模型：nothing', details: { model: 'nothing' } },
    });
  });

  const tooLong = 'x'.repeat(ASK_LIMITS.chatCharacters - 2);
  test.each<[string, object, string]>([
    ['no message', { ...CHAT, messages: [] }, 'messages'],
    ['a page as a picture', { ...CHAT, messages: [{ role: 'user', text: '', pictures: ['data:text/html,x'] }] }, 'messages[0].pictures[0]'],
    [
      'a picture of another site',
      { ...CHAT, messages: [{ role: 'user', text: '', pictures: ['https://x/y.png'] }] },
      'messages[0].pictures[0]',
    ],
    ['texts too long together', { ...CHAT, messages: [tooLong, 'abc'].map((text) => ({ role: 'user', text })) }, 'messages'],
    ['empty sound', { task: 'transcribe', model: 'm', sound: { name: 'a', content_type: '', bytes: new Uint8Array() } }, 'sound.bytes'],
    ['unknown task', { task: 'draw', model: 'm' }, 'task'],
  ])('%s -> INVALID_REQUEST with the field, no job', async (_title, params, field) => {
    api.ask(params as AskParamsInput, answer);
    expect(await answer.ended()).toMatchObject({ type: 'failed', error: { code: 'INVALID_REQUEST', details: { field } } });
    const { jobs } = (await sendRequest(scheduler.port, { path: '/api/v1/jobs' })).json() as { readonly jobs: unknown[] };
    expect(jobs).toEqual([]);
  });

  test('role that may not send jobs -> failed with forbidden', async () => {
    await scheduler.stop();
    scheduler = await startTestScheduler({ server: { loopback: 'keys' } });
    const body = { name: 'wall', roles: ['viewer'] };
    const created = (await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body })).json() as { readonly key: string };
    open(scheduler, created.key).ask(CHAT, answer);
    expect(await answer.ended()).toMatchObject({ type: 'failed', error: { code: 'forbidden' } });
  });

  test('scheduler stopped -> failed with DISCONNECTED', async () => {
    await scheduler.stop();
    api.ask(CHAT, answer);
    expect(await answer.ended()).toMatchObject({ type: 'failed', error: { code: 'DISCONNECTED' } });
    scheduler = await startTestScheduler();
  });

  test('no text of a prompt or an answer is in the log', async () => {
    const node = await join();
    api.ask({ ...CHAT, messages: [{ role: 'user', text: 'my-private-prompt' }] }, answer);
    const job = await node.until('job_assign');
    accept(node, job);
    send(node, job, 0, chunkOf('my-private-answer'));
    await answer.untilText('my-private-answer');
    node.send({ type: 'node_unregister', node_id: node.nodeId });
    await answer.ended();
    expect(JSON.stringify(scheduler.log.lines)).not.toContain('my-private');
  });
});
