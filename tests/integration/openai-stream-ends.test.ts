// The ends of streams: results with many events, and an error of the scheduler while it writes. The test plays the pool.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHAT, chunkOf, errorOf, OpenAiBench } from '../support/openai-bench';

let bench: OpenAiBench;
beforeEach(async () => {
  bench = await OpenAiBench.open();
});
afterEach(async () => {
  await bench.close();
});

describe('end of a stream', () => {
  it('a result with many events -> all of them, in order', async () => {
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true });
    const job = await bench.theJob();
    job.run();
    const sent = Array.from({ length: 4500 }, (_, at) => `${String(at)} `);
    job.succeed({ status: 200, body: null, events: sent.map(chunkOf) });
    const words: unknown[] = [];
    for await (const chunk of await request) words.push(chunk.choices[0]?.delta.content);
    expect(words).toEqual(sent);
  });

  it('a chunk that cannot be written -> error event, job cancelled', async () => {
    const request = bench.client.chat.completions.create({ ...CHAT, stream: true });
    const job = await bench.theJob();
    job.run();
    job.chunk(chunkOf('one'));
    const stream = await request;
    expect(() => {
      job.chunk({ choices: [], unwritable: 1n });
    }).toThrow(TypeError);
    const error = await errorOf(
      (async () => {
        for await (const chunk of stream) expect(chunk.choices[0]?.delta.content).toBe('one');
      })(),
    );
    expect(error.code).toBe('internal_error');
    expect(job.cancelReason).toBe('unreadable_output');
  });
});
