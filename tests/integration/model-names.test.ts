// Aliases, `auto` and the abilities of models, and the paths for sound, pictures and moderation: a whole scheduler and agent with stand-ins.
import { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { bearer, sendRequest } from '../support/http-api';
import { errorOf } from '../support/openai-bench';
import { bodyTo, useStandInPool } from '../support/stand-in-pool';
import { openLocalAi } from '../support/stand-ins/localai';
import { openOllama } from '../support/stand-ins/ollama';
import { openVllm } from '../support/stand-ins/vllm';
import { openWhisperCpp } from '../support/stand-ins/whisper-cpp';

const LLAMA = 'llama3.2:latest';
const EMBED = 'nomic-embed-text:latest';
const CHAT = '/v1/chat/completions';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const aliases = [
  `gpt-4o-mini=${LLAMA}`,
  'gpt-4o=gone',
  `gpt-4o=${LLAMA}`,
  `text-embedding-3-small=${EMBED}`,
  'nowhere=gone',
  `both=${EMBED}`,
  `both=${LLAMA}`,
];

const pool = useStandInPool({ scheduler: { openai: { queueTimeoutSeconds: 60, busyTimeoutSeconds: 8, modelAliases: aliases } } });
const messages = [{ role: 'user' as const, content: 'hello' }];
const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  sendRequest(pool.scheduler.port, { method: 'POST', path, body, headers: { ...bearer('any'), ...headers } });

describe('names', () => {
  test.each<readonly [string, string, string, string | undefined, string | undefined]>([
    ['a model', LLAMA, LLAMA, undefined, undefined],
    ['an alias', 'gpt-4o-mini', LLAMA, 'alias', undefined],
    ['a fallback of a model that is not in the pool', 'gpt-4o', LLAMA, 'fallback', 'gone=not_in_pool'],
    ['a fallback of a model that cannot chat', 'both', LLAMA, 'fallback', 'nomic-embed-text:latest=other_tasks'],
    ['auto', 'auto', LLAMA, 'auto', undefined],
  ])('%s -> the model server gets the model, and the answer says so, in every client API', async (_title, model, served, by, leftOut) => {
    const { server } = await pool.with(openOllama());
    const asked: readonly (readonly [string, object])[] = [
      [CHAT, { messages }],
      ['/v1/messages', { messages, max_tokens: 9 }],
      ['/v1/responses', { input: 'hello' }],
      ['/api/chat', { messages, stream: false }],
    ];
    for (const [path, body] of asked) {
      const answer = await post(path, { model, ...body });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers).toMatchObject({ 'x-muster-model': served });
      expect([
        answer.headers['x-muster-alias'],
        answer.headers['x-muster-model-choice'],
        answer.headers['x-muster-models-left-out'],
      ]).toEqual([by === undefined ? undefined : model, by, leftOut]);
      expect(bodyTo(server, CHAT)).toMatchObject({ model: served });
      // Ollama's clients compare the name with the one that they asked for.
      if (path === '/api/chat') expect(answer.json()).toMatchObject({ model });
    }
  });

  test('no model of an alias is in the pool -> the error names the model; embeddings have their own alias', async () => {
    const { client } = await pool.with(openOllama());
    const error = await errorOf(client.chat.completions.create({ model: 'nowhere', messages }));
    expect([error.status, error.code, error.param]).toEqual([404, 'model_not_found', 'model']);
    expect(error.error).toMatchObject({ muster: { model: 'gone' } });
    const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: 'x', encoding_format: 'float' });
    expect(data).toHaveLength(1);
  });

  test('refused alias, or missing model behind one -> its name and its model in headers, in every client API', async () => {
    await pool.with(openOllama());
    const missing = { 'x-muster-alias': 'nowhere', 'x-muster-model': 'gone', 'x-muster-model-choice': 'alias' };
    const asked: readonly (readonly [string, object])[] = [
      [CHAT, { messages }],
      ['/v1/messages', { messages, max_tokens: 9 }],
      ['/v1/messages/count_tokens', { messages }],
      ['/v1/responses', { input: 'hello' }],
      ['/api/chat', { messages, stream: false }],
      ['/api/chat', { messages: [] }],
    ];
    const made = await sendRequest(pool.scheduler.port, {
      method: 'POST',
      path: '/api/v1/keys',
      body: { name: 'limited', models: [EMBED, 'gone'], limits: { requests_per_minute: 9 } },
    });
    const headers = bearer((made.json() as { key: string }).key);
    const limits = { 'x-ratelimit-limit-requests': '9', 'x-ratelimit-remaining-requests': '9' };
    for (const [path, body] of asked) {
      const none = await post(path, { model: 'nowhere', ...body }, headers);
      expect([path, none.status, none.headers]).toMatchObject([path, 404, { ...missing, ...limits }]);
      const forbidden = await post(path, { model: 'gpt-4o-mini', ...body }, headers);
      expect([path, forbidden.status, forbidden.headers]).toMatchObject([path, 403, { 'x-muster-alias': 'gpt-4o-mini', ...limits }]);
    }
  });

  test('count_tokens that is estimated -> the model and the alias in headers', async () => {
    await pool.with(openOllama());
    const { status, headers } = await post('/v1/messages/count_tokens', { model: 'gpt-4o-mini', messages });
    const names = { 'x-muster-model': LLAMA, 'x-muster-alias': 'gpt-4o-mini', 'x-muster-model-choice': 'alias' };
    expect([status, headers]).toMatchObject([200, { 'x-muster-estimated': 'true', ...names }]);
  });

  test('auto with a picture, and no model that takes pictures -> 503 that names the field', async () => {
    const { client } = await pool.with(openOllama());
    const content = [{ type: 'image_url' as const, image_url: { url: 'data:image/png;base64,aa' } }];
    const error = await errorOf(client.chat.completions.create({ model: 'auto', messages: [{ role: 'user', content }] }));
    expect([error.status, error.code, error.param]).toEqual([503, 'model_not_ready', 'model']);
  });

  test('a key with its own models -> an alias counts as its model', async () => {
    await pool.with(openOllama());
    const keyFor = async (name: string, models: readonly string[]) =>
      (
        (
          await sendRequest(pool.scheduler.port, { method: 'POST', path: '/api/v1/keys', body: { name, roles: ['client'], models } })
        ).json() as {
          key: string;
        }
      ).key;
    const [both, other] = [await keyFor('both', [EMBED, LLAMA]), await keyFor('other', [EMBED])];
    const chat = (key: string, model: string) => post(CHAT, { model, messages }, bearer(key));
    expect((await chat(both, 'gpt-4o-mini')).status).toBe(200);
    const refused = await chat(other, 'gpt-4o-mini');
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ error: { code: 'forbidden', muster: { model: 'gpt-4o-mini' } } });
    expect(refused.text).not.toContain(LLAMA);
    const none = await chat(other, 'auto');
    expect([none.status, none.json()]).toMatchObject([
      503,
      { error: { code: 'model_not_ready', muster: { ready: 2, not_allowed: 1, other_tasks: 1, lacking: 0 } } },
    ]);
    const listed = (await sendRequest(pool.scheduler.port, { path: '/v1/models', headers: bearer(other) })).json() as {
      data: { id: string }[];
    };
    expect(listed.data.map(({ id }) => id)).toEqual([EMBED, 'text-embedding-3-small', 'both']);
  });
});

describe('jobs API', () => {
  const task = (model: string) => ({ kind: 'openai', path: CHAT, body: { model, messages } });
  const missing = async () =>
    (await sendRequest(pool.scheduler.port, { path: '/api/v1/models/missing' })).json() as { models: { model_id: string }[] };

  test.each([
    ['an alias', 'gpt-4o', LLAMA],
    ['auto', 'auto', LLAMA],
  ])('%s -> the job has the model, the answer names it; the same key again -> the same job', async (_title, name, model) => {
    await pool.with(openOllama());
    const submit = () => post('/api/v1/jobs', { task: task(name) }, { 'idempotency-key': `names-${name}` });
    const accepted = await submit();
    expect([accepted.status, accepted.json()]).toMatchObject([202, { model }]);
    const { job_id: jobId } = accepted.json() as { job_id: string };
    expect((await submit()).json()).toMatchObject({ job_id: jobId });
    const job = await sendRequest(pool.scheduler.port, { path: `/api/v1/jobs/${jobId}`, headers: bearer('any') });
    expect(job.json()).toMatchObject({ task: { model } });
  });

  test('no model of the name is in the pool -> its model is asked for, not the name', async () => {
    await pool.with(openOllama());
    expect((await post('/api/v1/jobs', { task: task('nowhere') })).json()).toMatchObject({ model: 'gone' });
    expect((await missing()).models.map(({ model_id: id }) => id)).toEqual(['gone']);
  });

  test('a name where a model must be named -> 400 with the models it stands for', async () => {
    await pool.with(openOllama());
    const reason = `gpt-4o stands for gone, ${LLAMA}: name one of them`;
    const command = await post('/api/v1/jobs', { task: { kind: 'command', model_id: 'gpt-4o', input: 'x' } });
    expect([command.status, command.json()]).toMatchObject([400, { error: { details: { field: 'task.model_id', reason } } }]);
    const further = await post('/api/v1/jobs', { task: task(LLAMA), required_models: ['gpt-4o'] });
    expect(further.json()).toMatchObject({ error: { details: { field: 'required_models', reason } } });
  });

  test('a key with its own models: a name where a model must be named -> the error has no other model', async () => {
    await pool.with(openOllama());
    const made = await sendRequest(pool.scheduler.port, { method: 'POST', path: '/api/v1/keys', body: { name: 'one', models: [LLAMA] } });
    const headers = bearer((made.json() as { key: string }).key);
    const command = await post('/api/v1/jobs', { task: { kind: 'command', model_id: 'both', input: 'x' } }, headers);
    const reason = `both stands for ${LLAMA}: name one of them`;
    expect([command.status, command.json()]).toMatchObject([400, { error: { details: { field: 'task.model_id', reason } } }]);
    const further = await post('/api/v1/jobs', { task: task(LLAMA), required_models: ['text-embedding-3-small'] }, headers);
    expect([further.status, further.text.includes(EMBED)]).toEqual([403, false]);
  });

  test('explain -> the node of the model, and which model serves the name', async () => {
    await pool.with(openOllama());
    const explain = async (body: object) => (await post('/api/v1/dispatch/explain', body)).json() as { chosen: string | null };
    const alias = await explain({ required_models: ['gpt-4o'] });
    expect(alias.chosen).not.toBeNull();
    expect(alias).toMatchObject({ names: [{ name: 'gpt-4o', model: LLAMA, by: 'fallback' }] });
    const best = await explain({ required_models: ['auto'], required_task: { model_id: 'auto', task: CHAT } });
    expect(best).toMatchObject({ chosen: alias.chosen, names: [{ name: 'auto', model: LLAMA, by: 'auto' }] });
    expect(await explain({ required_models: [LLAMA] })).not.toHaveProperty('names');
  });
});

describe('lists', () => {
  const idsOf = async (path: string) =>
    ((await sendRequest(pool.scheduler.port, { path, headers: bearer('any') })).json() as { data: { id: string }[] }).data.map(
      ({ id }) => id,
    );

  test('tasks, abilities and aliases; lists for chats have no model that cannot chat', async () => {
    const { client } = await pool.with(openOllama({ loaded: true }));
    expect(await idsOf('/v1/models')).toEqual([LLAMA, EMBED, 'gpt-4o-mini', 'gpt-4o', 'text-embedding-3-small', 'both', 'auto']);
    expect(await idsOf('/v1/models?task=chat')).toEqual([LLAMA, 'gpt-4o-mini', 'gpt-4o', 'both', 'auto']);
    expect(await idsOf('/v1/models?task=embeddings')).toEqual([
      LLAMA,
      EMBED,
      'gpt-4o-mini',
      'gpt-4o',
      'text-embedding-3-small',
      'both',
      'auto',
    ]);
    expect(await idsOf('/v1/models?task=speech')).toEqual([]);
    const wrong = await sendRequest(pool.scheduler.port, { path: '/v1/models?task=dance', headers: bearer('any') });
    expect([wrong.status, wrong.json()]).toMatchObject([400, { error: { param: 'task' } }]);

    const abilities = { vision: false, audio: false, tools: true, thinking: false };
    expect(await client.models.retrieve(LLAMA)).toMatchObject({ muster: { abilities, context_tokens: 4096 } });
    expect(await client.models.retrieve('gpt-4o')).toMatchObject({ id: 'gpt-4o', muster: { alias_for: ['gone', LLAMA], abilities } });
    expect((await errorOf(client.models.retrieve('nowhere'))).status).toBe(404);

    const tags = (await sendRequest(pool.scheduler.port, { path: '/api/tags', headers: bearer('any') })).json() as {
      models: { name: string; capabilities: string[] }[];
    };
    expect(tags.models.map(({ name }) => name)).toEqual([LLAMA, 'gpt-4o-mini', 'gpt-4o', 'both', 'auto']);
    for (const { capabilities } of tags.models) expect(capabilities).toEqual(['completion', 'tools']);
    const shown = await post('/api/show', { model: 'gpt-4o' });
    expect(shown.json()).toMatchObject({ capabilities: ['completion', 'tools'] });
  });
});

describe('further paths of OpenAI', () => {
  test.each([
    ['its own path', undefined, '/inference'],
    ['the path of OpenAI that it was started with', '/v1/audio/transcriptions', '/v1/audio/transcriptions'],
  ])('a translation of sound with whisper.cpp -> the field of whisper.cpp on %s', async (_title, inferencePath, path) => {
    const { server, client } = await pool.with(openWhisperCpp(inferencePath === undefined ? {} : { inferencePath }));
    const file = await toFile(Buffer.from('sound'), 'a.wav');
    // oxlint-disable-next-line typescript/no-deprecated -- OpenAI ends this path; programs and model servers have it
    const { text } = await client.audio.translations.create({ model: 'whisper.cpp', file });
    expect(text.trim()).toBe('The node is ready.');
    expect(server.requests.at(-1)?.path).toBe(path);
    expect(server.requests.at(-1)?.body.toString()).toMatch(/name="translate"\r\n\r\ntrue/);
  });

  test('pictures and moderation: passed on and checked; a model without the path -> 400', async () => {
    const { server, client } = await pool.with(openLocalAi(), openVllm());
    const picture = { created: 1, data: [{ b64_json: 'aGk=' }] };
    const verdict = { id: 'modr-1', model: 'm', results: [{ flagged: false, categories: {}, category_scores: {} }] };
    server.faults = { '/v1/images/generations': { body: picture }, '/v1/moderations': { body: verdict } };
    expect(await client.images.generate({ model: 'gpt-4', prompt: 'a lake', size: '256x256' })).toMatchObject(picture);
    expect(bodyTo(server, '/v1/images/generations')).toEqual({
      model: 'gpt-4',
      prompt: 'a lake',
      size: '256x256',
      response_format: 'b64_json',
    });
    expect(await client.moderations.create({ model: 'gpt-4', input: ['x'] })).toMatchObject(verdict);

    const streamed = await errorOf(client.images.generate({ model: 'gpt-4', prompt: 'a lake', stream: true }));
    expect([streamed.status, streamed.param]).toEqual([400, 'stream']);
    const missing = await errorOf(client.moderations.create({ input: 'x' }));
    expect([missing.status, missing.param]).toEqual([400, 'model']);
    const other = await errorOf(client.images.generate({ model: 'qwen', prompt: 'a lake' }));
    expect([other.status, other.code]).toEqual([400, 'unsupported_model']);
  });
});

test('client headers: traceparent to the model server and into the log, ids back to the client', async () => {
  const { server } = await pool.with(openOllama());
  const ids = { 'x-request-id': 'req-1', 'x-client-request-id': 'client-1' };
  const answer = await post(CHAT, { model: LLAMA, messages, stream: true }, { traceparent: TRACE, ...ids });
  expect(answer.headers).toMatchObject(ids);
  const sent = server.requests.findLast(({ path }) => path === CHAT)?.headers;
  expect(sent).toMatchObject({ traceparent: TRACE, 'x-request-id': `req-1:${String(answer.headers['x-muster-job'])}:1` });
  expect(pool.scheduler.log.of('job_submitted').at(-1)).toMatchObject({ trace_id: 'req-1', trace: '0af7651916cd43dd8448eb211c80319c' });
  const refused = await post(CHAT, { messages }, ids);
  expect([refused.status, refused.headers]).toMatchObject([400, ids]);
  expect((await post(CHAT, { messages }, { 'x-client-request-id': 'a b' })).headers).not.toHaveProperty('x-client-request-id');
});
