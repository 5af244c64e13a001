// Chunks without content that are held back share one limit of memory. The stream that holds the most is refused.
import { describe, expect, it } from 'vitest';
import { ChunkStreams } from '../../../../src/main/scheduler/jobs/chunk-streams';
import { JobWorld } from '../../../support/job-world';
import { accepted, nodeOf, viewsOf } from '../../../support/job-world-acts';

const CHAT = '/v1/chat/completions';
/** As text: 100 characters, so 200 bytes. */
const metadata = { id: 'x'.repeat(91) };
const content = { choices: [{ delta: { content: 'hi' } }] };

const chunkOf = (jobId: string, seq: number, data: object = metadata) => ({ jobId, attempt: 1, seq, data });

describe('progress', () => {
  it('chunks in order -> their number, and the rate since the first; a gap or no chunk -> unknown', () => {
    const streams = new ChunkStreams();
    expect(streams.progressOf('a', 0)).toBeNull();
    streams.take(CHAT, chunkOf('a', 0, content), 1000);
    expect(streams.progressOf('a', 1000)).toEqual({ tokens: 1, tokens_per_second: null });
    streams.take(CHAT, chunkOf('a', 1, content), 1100);
    streams.take(CHAT, chunkOf('a', 2, content), 1200);
    expect(streams.progressOf('a', 1500)).toEqual({ tokens: 3, tokens_per_second: 4 });
    streams.take(CHAT, { ...chunkOf('a', 0, content), attempt: 2 }, 3000);
    expect(streams.progressOf('a', 3000)).toEqual({ tokens: 1, tokens_per_second: null });
    streams.take(null, chunkOf('b', 5, content), 0);
    expect(streams.progressOf('b', 9)).toBeNull();
  });
});

describe('held chunks', () => {
  it('counted while they are held: passed on, refused or ended -> none', () => {
    const streams = new ChunkStreams(10_000);
    streams.take(CHAT, chunkOf('a', 0), 0);
    streams.take(CHAT, chunkOf('a', 1), 0);
    streams.take(CHAT, chunkOf('b', 0), 0);
    expect(streams.heldBytes).toBe(600);
    expect(streams.take(CHAT, chunkOf('a', 2, content), 0).pass).toHaveLength(3);
    expect(streams.heldBytes).toBe(200);
    streams.forget('b');
    expect(streams.heldBytes).toBe(0);
  });

  it('a new attempt begins -> the chunks of the earlier one are not counted any more', () => {
    const streams = new ChunkStreams(10_000);
    streams.take(CHAT, chunkOf('a', 0), 0);
    streams.take(CHAT, { ...chunkOf('a', 0), attempt: 2 }, 0);
    expect(streams.heldBytes).toBe(200);
  });

  it('a stream with content, and a stream of a stored job -> nothing is held', () => {
    const streams = new ChunkStreams(0);
    expect(streams.take(CHAT, chunkOf('a', 0, content), 0)).toMatchObject({ tooLarge: null });
    expect(streams.take(null, chunkOf('b', 0), 0)).toMatchObject({ tooLarge: null });
    expect(streams.heldBytes).toBe(0);
  });

  it('above the limit -> the stream that holds the most is too large, also when another chunk reaches the limit', () => {
    const streams = new ChunkStreams(500);
    streams.take(CHAT, chunkOf('large', 0), 0);
    expect(streams.take(CHAT, chunkOf('large', 1), 0).tooLarge).toBeNull();
    expect(streams.take(CHAT, chunkOf('small', 0), 0)).toMatchObject({ pass: [], tooLarge: { jobId: 'large', heldBytes: 400 } });
  });
});

it('chunks of 9 MB without content on two jobs -> above 64 MiB one attempt fails with the sizes, the other goes on', async () => {
  const world = new JobWorld();
  const node = nodeOf(world, 'node-a');
  await node.connect();
  const jobIds: string[] = [];
  for (let i = 0; i < 2; i++) jobIds.push(await accepted(world, { interactive: true, maxAttempts: 1 }));
  node.receive();
  const data = { id: 'x'.repeat(9e6) };
  for (const seq of [0, 1]) for (const jobId of jobIds) world.jobs.nodes.chunk('node-a', { jobId, attempt: 1, seq, data });
  expect((await viewsOf(world, jobIds)).map((view) => view?.error ?? null)).toMatchObject([
    {
      code: 'unreadable_answer',
      message: 'the chunks without content are too large',
      details: { field: 'chunk', held_bytes: 36_000_036, limit_bytes: 64 * 1024 * 1024 },
    },
    null,
  ]);
});
