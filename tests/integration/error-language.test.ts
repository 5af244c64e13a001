// Errors of the HTTP API are in English, or in Chinese where the client prefers it; never in both.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppService } from '../../src/main/app-api/app-service';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { appInfo } from '../support/app-fakes';
import { OWNER_KEY, sendRequest, type HttpRequestOptions } from '../support/http-api';
import { CHAT, chunkOf, errorOf, OpenAiBench } from '../support/openai-bench';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { TestNode } from '../support/test-node';

const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);
const messageOf = (body: unknown): string => (body as { readonly error: { readonly message: string } }).error.message;

let scheduler: TestScheduler;
beforeEach(async () => {
  const app = new AppService({ info: appInfo, clock: systemClock, logger: silentLogger });
  scheduler = await startTestScheduler({ app, server: { loopback: 'keys' } });
});
afterEach(async () => {
  await scheduler.stop();
});

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

const REQUESTS: readonly (readonly [string, HttpRequestOptions, string])[] = [
  ['an unknown node', { path: '/api/v1/nodes/unknown' }, '不存在'],
  ['a drain of an unknown node', { method: 'POST', path: '/api/v1/nodes/unknown/drain' }, '不存在'],
  ['a wrong type', { method: 'POST', path: '/api/v1/dispatch/explain', body: { required_models: [7] } }, '请求无效'],
  ['an undecodable path', { path: '/api/v1/nodes/%zz' }, '请求无效'],
  ['another method', { method: 'PUT', path: '/api/v1/nodes/x' }, '不支持的方法'],
  ['a foreign host', { path: '/api/v1/nodes', headers: { host: 'evil.example' } }, '调度器不接受此主机名'],
  ['an operation that this program lacks', { method: 'POST', path: '/api/v1/app/agent.recheck', body: {} }, '当前运行模式不支持'],
  ['an operation without its params', { method: 'POST', path: '/api/v1/app/pool.drain', body: {} }, '请求无效'],
  ['an upgrade without a key', { path: '/ws/node', headers: { ...upgrade, authorization: null } }, '需要有效的密钥'],
  [
    'an upgrade to another protocol',
    { path: '/ws/node', headers: { ...upgrade, authorization: `Bearer ${OWNER_KEY}`, 'sec-websocket-version': '7' } },
    '请求无效',
  ],
  ['an unknown OpenAI path', { path: '/v1/nothing' }, '不存在'],
  ['an invalid OpenAI body', { method: 'POST', path: '/v1/embeddings', body: { model: 7 } }, '请求无效'],
  ['an unknown model', { method: 'POST', path: '/v1/chat/completions', body: CHAT }, '池中没有安装该模型：llm-a'],
];

describe.each(REQUESTS)('%s', (_what, request, chinese) => {
  const answerTo = (language: string | null) =>
    sendRequest(scheduler.port, {
      ...request,
      headers: { ...request.headers, ...(language === null ? {} : { 'accept-language': language }) },
    });

  it.each([null, 'en-GB', 'de', '*', 'en,zh;q=0.9'])('Accept-Language %j -> English', async (language) => {
    const answer = await answerTo(language);
    expect([isChinese(messageOf(answer.json())), answer.headers['vary']]).toEqual([false, 'Accept-Language']);
  });

  it.each(['zh', 'zh-CN,zh;q=0.9,en;q=0.8'])('Accept-Language %j -> Chinese', async (language) => {
    const answer = await answerTo(language);
    const [sentence = ''] = messageOf(answer.json()).split('。');
    expect([sentence, answer.headers['vary']]).toEqual([chinese, 'Accept-Language']);
  });
});

it('answer without an error -> no Vary', async () => {
  expect(
    (await sendRequest(scheduler.port, { path: '/api/v1/nodes', headers: { 'accept-language': 'zh' } })).headers['vary'],
  ).toBeUndefined();
});

it('error on the node socket -> both languages', async () => {
  const node = await TestNode.connect(scheduler.url, { authorization: `Bearer ${OWNER_KEY}`, 'accept-language': 'en' });
  node.sendRaw('garbage');
  expect(await node.next('node_error')).toMatchObject({ message: '消息格式无效 / invalid message' });
  node.close();
});

describe('job of an OpenAI path', () => {
  let bench: OpenAiBench;
  beforeEach(async () => {
    bench = await OpenAiBench.open();
  });
  afterEach(async () => {
    await bench.close();
  });
  const chinese = { headers: { 'accept-language': 'zh-CN' } };

  it('fails -> the error in the language of its request', async () => {
    const request = errorOf(bench.client.chat.completions.create(CHAT, chinese));
    (await bench.theJob()).end('cancelled', { code: 'cancelled', message: 'requested', details: null });
    const error = await request;
    expect(error.message).toBe('503 任务已被取消。requested');
    expect(error.headers?.get('vary')).toBe('Accept-Language');
  });

  it('breaks in the middle of its stream -> the last event in the language of its request', async () => {
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true }, chinese);
    const job = await bench.theJob();
    job.run();
    job.chunk(chunkOf('one'));
    const stream = await request;
    const error = await errorOf(
      (async () => {
        for await (const _chunk of stream) job.chunk(chunkOf('three'), 2);
      })(),
    );
    expect(error.message).toBe('流已中断：部分内容未送达');
  });
});
