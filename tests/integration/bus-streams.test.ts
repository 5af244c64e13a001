// Streams over real NATS servers that are killed, also in a cluster of two.
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import { STREAM_LIMITS } from '../../src/main/scheduler/cluster/bus/core/stream-limits';
import { StreamReceiver } from '../../src/main/scheduler/cluster/bus/stream-receiver';
import { StreamSender } from '../../src/main/scheduler/cluster/bus/stream-sender';
import { type NatsServer, natsServer } from '../support/nats';
import { connectionOf, useNatsMembers } from '../support/nats-members';
import type { RecordedBus } from '../support/recorded-bus';
import { skipNote } from '../support/requirements';
import { numbersOf, writeNumbers } from '../support/stream-numbers';
import { until } from '../support/until';
import { within } from '../support/within';

const CHUNKS = 20_000;
const CHUNK_BYTES = 200;
const LIMIT_MS = 50_000;

/** Streams all numbers and calls `fault` at each of these numbers; the stream goes on meanwhile. Returns the most that the sender held. */
async function streamThrough(from: RecordedBus, to: RecordedBus, faultsAt: readonly number[], fault: () => Promise<void>): Promise<number> {
  const receiver = new StreamReceiver(to.bus, systemClock, 'numbers');
  const sender = new StreamSender(from.bus, systemClock, 'numbers');
  let most = 0;
  const faults: Promise<void>[] = [];
  const writing = writeNumbers(sender, CHUNKS, {
    size: CHUNK_BYTES,
    onWrite: () => {
      most = Math.max(most, sender.heldBytes);
    },
  });
  const reading = numbersOf(receiver, (number) => {
    if (faultsAt.includes(number)) faults.push(fault());
  });
  const read = await within('all chunks', reading, LIMIT_MS);
  await within('the writer and the faults', Promise.all([writing, ...faults]));
  // Whole lists of 20,000 numbers make a difference unreadable.
  expect(read.length).toBe(CHUNKS);
  expect(read.findIndex((number, index) => number !== index)).toBe(-1);
  expect(await within('the end at the sender', sender.ended, LIMIT_MS)).toEqual({ type: 'delivered' });
  return most;
}

describe.skipIf(natsServer.missing !== undefined)(`bus streams${skipNote(natsServer)}`, () => {
  const members = useNatsMembers();

  test('streams: server killed five times within 20,000 chunks -> none lost, doubled or out of order; the buffer stays bounded', async () => {
    const server = await members().server();
    const [from, to] = [await members().connected(server.url), await members().connected(server.url)];
    const most = await streamThrough(from, to, [1000, 5000, 9000, 13_000, 17_000], async () => {
      await server.kill();
      await server.restart();
    });
    expect(most).toBeLessThanOrEqual(STREAM_LIMITS.windowBytes + 2 * CHUNK_BYTES);
    expect(from.changes().filter((type) => type === 'reconnected').length).toBeGreaterThan(0);
  });

  test('streams: through a cluster of two, each server killed once -> none lost, doubled or out of order', async () => {
    const servers = await members().cluster();
    const [from, to] = [await members().connected(servers[0].url), await members().connected(servers[1].url)];
    const next: NatsServer[] = [...servers];
    await streamThrough(from, to, [3000, 12_000], async () => {
      const server = next.shift();
      if (server === undefined) return;
      await server.kill();
      // Its member goes on with the other server, which the first one has named.
      await until('a connection of both members', () => from.bus.isConnected && to.bus.isConnected, LIMIT_MS);
      await server.restart();
    });
    await Promise.all([connectionOf(from), connectionOf(to)]);
    for (const member of [from, to]) expect(member.changes()).toContain('reconnected');
  });

  test('requests: through a cluster of two; the server of the asker killed -> answered again through the other', async () => {
    const [first, second] = await members().cluster();
    const [asker, replier] = [await members().connected(first.url), await members().connected(second.url)];
    replier.bus.subscribe('who', ({ reply }) => reply(new Uint8Array([7])));
    await replier.bus.flush();
    // A new subscription takes a moment to reach the other server.
    const answer = () => until('an answer', async () => (await asker.bus.request('who', new Uint8Array(0), 1000)).ok, LIMIT_MS);
    await answer();
    await first.kill();
    await answer();
    expect(asker.changes()).toEqual(['connected', 'disconnected', 'reconnected']);
  });

  test('streams: a chunk waits while the server hangs for longer than the pings allow -> delivered after a new connection', async () => {
    const server = await members().server();
    const [from, to] = [await members().connected(server.url), await members().connected(server.url)];
    const receiver = new StreamReceiver(to.bus, systemClock, 's');
    const sender = new StreamSender(from.bus, systemClock, 's');
    sender.write(new Uint8Array([1]));
    expect(await within('the first chunk', receiver.read())).toMatchObject({ type: 'piece' });
    await server.freeze();
    sender.write(new Uint8Array([2]));
    sender.end();
    await until('both to notice', () => !from.bus.isConnected && !to.bus.isConnected, LIMIT_MS);
    server.resume();
    const rest = [await within('the second chunk', receiver.read()), await within('the end', receiver.read())];
    expect(rest).toEqual([{ type: 'piece', bytes: new Uint8Array([2]), isLast: true }, { type: 'end' }]);
    expect(await within('the end at the sender', sender.ended)).toEqual({ type: 'delivered' });
  });
});
