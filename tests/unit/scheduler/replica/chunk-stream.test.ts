// The stream of the chunks of one attempt: what waits for the bus is bounded, also while the node sends on.
import { expect, test } from 'vitest';
import { InProcessNetwork } from '../../../../src/main/scheduler/cluster/bus/in-process-network';
import { StreamReceiver } from '../../../../src/main/scheduler/cluster/bus/stream-receiver';
import { ChunkStream } from '../../../../src/main/scheduler/replica/chunk-stream';
import { CHUNK_STREAM_LIMITS } from '../../../../src/main/scheduler/replica/core/answer-records';
import { ManualClock } from '../../../support/manual-clock';

const MEGABYTE = 'x'.repeat(1024 * 1024);

test('more waits than the limit, and the node sends on -> the stream ends with an error after what was sent, and takes no more', async () => {
  const clock = new ManualClock();
  const network = new InProcessNetwork();
  const stream = new ChunkStream(network.join('pool-1', clock).bus, clock, 'job-1');
  const errors: unknown[] = [];
  const note = (error: unknown): unknown => errors.push(error);
  process.on('unhandledRejection', note);
  // The bus takes the first one.
  for (let seq = 0; seq < 12; seq++) stream.write({ seq, data: MEGABYTE });
  const receiver = new StreamReceiver(network.join('pool-1', clock).bus, clock, 'job-1', CHUNK_STREAM_LIMITS);
  let payloads = 0;
  let item = await receiver.read();
  for (; item.type === 'piece'; item = await receiver.read()) if (item.isLast) payloads += 1;
  await stream.ended;
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect([payloads, item, errors]).toEqual([1, { type: 'failed', code: 'overflow' }, []]);
});
