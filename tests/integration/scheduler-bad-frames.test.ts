// Broken frames of every message type on a real socket: each invalid one is answered and changes nothing, and the
// scheduler goes on for all other nodes.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeNodeMessage } from '../../src/shared/protocol/decode';
import { brokenFrame, SAMPLES } from '../support/broken-frames';
import { sendRequest } from '../support/http-api';
import { TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;
beforeAll(async () => {
  // Time passes between the frames, so that they stay below the limit of invalid messages. No node may go offline during that time.
  scheduler = await startTestScheduler({
    nodeHealth: { heartbeatTimeoutSeconds: 1e6, warmupTimeoutSeconds: 1e6 },
    scheduler: { statusPushIntervalSeconds: 0 },
  });
});
afterAll(async () => {
  await scheduler.stop();
});

const nodes = async (): Promise<string> => (await sendRequest(scheduler.port, { path: '/api/v1/nodes' })).text;

describe.each(Object.entries(SAMPLES))('broken %s', (_type, sample) => {
  it('any change of a valid frame -> INVALID_MESSAGE with its place, no change, socket open', async () => {
    const node = await TestNode.registered(scheduler.url);
    await node.settled();
    const before = await nodes();
    const invalid = brokenFrame(sample).filter((text) => !decodeNodeMessage(text).ok);
    await fc.assert(
      fc.asyncProperty(invalid, async (text) => {
        node.sendRaw(text);
        expect(await node.until('node_error')).toMatchObject({
          code: 'INVALID_MESSAGE',
          details: { field: expect.any(String) as string, reason: expect.any(String) as string },
        });
        scheduler.clock.advance(600);
      }),
      { numRuns: 200 },
    );
    expect(await nodes()).toBe(before);
    await node.settled();
    node.close();
    await node.closed;
    await scheduler.pool.remove(node.nodeId);
  });
});
