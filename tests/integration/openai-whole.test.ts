// From OpenAI's client library to the socket of a runtime and back: a pool in a real process, and stand-ins for the runtimes.
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import OpenAI, { BadRequestError, toFile } from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/paths.mjs';
import type { ConnectTarget } from '../../src/renderer/components/connect/programs/program';
import { textOf } from '../../src/renderer/components/connect/programs/table';
import { isTerminal, type JobView } from '../../src/shared/api/job';
import { contentOf } from '../../src/shared/api/job-content';
import { errorOf } from '../support/openai-bench';
import { MusterLab } from '../support/muster-process';
import { CHAT_TOKENS, rerankAnswer } from '../support/stand-ins/openai-answers';
import { openLocalAi } from '../support/stand-ins/localai';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openWhisperCpp } from '../support/stand-ins/whisper-cpp';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';

const CONFIG = `[server]
port = 0
[agent]
simulate_gpu = "RTX 4090:24"
[scheduler.load_balancer]
resource_threshold = 100
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
heartbeat_timeout_seconds = 10
`;
const CHAT = { model: 'gpt-4', messages: [{ role: 'user' as const, content: 'Is the node ready?' }] };

/** The default of `server.max_body_bytes`. */
const MAX_BODY_BYTES = 12_000_000;

let lab: MusterLab;
let localAi: StandIn;
let whisper: StandIn;
let url: string;
let client: OpenAI;

beforeAll(async () => {
  lab = new MusterLab();
  [localAi, whisper] = await Promise.all([openLocalAi(), openWhisperCpp()]);
  const runtimes = `${localAi.url.origin},${whisper.url.origin}`;
  url = await lab.start(['pool', '--data-dir', lab.dataDir('pool', CONFIG)], { MUSTER_RUNTIMES_URLS: runtimes }).url();
  client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0, timeout: WAIT_LIMIT_MS });
  const wanted = ['gpt-4', 'whisper.cpp'];
  await until(
    'the models in the pool',
    async () => {
      const ready = (await client.models.list()).data.map(({ id }) => id);
      return wanted.every((id) => ready.includes(id));
    },
    30_000,
  );
});
afterAll(async () => {
  await lab.close();
  await Promise.all([localAi.close(), whisper.close()]);
});

it('Connect programs: the snippets for curl and JavaScript -> answered', async () => {
  const target: ConnectTarget = {
    baseUrl: `${url}/v1`,
    key: null,
    model: 'gpt-4',
    caFile: null,
    platform: 'linux',
    question: `It's "ready"?`,
  };
  const folder = lab.dataDir('program');
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
  writeFileSync(path.join(folder, 'program.mjs'), textOf('javascript', target));
  const run = promisify(execFile);
  const [curl, javascript] = await Promise.all([
    run('sh', ['-c', textOf('curl', target)]),
    run(process.execPath, ['program.mjs'], { cwd: folder }),
  ]);
  expect(curl.stdout).toContain('data: [DONE]');
  expect(javascript.stdout.trim()).toBe(CHAT_TOKENS.join(''));
});

it('OpenAI client: chat and embeddings -> answered', async () => {
  const { data, response } = await client.chat.completions.create(CHAT).withResponse();
  expect(data.choices[0]?.message.content).toBe(CHAT_TOKENS.join(''));
  expect(response.headers.get('x-muster-node')).toMatch(/^node-/);
  const embeddings = await client.embeddings.create({ model: 'gpt-4', input: 'hello', encoding_format: 'float' });
  expect(embeddings.data[0]?.embedding).toEqual([0.25, -0.5]);
});

it('OpenAI client: image -> same bytes', async () => {
  const picture = readFileSync(path.join(projectRoot, 'docs', 'guide', 'pictures', 'en', 'nodes.png'));
  const dataUrl = `data:image/png;base64,${picture.toString('base64')}`;
  const content = [
    { type: 'text' as const, text: 'What is this?' },
    { type: 'image_url' as const, image_url: { url: dataUrl, detail: 'low' as const } },
  ];
  const request = { model: 'gpt-4', messages: [{ role: 'user' as const, content }] };
  const answer = await client.chat.completions.create(request);
  expect(answer.choices[0]?.message.content).toBe(CHAT_TOKENS.join(''));
  expect(JSON.parse(localAi.requests.at(-1)?.body.toString() ?? '')).toEqual(request);
});

it('OpenAI client: stream -> token by token', async () => {
  const pieces: string[] = [];
  for await (const { choices } of await client.chat.completions.create({ ...CHAT, stream: true })) {
    pieces.push(choices[0]?.delta.content ?? '');
  }
  expect(pieces).toEqual(['', ...CHAT_TOKENS, '']);
});

it('job with a stream, no client connected -> the node puts the stream into the result', async () => {
  const task = { kind: 'openai', path: '/v1/chat/completions', body: { ...CHAT, stream: true } };
  const headers = { 'content-type': 'application/json' };
  const accepted = await fetch(`${url}/api/v1/jobs`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ task }),
    signal: AbortSignal.timeout(WAIT_LIMIT_MS),
  });
  const { job_id: jobId } = (await accepted.json()) as { readonly job_id: string };
  const job = await until('the end of the job', async () => {
    const view = (await (await fetch(`${url}/api/v1/jobs/${jobId}`, { signal: AbortSignal.timeout(WAIT_LIMIT_MS) })).json()) as JobView;
    return isTerminal(view.status) ? view : null;
  });
  expect(job.status).toBe('succeeded');
  expect(contentOf(job.result?.output)).toEqual({ kind: 'text', text: CHAT_TOKENS.join('') });
});

it('OpenAI client: completion -> whole and as a stream', async () => {
  const request = { model: 'gpt-4', prompt: 'Is the node' };
  expect((await client.completions.create(request)).choices[0]?.text).toBe(CHAT_TOKENS.join(''));
  const pieces: string[] = [];
  for await (const { choices } of await client.completions.create({ ...request, stream: true })) pieces.push(choices[0]?.text ?? '');
  expect(pieces).toEqual(CHAT_TOKENS);
});

it('OpenAI client: rerank -> documents in order', async () => {
  const body = { model: 'gpt-4', query: 'ready', documents: ['a cat', 'a ready node'] };
  expect(await client.post('/rerank', { body })).toEqual(rerankAnswer);
  expect(JSON.parse(localAi.requests.at(-1)?.body.toString() ?? '')).toEqual(body);
});

it('OpenAI client: speech and transcription -> answered', async () => {
  const speech = await client.audio.speech.create({ model: 'gpt-4', voice: 'alloy', input: 'The node is ready.' });
  expect([speech.headers.get('content-type'), await speech.text()]).toEqual(['audio/wav', 'RIFF....WAVE']);
  const audio = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256));
  const file = await toFile(audio, 'speech.wav', { type: 'audio/wav' });
  expect((await client.audio.transcriptions.create({ model: 'whisper.cpp', file })).text.trim()).toBe('The node is ready.');
  expect(whisper.requests.at(-1)?.body.includes(audio)).toBe(true);
});

it('file: largest allowed -> accepted; one byte more -> refused', async () => {
  const audio = Buffer.alloc(MAX_BODY_BYTES - 1000, 'audio');
  const file = await toFile(audio, 'long.wav', { type: 'audio/wav' });
  expect((await client.audio.transcriptions.create({ model: 'whisper.cpp', file })).text.trim()).toBe('The node is ready.');
  expect(whisper.requests.at(-1)?.body.includes(audio)).toBe(true);
  const larger = await toFile(Buffer.alloc(MAX_BODY_BYTES), 'longer.wav');
  expect(await errorOf(client.audio.transcriptions.create({ model: 'whisper.cpp', file: larger }))).toMatchObject({
    status: 413,
    code: 'payload_too_large',
    error: { muster: { limit_bytes: MAX_BODY_BYTES } },
  });
});

it('runtime refuses -> passed on unchanged', async () => {
  const refusal = { error: { message: 'too long', type: 'invalid_request_error', param: null, code: 'context_length_exceeded' } };
  localAi.faults = { '/v1/chat/completions': { status: 400, body: refusal } };
  const error = await errorOf(client.chat.completions.create(CHAT));
  localAi.faults = {};
  expect(error).toBeInstanceOf(BadRequestError);
  expect(error.code).toBe('context_length_exceeded');
});

it('client disconnects -> request to the runtime aborted', async () => {
  localAi.faults = { '/v1/chat/completions': 'hang' };
  const clientAbort = new AbortController();
  const [requestCount, abortedCount] = [localAi.requests.length, localAi.abortedCount];
  const request = client.chat.completions.create({ ...CHAT, stream: true }, { signal: clientAbort.signal });
  await until('the runtime to get the request', () => localAi.paths.slice(requestCount).includes('POST /v1/chat/completions'));
  clientAbort.abort();
  await expect(request).rejects.toThrow();
  await until('the request to the runtime to be aborted', () => localAi.abortedCount > abortedCount);
  localAi.faults = {};
});

it('muster submit --stream -> tokens printed', async () => {
  const finished = await lab.run(['submit', '--model', 'gpt-4', '--prompt', 'hello', '--stream', '--data-dir', lab.folder], {
    MUSTER_URL: url,
  });
  expect([finished.code, finished.stdout]).toEqual([0, `${CHAT_TOKENS.join('')}\n`]);
});
