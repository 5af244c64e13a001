// What streams do over every bus.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/main/platform/clock';
import { STREAM_LIMITS } from '../../../src/main/scheduler/cluster/bus/core/stream-limits';
import { MAX_PIECE_BYTES } from '../../../src/main/scheduler/cluster/bus/core/stream-messages';
import type { StreamItem } from '../../../src/main/scheduler/cluster/bus/core/stream-receiver-machine';
import { StreamReceiver } from '../../../src/main/scheduler/cluster/bus/stream-receiver';
import { StreamSender } from '../../../src/main/scheduler/cluster/bus/stream-sender';
import { textBytes } from '../../support/recorded-bus';
import { numbersOf, writeNumbers } from '../../support/stream-numbers';
import { until } from '../../support/until';
import { within } from '../../support/within';
import type { OpenBus } from './bus-contract';

async function allOf(receiver: StreamReceiver): Promise<readonly StreamItem[]> {
  const items: StreamItem[] = [];
  do items.push(await within('the next piece', receiver.read()));
  while (items.at(-1)?.type === 'piece');
  return items;
}

export function streamContract(name: string, open: () => Promise<OpenBus>): void {
  describe(`streams: ${name}`, () => {
    let bus: OpenBus;
    beforeEach(async () => {
      bus = await open();
    });
    afterEach(() => bus.close());

    const sender = (id = 's1'): StreamSender => new StreamSender(bus.members[0], systemClock, id);
    const receiver = (id = 's1'): StreamReceiver => new StreamReceiver(bus.members[1], systemClock, id);
    const piece = (text: string): StreamItem => ({ type: 'piece', bytes: textBytes(text), isLast: true });

    test.each(['sender', 'receiver'])('stream: %s opens first -> all payloads in order, then the end', async (first) => {
      const early = first === 'sender' ? sender() : null;
      const to = receiver();
      const from = early ?? sender();
      for (const text of ['a', '', 'b']) expect(from.write(textBytes(text))).toBe(true);
      from.end();
      expect(await allOf(to)).toEqual([piece('a'), piece(''), piece('b'), { type: 'end' }]);
      expect(await within('the end at the sender', from.ended)).toEqual({ type: 'delivered' });
      expect(await to.read()).toEqual({ type: 'end' });
      expect(from.heldBytes).toBe(0);
    });

    test('stream: 3 MB in one payload -> pieces of at most 128 kB, the last one marked', async () => {
      const payload = Uint8Array.from({ length: 3_000_000 }, (_, index) => index % 251);
      const [from, to] = [sender(), receiver()];
      expect(from.write(payload)).toBe(false);
      from.end();
      const pieces = (await allOf(to)).flatMap((item) => (item.type === 'piece' ? [item] : []));
      expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(payload)).toBe(true);
      expect(Math.max(...pieces.map(({ bytes }) => bytes.length))).toBe(MAX_PIECE_BYTES);
      expect(pieces.map(({ isLast }) => isLast)).toEqual(pieces.map((_, index) => index === pieces.length - 1));
    });

    test('stream: failed by the sender -> what was written, then the code', async () => {
      const [from, to] = [sender(), receiver()];
      from.write(textBytes('a'));
      from.fail('node_lost');
      expect(await allOf(to)).toEqual([piece('a'), { type: 'failed', code: 'node_lost' }]);
      expect(await within('the end at the sender', from.ended)).toEqual({ type: 'delivered' });
    });

    test('stream: stopped by the reader -> the sender learns the code; later payloads are dropped', async () => {
      const [from, to] = [sender(), receiver()];
      from.write(textBytes('a'));
      await within('the first piece', to.read());
      to.stop('client_left');
      expect(await within('the end at the sender', from.ended)).toEqual({ type: 'stopped', code: 'client_left' });
      expect([from.write(textBytes('b')), await to.read()]).toEqual([true, { type: 'failed', code: 'client_left' }]);
    });

    test('stream: aborted by the sender -> the reader learns the code', async () => {
      const [from, to] = [sender(), receiver()];
      from.write(textBytes('a'));
      await within('the first piece', to.read());
      from.abort('stopping');
      expect(await within('the end', to.read())).toEqual({ type: 'failed', code: 'stopping' });
      expect(await from.ended).toEqual({ type: 'lost', code: 'aborted' });
    });

    test('stream: reader does not read -> the writer waits with a bounded buffer, and goes on later', async () => {
      const [from, to] = [sender(), receiver()];
      const count = 20_000;
      let most = 0;
      const writing = writeNumbers(from, count, { size: 200, onWrite: () => (most = Math.max(most, from.heldBytes)) });
      await until('the writer to wait', () => most >= STREAM_LIMITS.windowBytes && from.heldBytes >= STREAM_LIMITS.windowBytes);
      expect(await numbersOf(to)).toEqual(Array.from({ length: count }, (_, index) => index));
      await within('the writer', writing);
      expect(most).toBeLessThanOrEqual(STREAM_LIMITS.windowBytes + 1000);
    });

    test('stream: connection lost and here again -> no chunk is lost, doubled or out of order', async () => {
      const [from, to] = [sender(), receiver()];
      const count = 5000;
      let written = 0;
      const writing = writeNumbers(from, count, { size: 200, onWrite: () => (written += 1) });
      const reading = numbersOf(to);
      await until('the first chunks', () => written > 1000);
      await bus.interrupt();
      await until('the sender to be disconnected', () => !bus.members[0].isConnected);
      await bus.restore();
      expect(await within('all chunks', reading)).toEqual(Array.from({ length: count }, (_, index) => index));
      await within('the writer', writing);
      expect(await within('the end at the sender', from.ended)).toEqual({ type: 'delivered' });
    });

    test('stream: the receiver learns a new epoch first -> the stream goes on', async () => {
      const [from, to] = [sender(), receiver()];
      from.write(textBytes('a'));
      expect(await within('the first piece', to.read())).toEqual(piece('a'));
      bus.members[1].raiseEpoch(9);
      from.write(textBytes('b'));
      expect(await within('the piece after the change', to.read())).toEqual(piece('b'));
      expect(bus.members[0].epoch).toBe(9);
    });

    test('streams: 50 at once on the same bus -> each gets its own chunks', async () => {
      const ids = Array.from({ length: 50 }, (_, index) => `many-${String(index)}`);
      const reading = ids.map((id) => numbersOf(receiver(id)));
      const writing = ids.map((id, index) => writeNumbers(sender(id), 100 + index, { size: 50 }));
      expect((await within('all streams', Promise.all(reading))).map(({ length }) => length)).toEqual(ids.map((_, index) => 100 + index));
      await within('all writers', Promise.all(writing));
    });
  });
}
