// Recognises the program at an address over real sockets: programs that imitate each other's paths, API keys, and requests that must
// never be sent.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { brief, useRuntimeBench } from '../support/http-runtime-bench';
import { ManualClock } from '../support/manual-clock';
import { openLmStudio } from '../support/stand-ins/lm-studio';
import { openLocalAi } from '../support/stand-ins/localai';
import { openOllama } from '../support/stand-ins/ollama';
import { type Handler, type Reply, StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';

const bench = useRuntimeBench();
const LM_STUDIO = 'lm-studio, running, ok, google/gemma-3-12b ready loaded, text-embedding-nomic-embed-text-v1.5 not_installed not_loaded';
const LIST = { object: 'list', data: [{ id: 'm', object: 'model', owned_by: 'openai' }] };

const open = (routes: Readonly<Record<string, Handler>>, otherwise?: Reply): Promise<StandIn> =>
  bench.use(StandIn.open({ routes, ...(otherwise === undefined ? {} : { otherwise: () => otherwise }) }));

describe('program with the paths of Ollama that is not Ollama', () => {
  test('any history -> no pull requested', async () => {
    const localAi = bench.runtime(await bench.use(openLocalAi()));
    expect((await localAi.probe()).runtime.type).toBe('localai');
    expect(localAi.pull).toBeUndefined();
    const replaced = await bench.use(openOllama());
    const runtime = bench.runtime(replaced);
    expect((await runtime.probe()).runtime.type).toBe('ollama');
    const notFound = { status: 404, body: {} };
    replaced.faults = { '/': notFound, '/api/version': notFound, '/api/tags': notFound };
    const end = await runtime.pull?.('llama3.2:3b', () => undefined, new AbortController().signal);
    expect(end).toMatchObject({ end: 'failed', code: 'pull_refused' });
    expect(replaced.paths).not.toContain('POST /api/pull');
  });
});

describe('configured address', () => {
  test.each<[string, Record<string, Handler>, Reply | undefined, string]>([
    [
      'LM Studio with only its own list',
      { 'GET /api/v0/models': () => ({ body: { data: [{ id: 'a', type: 'llm', state: 'loaded' }] } }) },
      undefined,
      'lm-studio, running, ok, a ready loaded',
    ],
    [
      'llama.cpp router with the list at the router path only',
      {
        'GET /health': () => ({ body: { status: 'ok' } }),
        'GET /props': () => ({ body: { role: 'router', default_generation_settings: {} } }),
        'GET /models': () => ({ body: { data: [{ id: 'm', status: { value: 'sleeping' } }] } }),
      },
      undefined,
      'llama.cpp, running, ok, m ready cold',
    ],
    ['a server that refuses in text', {}, { status: 403, body: 'Forbidden' }, 'openai-compatible, unauthorized, key_needed'],
    ['a web page', {}, { type: 'text/html', body: '<html>' }, 'openai-compatible, wrong_service, not_recognised'],
  ])('%s -> every request sent, recognised', async (_what, routes, otherwise, expected) => {
    const standIn = await open(routes, otherwise);
    expect(brief(await bench.runtime(standIn, { named: true }).probe())).toBe(expected);
  });
});

test('usual address: text refusal and a web page -> not a model server', async () => {
  const standIn = await open({}, { status: 401, body: 'Unauthorized' });
  expect(brief(await bench.runtime(standIn).probe())).toBe('openai-compatible, wrong_service, not_recognised');
  expect(standIn.paths).toHaveLength(2);
});

test('runtime behind a proxy: proxy begins to refuse in text -> key needed', async () => {
  const vllm = await bench.use(openVllm());
  const runtime = bench.runtime(vllm);
  await runtime.probe();
  vllm.faults = { '*': { status: 401, body: 'Unauthorized' } };
  for (let probe = 0; probe < 3; probe++) expect(brief(await runtime.probe())).toBe('openai-compatible, unauthorized, key_needed');
});

describe('key', () => {
  test('wrong, then corrected -> LM Studio, not a generic server', async () => {
    const key = bench.file('wrong');
    const runtime = bench.runtime(await bench.use(openLmStudio({ key: 'right' })), { apiKeyFile: key });
    expect(brief(await runtime.probe())).toBe('openai-compatible, unauthorized, key_needed');
    bench.write(key, 'right');
    expect(brief(await runtime.probe())).toBe(LM_STUDIO);
  });

  test('program that is not a model server -> key not sent', async () => {
    const page = await open({}, { type: 'text/html', body: '<html>' });
    await bench.runtime(page, { named: true, apiKeyFile: bench.file('secret') }).probe();
    expect(page.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });
});

describe('unknown server', () => {
  test('probed -> only its model list requested', async () => {
    const liteLlm = await open({ 'GET /v1/models': () => ({ body: LIST }), 'GET /health': () => ({ body: { healthy_endpoints: [] } }) });
    const runtime = bench.runtime(liteLlm, { named: true });
    for (let probe = 0; probe < 3; probe++) expect(brief(await runtime.probe())).toBe('openai-compatible, running, ok, m ready listed');
    expect(liteLlm.paths).not.toContain('GET /health');
    expect(liteLlm.paths.slice(-2)).toEqual(['GET /v1/models', 'GET /v1/models']);
  });

  test('identifying requests fail -> no models offered', async () => {
    const lmStudio = await bench.use(openLmStudio());
    const runtime = bench.runtime(lmStudio);
    const broken: Reply = { status: 503, body: {} };
    lmStudio.faults = { '/api/v1/models': broken, '/api/v0/models': broken };
    for (let round = 0; round < 2; round++) expect(brief(await runtime.probe())).toBe('openai-compatible, starting, list_not_answered');
    lmStudio.faults = {};
    expect(brief(await runtime.probe())).toBe(LM_STUDIO);
  });

  test('third probe, same requests fail -> accepted by its other answers', async () => {
    const runtime = bench.runtime(await open({ 'GET /v1/models': () => ({ body: LIST }) }, { status: 500, body: {} }));
    const probes = [await runtime.probe(), await runtime.probe(), await runtime.probe(), await runtime.probe()].map(brief);
    const [doubtful, accepted] = ['openai-compatible, starting, list_not_answered', 'openai-compatible, running, ok, m ready listed'];
    expect(probes).toEqual([doubtful, doubtful, accepted, accepted]);
  });

  test('time passes -> recognised again', async () => {
    const clock = new ManualClock();
    const lmStudio = await bench.use(openLmStudio());
    const runtime = bench.runtime(lmStudio, { clock });
    // The answers of a server that is starting.
    const missing: Reply = { status: 404, body: {} };
    lmStudio.faults = { '/api/v1/models': missing, '/api/v0/models': missing };
    expect((await runtime.probe()).runtime.type).toBe('openai-compatible');
    lmStudio.faults = {};
    clock.advance(5 * 60 * 1000);
    expect(brief(await runtime.probe())).toBe(LM_STUDIO);
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1') === true);

test.skipIf(!hasIpv6)('usual address: no listener at 127.0.0.1 -> [::1] tried; configured address -> not tried', async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(request.url === '/v1/models' ? JSON.stringify({ data: [{ id: String(request.headers.host) }] }) : '{}');
  });
  server.listen(0, '::1');
  await once(server, 'listening');
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const probed = async (named: boolean) => brief(await bench.runtimeAt(new URL(`http://${host}`), { named }).probe());
  const found = [await probed(false), await probed(true)];
  server.close();
  expect(found).toEqual([`openai-compatible, running, ok, ${host} ready listed`, 'openai-compatible, not_running, refused']);
});

test('Ollama behind the web page of another program -> recognised', async () => {
  const ollama = await bench.use(openOllama());
  ollama.faults = { '/': { type: 'text/html', body: '<html>' } };
  expect((await bench.runtime(ollama).probe()).runtime.type).toBe('ollama');
});
