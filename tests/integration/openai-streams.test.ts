// OpenAI's own client library streams from the OpenAI paths, with every fault of a stream. The test plays the pool.
import { connect } from 'node:net';
import { InternalServerError, toFile } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHAT, chunkOf, errorOf, OpenAiBench } from '../support/openai-bench';
import { until } from '../support/until';

let bench: OpenAiBench;
beforeEach(async () => {
  bench = await OpenAiBench.open();
});
afterEach(async () => {
  await bench.close();
});

describe('stream', () => {
  it('chunks -> passed on as they arrive, ends with the job', async () => {
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true });
    const job = await bench.theJob();
    job.run();
    job.chunk(chunkOf('one'));
    const words: (string | null | undefined)[] = [];
    for await (const chunk of await request) {
      words.push(chunk.choices[0]?.delta.content);
      if (words.length === 1) job.chunk(chunkOf('two'));
      else job.succeed({ status: 200, body: null });
    }
    expect(words).toEqual(['one', 'two']);
    expect(job.cancelReason).toBeNull();
  });

  it('client aborts -> job cancelled', async () => {
    const stream = await withFirstChunk();
    for await (const chunk of stream) {
      expect(chunk.choices[0]?.delta.content).toBe('one');
      stream.controller.abort();
    }
    const job = await bench.theJob();
    await until('the job is cancelled', () => job.cancelReason === 'client_gone');
    expect(job.listeners.size).toBe(0);
  });

  it('client disconnects before the first byte -> job cancelled', async () => {
    const clientAbort = new AbortController();
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true }, { signal: clientAbort.signal });
    const job = await bench.theJob();
    clientAbort.abort();
    await expect(request).rejects.toThrow();
    await until('the job is cancelled', () => job.cancelReason === 'client_gone');
  });

  it('node lost midway -> error event, job cancelled', async () => {
    const stream = await withFirstChunk();
    const job = await bench.theJob();
    const words: unknown[] = [];
    const error = await errorOf(
      (async () => {
        for await (const chunk of stream) {
          words.push(chunk.choices[0]?.delta.content);
          job.lose();
        }
      })(),
    );
    expect(words).toEqual(['one']);
    expect(error).toMatchObject({ code: 'stream_broken', error: { muster: { reason: 'attempt_lost', error_code: 'node_lost' } } });
    expect(job.cancelReason).toBe('attempt_lost');
  });

  it('chunk missing -> error event', async () => {
    const stream = await withFirstChunk();
    const job = await bench.theJob();
    const error = await errorOf(
      (async () => {
        for await (const _chunk of stream) job.chunk(chunkOf('three'), 2);
      })(),
    );
    expect(error).toMatchObject({ code: 'stream_broken', error: { muster: { reason: 'chunk_missing' } } });
  });

  it('node lost before its first chunk -> other node', async () => {
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true }).withResponse();
    const job = await bench.theJob();
    job.run('node-1');
    job.lose();
    job.run('node-2');
    job.chunk(chunkOf('one'));
    const { data, response } = await request;
    job.succeed({ status: 200, body: null });
    for await (const chunk of data) expect(chunk.choices[0]?.delta.content).toBe('one');
    expect(response.headers.get('x-muster-node')).toBe('node-2');
  });

  it('no node had the job -> HTTP status of the error', async () => {
    const request = errorOf(bench.client.chat.completions.create({ ...CHAT, stream: true }));
    const job = await bench.theJob();
    bench.clock.advance(59_000);
    job.end('expired', { code: 'queue_timeout', message: '', details: null });
    expect(await request).toBeInstanceOf(InternalServerError);
  });

  it('node takes long -> comments keep the connection alive', async () => {
    const { socket, text } = await rawStream();
    const job = await bench.theJob();
    bench.clock.advance(60_000);
    expect(text()).toBe('');
    job.run();
    bench.clock.advance(14_999);
    expect(text()).toBe('');
    bench.clock.advance(1);
    await until('a comment', () => text().includes(': keep-alive\n\n'));
    expect(text()).toMatch(/^HTTP\/1.1 200 /);
    job.chunk(chunkOf('one'));
    job.succeed({ status: 200, body: null });
    await until('the end', () => text().includes('data: [DONE]\n\n'));
    expect(bench.clock.pending).toBe(0);
    socket.destroy();
  });

  it('failure after comments -> error event', async () => {
    const { socket, text } = await rawStream();
    const job = await bench.theJob();
    job.run();
    bench.clock.advance(15_000);
    job.end('failed', { code: 'runtime_unreachable', message: 'refused', details: { retryable: true } });
    await until('the end', () => text().includes('"job_failed"'));
    expect(text()).not.toContain('[DONE]');
    socket.destroy();
  });

  it('refusal of the runtime after comments -> error event', async () => {
    const { socket, text } = await rawStream();
    const job = await bench.theJob();
    job.run();
    bench.clock.advance(15_000);
    job.succeed({ status: 400, body: { error: { message: 'too long', type: 'invalid_request_error', code: 'context_length_exceeded' } } });
    await until('the end', () => text().includes('"context_length_exceeded"'));
    expect(text()).not.toContain('[DONE]');
    socket.destroy();
  });

  it('runtime does not stream a chat -> whole answer as a stream', async () => {
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true });
    const job = await bench.theJob();
    job.run();
    job.succeed({ status: 200, body: { object: 'chat.completion', choices: [{ index: 0, message: { content: 'x'.repeat(9_000_000) } }] } });
    let words = '';
    for await (const chunk of await request) words += chunk.choices[0]?.delta.content ?? '';
    expect(words).toHaveLength(9_000_000);
  });

  it('runtime does not stream a transcription -> whole answer as a stream', async () => {
    const file = await toFile(Buffer.from('sound'), 'a.wav', { type: 'audio/wav' });
    const request = bench.client.audio.transcriptions.create({ model: 'llm-a', file, stream: true });
    const job = await bench.theJob();
    job.run();
    job.succeed({ status: 200, body: { text: 'the node is ready' } });
    const events: unknown[] = [];
    for await (const event of await request) events.push(event);
    expect(events).toEqual([{ type: 'transcript.text.done', text: 'the node is ready' }]);
  });

  it('speech -> events passed on', async () => {
    const request = bench.client.audio.speech.create({ model: 'llm-a', voice: 'alloy', input: 'hello', stream_format: 'sse' });
    const job = await bench.theJob();
    job.run();
    job.chunk({ type: 'speech.audio.delta', audio: 'AA==' });
    job.chunk({ type: 'speech.audio.done' });
    job.succeed({ status: 200, body: null, chunks: 2 });
    const response = await request;
    expect([response.headers.get('content-type'), await response.text()]).toEqual([
      'text/event-stream; charset=utf-8',
      'data: {"type":"speech.audio.delta","audio":"AA=="}\n\ndata: {"type":"speech.audio.done"}\n\ndata: [DONE]\n\n',
    ]);
  });

  it('runtime streams without a request for a stream -> error', async () => {
    const request = errorOf(bench.client.audio.speech.create({ model: 'llm-a', voice: 'alloy', input: 'hello' }));
    const job = await bench.theJob();
    job.run();
    job.chunk({ type: 'speech.audio.delta', audio: 'AA==' });
    job.succeed({ status: 200, body: null });
    expect(await request).toMatchObject({ status: 502, code: 'stream_broken', error: { muster: { reason: 'no_answer' } } });
  });

  it('runtime answers with another type -> error', async () => {
    const request = errorOf(bench.client.chat.completions.create({ ...CHAT, stream: true }));
    const job = await bench.theJob();
    job.run();
    job.succeed({ status: 200, content_type: 'text/html', base64: '' });
    expect(await request).toMatchObject({ status: 502, code: 'stream_broken', error: { muster: { reason: 'not_streamed' } } });
  });

  it('result without its last chunk -> error event', async () => {
    const stream = await withFirstChunk();
    const job = await bench.theJob();
    const error = await errorOf(
      (async () => {
        for await (const _chunk of stream) job.succeed({ status: 200, body: null, chunks: 2 });
      })(),
    );
    expect(error).toMatchObject({ code: 'stream_broken', error: { muster: { reason: 'chunk_missing' } } });
  });

  it('scheduler stops -> error event, job cancelled', async () => {
    const stream = await withFirstChunk();
    const job = await bench.theJob();
    const rest = errorOf(
      (async () => {
        for await (const chunk of stream) expect(chunk.choices[0]?.delta.content).toBe('one');
      })(),
    );
    await bench.relays.stop();
    expect(await rest).toMatchObject({ code: 'scheduler_stopping', type: 'server_error' });
    expect([job.cancelReason, job.listeners.size, bench.clock.pending]).toEqual(['scheduler_stopping', 0, 0]);
  });

  it('scheduler stops soon -> running stream may end, other requests refused; node lost -> scheduler_stopping, not node_lost', async () => {
    const [whole, cut] = [await withFirstChunk(), await withFirstChunk()];
    const waiting = errorOf(bench.client.chat.completions.create({ ...CHAT, stream: true }));
    await until('the third job', () => bench.jobs.all.length === 3);
    bench.relays.stopSoon();
    expect(await waiting).toMatchObject({ status: 503, code: 'scheduler_stopping' });
    expect(await errorOf(bench.client.chat.completions.create(CHAT))).toMatchObject({ status: 503, code: 'scheduler_stopping' });
    bench.jobs.all[0]?.succeed({ status: 200, body: null, chunks: 1 });
    bench.jobs.all[1]?.lose();
    for await (const chunk of whole) expect(chunk.choices[0]?.delta.content).toBe('one');
    const rest = (async () => {
      for await (const chunk of cut) expect(chunk.choices[0]?.delta.content).toBe('one');
    })();
    expect(await errorOf(rest)).toMatchObject({ code: 'scheduler_stopping' });
  });

  it('scheduler stops before the stream begins -> 503, also for late requests', async () => {
    const early = errorOf(bench.client.chat.completions.create({ ...CHAT, stream: true }));
    await bench.theJob();
    await bench.relays.stop();
    for (const refused of [await early, await errorOf(bench.client.chat.completions.create(CHAT))]) {
      expect(refused).toMatchObject({ status: 503, code: 'scheduler_stopping' });
      expect(refused.headers?.get('retry-after')).toBe('5');
    }
    expect(bench.jobs.all.map(({ cancelReason }) => cancelReason)).toEqual(['scheduler_stopping', 'scheduler_stopping']);
  });

  it('client does not read -> connection closed', async () => {
    const { socket } = await rawStream();
    socket.pause();
    const job = await bench.theJob();
    job.run();
    await until('the connection to be closed', () => {
      // More than the buffers of the sockets hold, within few polls.
      for (let i = 0; i < 10; i++) job.chunk(chunkOf('x'.repeat(100_000)));
      return job.cancelReason;
    });
    expect(job.cancelReason).toBe('client_too_slow');
    socket.destroy();
  });

  async function withFirstChunk() {
    const { length } = bench.jobs.all;
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true });
    const job = await until('the job of the request', () => bench.jobs.all[length]);
    job.run();
    job.chunk(chunkOf('one'));
    return request;
  }

  async function rawStream() {
    const body = JSON.stringify({ ...CHAT, stream: true });
    const socket = connect(bench.port, '127.0.0.1');
    let received = '';
    socket.on('data', (data) => {
      received += data.toString();
    });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${String(bench.port)}\r\nContent-Type: application/json\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
    );
    await bench.theJob();
    return { socket, text: () => received };
  }
});
