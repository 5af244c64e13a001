// OpenAI's own client, unchanged, streams from the pool's paths; whatever breaks on the way. The test plays the pool.
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

describe('a stream', () => {
  it('passes each chunk on as it comes, and ends when the job has', async () => {
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

  it('cancels its job when the client aborts it', async () => {
    const stream = await withFirstChunk();
    for await (const chunk of stream) {
      expect(chunk.choices[0]?.delta.content).toBe('one');
      stream.controller.abort();
    }
    const job = await bench.theJob();
    await until('the job is cancelled', () => job.cancelReason === 'client_gone');
    expect(job.listeners.size).toBe(0);
  });

  it('cancels its job when the client goes before anything was sent', async () => {
    const gone = new AbortController();
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true }, { signal: gone.signal });
    const job = await bench.theJob();
    gone.abort();
    await expect(request).rejects.toThrow();
    await until('the job is cancelled', () => job.cancelReason === 'client_gone');
  });

  it('ends with an error, and its job with it, when its node is lost midway', async () => {
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

  it('ends with an error when a chunk is missing', async () => {
    const stream = await withFirstChunk();
    const job = await bench.theJob();
    const error = await errorOf(
      (async () => {
        for await (const _chunk of stream) job.chunk(chunkOf('three'), 2);
      })(),
    );
    expect(error).toMatchObject({ code: 'stream_broken', error: { muster: { reason: 'chunk_missing' } } });
  });

  it('begins with another node when the first was lost before its first chunk', async () => {
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

  it('has a status of its own as long as no node had its job', async () => {
    const request = errorOf(bench.client.chat.completions.create({ ...CHAT, stream: true }));
    const job = await bench.theJob();
    bench.clock.advance(59_000);
    job.end('expired', { code: 'queue_timeout', message: '', details: null });
    expect(await request).toBeInstanceOf(InternalServerError);
  });

  it('is kept alive by comments while the node thinks', async () => {
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

  it('says in an event what failed once comments were sent', async () => {
    const { socket, text } = await rawStream();
    const job = await bench.theJob();
    job.run();
    bench.clock.advance(15_000);
    job.end('failed', { code: 'runtime_unreachable', message: 'refused', details: { retryable: true } });
    await until('the end', () => text().includes('"job_failed"'));
    expect(text()).not.toContain('[DONE]');
    socket.destroy();
  });

  it('says in an event what the runtime refused once comments were sent', async () => {
    const { socket, text } = await rawStream();
    const job = await bench.theJob();
    job.run();
    bench.clock.advance(15_000);
    job.succeed({ status: 400, body: { error: { message: 'too long', type: 'invalid_request_error', code: 'context_length_exceeded' } } });
    await until('the end', () => text().includes('"context_length_exceeded"'));
    expect(text()).not.toContain('[DONE]');
    socket.destroy();
  });

  it('is the whole answer of a runtime that does not stream', async () => {
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true });
    const job = await bench.theJob();
    job.run();
    job.succeed({ status: 200, body: { object: 'chat.completion', choices: [{ index: 0, message: { content: 'x'.repeat(9_000_000) } }] } });
    let words = '';
    for await (const chunk of await request) words += chunk.choices[0]?.delta.content ?? '';
    expect(words).toHaveLength(9_000_000);
  });

  it('is the whole transcription of a runtime that does not stream', async () => {
    const file = await toFile(Buffer.from('sound'), 'a.wav', { type: 'audio/wav' });
    const request = bench.client.audio.transcriptions.create({ model: 'llm-a', file, stream: true });
    const job = await bench.theJob();
    job.run();
    job.succeed({ status: 200, body: { text: 'the node is ready' } });
    const events: unknown[] = [];
    for await (const event of await request) events.push(event);
    expect(events).toEqual([{ type: 'transcript.text.done', text: 'the node is ready' }]);
  });

  it('of speech passes its events on', async () => {
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

  it('that nobody asked for is an error, not an empty answer', async () => {
    const request = errorOf(bench.client.audio.speech.create({ model: 'llm-a', voice: 'alloy', input: 'hello' }));
    const job = await bench.theJob();
    job.run();
    job.chunk({ type: 'speech.audio.delta', audio: 'AA==' });
    job.succeed({ status: 200, body: null });
    expect(await request).toMatchObject({ status: 502, code: 'stream_broken', error: { muster: { reason: 'no_answer' } } });
  });

  it('is an error when the runtime answers with something else', async () => {
    const request = errorOf(bench.client.chat.completions.create({ ...CHAT, stream: true }));
    const job = await bench.theJob();
    job.run();
    job.succeed({ status: 200, content_type: 'text/html', base64: '' });
    expect(await request).toMatchObject({ status: 502, code: 'stream_broken', error: { muster: { reason: 'not_streamed' } } });
  });

  it('ends with an error when its result comes without its last chunk', async () => {
    const stream = await withFirstChunk();
    const job = await bench.theJob();
    const error = await errorOf(
      (async () => {
        for await (const _chunk of stream) job.succeed({ status: 200, body: null, chunks: 2 });
      })(),
    );
    expect(error).toMatchObject({ code: 'stream_broken', error: { muster: { reason: 'chunk_missing' } } });
  });

  it('ends with an error, and its job with it, when the scheduler stops', async () => {
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

  it('may end while the scheduler waits for its nodes, and else says that it stops, not that a node was lost', async () => {
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

  it('that has not begun is refused with 503 when the scheduler stops, also one that comes late', async () => {
    const early = errorOf(bench.client.chat.completions.create({ ...CHAT, stream: true }));
    await bench.theJob();
    await bench.relays.stop();
    for (const refused of [await early, await errorOf(bench.client.chat.completions.create(CHAT))]) {
      expect(refused).toMatchObject({ status: 503, code: 'scheduler_stopping' });
      expect(refused.headers?.get('retry-after')).toBe('5');
    }
    expect(bench.jobs.all.map(({ cancelReason }) => cancelReason)).toEqual(['scheduler_stopping', 'scheduler_stopping']);
  });

  it('is cut off when nobody reads it', async () => {
    const { socket } = await rawStream();
    socket.pause();
    const job = await bench.theJob();
    job.run();
    await until('it is cut off', () => {
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
    const job = await until('its job', () => bench.jobs.all[length]);
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
