// OpenAI's own client library gets models and answers from the OpenAI paths. The test plays the pool.
import { NotFoundError, toFile } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHAT, chunkOf, errorOf, OpenAiBench } from '../support/openai-bench';
import { aPrediction } from '../support/predictions';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';

let bench: OpenAiBench;
beforeEach(async () => {
  bench = await OpenAiBench.open();
});
afterEach(async () => {
  await bench.close();
});

describe('models', () => {
  it('list -> ready models, with the number of nodes', async () => {
    const models = await bench.client.models.list();
    expect(models.data).toEqual([
      expect.objectContaining({
        id: 'llm-a',
        object: 'model',
        owned_by: 'muster',
        muster: { kind: 'llm', nodes_ready: 1, nodes_loaded: 0, nodes_installed: 1, tasks: null },
      }),
      expect.objectContaining({ id: 'auto', muster: expect.objectContaining({ alias_for: ['llm-a'] }) as unknown }),
    ]);
  });

  it('one model -> installed ones shown, others 404', async () => {
    expect(await bench.client.models.retrieve('llm-b')).toMatchObject({ id: 'llm-b', muster: { nodes_ready: 0, nodes_installed: 1 } });
    const asItIs = await fetch(`http://127.0.0.1:${String(bench.port)}/v1/models/no/such:model`, {
      signal: AbortSignal.timeout(WAIT_LIMIT_MS),
    });
    expect(await asItIs.json()).toMatchObject({ error: { code: 'model_not_found', muster: { model: 'no/such:model' } } });
    const error = await errorOf(bench.client.models.retrieve('no/such:model'));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model', type: 'invalid_request_error' });
  });
});

describe('answer', () => {
  it('node answers -> passed on unchanged, with job and node in the headers', async () => {
    const request = bench.client.chat.completions.create(CHAT, { headers: { 'x-request-id': 'mine-1' } }).withResponse();
    const job = await bench.theJob();
    expect(job.submission).toMatchObject({
      task: { kind: 'openai', path: '/v1/chat/completions', body: CHAT },
      queue_timeout_seconds: 60,
      max_attempts: 3,
      wait_for_node: true,
    });
    expect(job.options).toEqual({
      idempotencyKey: null,
      interactive: true,
      traceId: 'mine-1',
      submitter: { id: null, maxQueued: null },
      sessionKey: null,
    });
    job.run('node-7');
    job.succeed({
      status: 200,
      body: { id: 'c', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: 'hi' } }] },
    });
    const { data, response } = await request;
    expect(data.choices[0]?.message.content).toBe('hi');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-request-id': 'mine-1',
      'x-muster-job': 'job-1',
      'x-muster-node': 'node-7',
    });
  });

  it('first node lost -> answer of another node, same response', async () => {
    const request = bench.client.chat.completions.create(CHAT).withResponse();
    const job = await bench.theJob();
    job.run('node-1');
    job.lose();
    job.run('node-2');
    job.succeed({ status: 200, body: { choices: [] } });
    expect((await request).response.headers.get('x-muster-node')).toBe('node-2');
  });

  it('session named in a header -> passed to the job, with a stream too', async () => {
    const headers = { 'X-Claude-Code-Session-Id': 's-1', 'accept-language': 'zh' };
    const requests = [CHAT, { ...CHAT, stream: true as const }].map((body) => bench.client.chat.completions.create(body, { headers }));
    await until('both jobs', () => (bench.jobs.all.length === 2 ? true : undefined));
    expect(bench.jobs.all.map(({ options }) => options.sessionKey)).toEqual(['s-1', 's-1']);
    for (const job of bench.jobs.all) job.end('failed', { code: 'failed', message: 'x', details: null });
    const [whole, stream] = await Promise.allSettled(requests);
    expect(whole).toMatchObject({ status: 'rejected', reason: { error: { message: expect.stringMatching(/[\u4e00-\u9fff]/) as string } } });
    expect(stream?.status).toBe('rejected');
  });

  it('node chosen by prediction -> route and predicted time in the headers of the answer', async () => {
    const request = bench.client.chat.completions.create(CHAT).withResponse();
    const job = await bench.theJob();
    job.run('node-1', aPrediction({ route: 'predicted', seconds: [9] }));
    job.lose();
    job.run('node-2', aPrediction({ route: 'affinity', seconds: [1.5, 2] }));
    job.succeed({ status: 200, body: { choices: [] } });
    const { headers } = (await request).response;
    expect([headers.get('x-muster-route'), headers.get('x-muster-predicted-ms')]).toEqual(['affinity', '1500']);
  });

  it('stream -> the same headers; nothing known of the node -> no predicted time', async () => {
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true }).withResponse();
    const job = await bench.theJob();
    job.run('node-1', aPrediction({ route: 'fallback', seconds: [] }));
    job.chunk(chunkOf('hi'));
    const { headers } = (await request).response;
    expect([headers.get('x-muster-route'), headers.get('x-muster-predicted-ms')]).toEqual(['fallback', null]);
    job.succeed({ status: 200, body: null });
  });

  it('embeddings -> passed on', async () => {
    const request = bench.client.embeddings.create({ model: 'llm-a', input: ['a', 'b'], encoding_format: 'float' });
    const job = await bench.theJob();
    job.run();
    job.succeed({ status: 200, body: { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.5, 1] }] } });
    expect((await request).data[0]?.embedding).toEqual([0.5, 1]);
    expect(job.submission.task).toMatchObject({ path: '/v1/embeddings', body: { input: ['a', 'b'] } });
  });

  it('audio -> passed on byte by byte', async () => {
    const audio = Buffer.from([0, 255, 1, 254, 10, 13]);
    const request = bench.client.audio.speech.create({ model: 'llm-a', voice: 'alloy', input: 'hello' });
    const job = await bench.theJob();
    job.run();
    job.succeed({ status: 200, content_type: 'audio/wav', base64: audio.toString('base64') });
    const response = await request;
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(audio);
  });

  it('content type of a web page -> sent as another type', async () => {
    const request = bench.client.audio.speech.create({ model: 'llm-a', voice: 'alloy', input: 'hello' });
    const job = await bench.theJob();
    job.run();
    job.succeed({ status: 200, content_type: 'text/html', base64: Buffer.from('<script>').toString('base64') });
    expect((await request).headers.get('content-type')).toBe('application/octet-stream');
  });

  it('file sent as a form -> text', async () => {
    const audio = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256));
    const request = bench.client.audio.transcriptions.create({
      model: 'llm-a',
      file: await toFile(audio, 'speech.wav', { type: 'audio/wav' }),
      language: 'en',
      timestamp_granularities: ['word', 'segment'],
    });
    const job = await bench.theJob();
    job.run();
    job.succeed({ status: 200, body: { text: 'the node is ready' } });
    expect((await request).text).toBe('the node is ready');
    expect(job.submission.task).toEqual({
      kind: 'openai',
      path: '/v1/audio/transcriptions',
      body: {
        model: 'llm-a',
        language: 'en',
        timestamp_granularities: ['word', 'segment'],
        file: { filename: 'speech.wav', content_type: 'audio/wav', base64: audio.toString('base64') },
      },
    });
  });
});

describe('queue', () => {
  const queueOf = async (job: string, language = 'en') => {
    const response = await fetch(`http://127.0.0.1:${String(bench.port)}/v1/queue?${new URLSearchParams({ job }).toString()}`, {
      headers: { 'accept-language': language },
      signal: AbortSignal.timeout(WAIT_LIMIT_MS),
    });
    return { status: response.status, body: await response.json() };
  };

  it('a waiting job -> its place and what would help, in the language of the client; unknown -> 404 in the form of OpenAI', async () => {
    const request = errorOf(bench.client.chat.completions.create(CHAT));
    const job = await bench.theJob();
    job.view = {
      ...job.view,
      waiting: {
        since: 1,
        not_before: null,
        blocked_by: null,
        ahead: 2,
        wait_seconds: 8,
        reasons: { capacity_exceeded: { count: 1, examples: ['node-1'] } },
        nodes_total: 1,
        nodes: [],
      },
    };
    expect(await queueOf(job.view.job_id, 'zh-CN')).toEqual({
      status: 200,
      body: {
        object: 'queue.place',
        job: job.view.job_id,
        status: 'queued',
        model: 'llm-a',
        place: 3,
        wait_seconds: 8,
        not_before: null,
        help: [
          {
            code: 'capacity_exceeded',
            message: '没有空闲的任务槽位。有空闲槽位后恢复接收任务。',
            nodes: { count: 1, examples: ['node-1'] },
          },
        ],
      },
    });
    expect(await queueOf('job-unknown')).toMatchObject({
      status: 404,
      body: { error: { code: 'job_not_found', param: 'job', type: 'invalid_request_error', message: 'no such job' } },
    });
    expect(await queueOf('')).toMatchObject({ status: 400, body: { error: { code: 'invalid_request', param: 'job' } } });
    job.end('cancelled', { code: 'cancelled', message: 'requested', details: null });
    await request;
  });
});
