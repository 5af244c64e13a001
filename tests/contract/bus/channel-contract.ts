// What channels between the leader and its replicas do over every bus.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/main/platform/clock';
import type { Channel } from '../../../src/main/scheduler/cluster/channel/channel';
import { LeaderLink } from '../../../src/main/scheduler/cluster/channel/leader-link';
import { ReplicaLinks } from '../../../src/main/scheduler/cluster/channel/replica-links';
import { bytesText, textBytes } from '../../support/recorded-bus';
import { until } from '../../support/until';
import { within } from '../../support/within';
import type { OpenBus } from './bus-contract';

const LARGE = 3_000_000;

interface Side {
  readonly channel: Channel;
  readonly records: string[];
}

/** Records of type `text`, as `head: body`. */
function record(channel: Channel): Side {
  const records: string[] = [];
  channel.on('text', (head, body) => {
    records.push(`${JSON.stringify(head)}: ${bytesText(body)}`);
  });
  return { channel, records };
}

export function channelContract(name: string, open: () => Promise<OpenBus>): void {
  describe(`channels: ${name}`, () => {
    let bus: OpenBus;
    let stops: (() => void)[];
    beforeEach(async () => {
      bus = await open();
      stops = [];
    });
    afterEach(async () => {
      for (const stop of stops) stop();
      await bus.close();
    });

    function replica(): { readonly link: LeaderLink; readonly sides: Side[] } {
      const link = new LeaderLink(bus.members[1], systemClock);
      const sides: Side[] = [];
      link.onChannel((channel) => sides.push(record(channel)));
      link.start();
      stops.push(() => {
        link.stop();
      });
      return { link, sides };
    }

    function leader(epoch: number, leads = () => true): { readonly links: ReplicaLinks; readonly sides: Side[] } {
      const sides: Side[] = [];
      const onChannel = (channel: Channel): void => {
        sides.push(record(channel));
      };
      const links = new ReplicaLinks({ bus: bus.members[0], clock: systemClock, epoch, leads, onChannel });
      links.start();
      stops.push(() => {
        links.stop();
      });
      return { links, sides };
    }

    test('a leader that announces itself -> records in both directions, in order, also large ones', async () => {
      const { link, sides } = replica();
      const led = leader(3);
      const channel = await within('the channel', link.whenLed(10_000));
      expect(channel?.epoch).toBe(3);
      for (const text of ['a', 'x'.repeat(LARGE), 'b']) channel?.send('text', text.length, textBytes(text));
      channel?.send('other', null);
      await until('three records', () => led.sides[0]?.records.length === 3);
      const sent = ['1: a', `${String(LARGE)}: ${'x'.repeat(LARGE)}`, '1: b'];
      expect(led.sides[0]?.records.map((each, index) => each === sent[index])).toEqual([true, true, true]);
      led.sides[0]?.channel.send('text', { from: 'leader' });
      await until('the answer', () => sides[0]?.records.length === 1);
      expect(sides[0]?.records).toEqual(['{"from":"leader"}: ']);
      expect(led.links.count).toBe(1);
    });

    test('more than the window while the reader waits -> full, then drained, and all records arrive', async () => {
      const { link } = replica();
      const led = leader(1);
      const channel = await within('the channel', link.whenLed(10_000));
      let release: () => void = () => undefined;
      let read = 0;
      led.sides[0]?.channel.on('slow', async () => {
        read += 1;
        if (read === 1) await new Promise<void>((resolve) => (release = resolve));
      });
      for (let index = 0; index < 100; index++) channel?.send('slow', index, new Uint8Array(50_000));
      await until('the first record', () => read === 1);
      expect(channel?.isFull).toBe(true);
      release();
      await within('the channel drains', channel?.whenDrained() ?? Promise.reject(new Error('no channel')));
      await until('all records', () => read === 100);
      expect(channel?.isFull).toBe(false);
    });

    test('the bus is lost and comes back -> the same channel, and no record is lost or doubled', async () => {
      const { link } = replica();
      const led = leader(1);
      const channel = await within('the channel', link.whenLed(10_000));
      const send = (from: number): void => {
        for (let index = from; index < from + 20; index++) channel?.send('text', index);
      };
      send(0);
      await bus.interrupt();
      send(20);
      await bus.restore();
      send(40);
      await until('all records', () => (led.sides[0]?.records.length ?? 0) >= 60, 20_000);
      expect(led.sides[0]?.records).toEqual(Array.from({ length: 60 }, (_, index) => `${String(index)}: `));
      expect(channel?.isOpen).toBe(true);
    });

    test('a leader with a higher epoch -> the channel ends, and a new one opens', async () => {
      const { link, sides } = replica();
      const former = leader(1);
      const first = await within('the channel', link.whenLed(10_000));
      leader(2);
      expect(await within('the end', first?.ended ?? Promise.resolve('none'))).toMatch(/^(?:epoch_ended|idle)$/);
      await until('the channel of the next leader', () => link.channel?.epoch === 2);
      expect(former.links.count).toBe(0);
      expect(sides.map(({ channel }) => channel.epoch)).toEqual([1, 2]);
    });

    test('a channel that one side closes -> the other side ends, and the replica opens the next one', async () => {
      const { link, sides } = replica();
      const led = leader(1);
      await within('the channel', link.whenLed(10_000));
      led.sides[0]?.channel.close('test');
      await until('the next channel', () => sides.length === 2 && led.sides.length === 2);
      expect(sides[0]?.channel.isOpen).toBe(false);
      expect(led.links.count).toBe(1);
    });

    test('two leaders with one epoch -> a channel to one of them, and only that one has it', async () => {
      const led = [leader(1), leader(1)];
      const { link } = replica();
      const channel = await within('the channel', link.whenLed(10_000));
      channel?.send('text', 1);
      const received = () => led.flatMap(({ sides }) => sides.flatMap(({ records }) => records));
      await until('the record', () => received().length > 0);
      expect(received()).toEqual(['1: ']);
      expect(led.map(({ links }) => links.count).toSorted()).toEqual([0, 1]);
    });

    test('a member that does not lead any more -> no hello and no channel', async () => {
      let leads = true;
      const led = leader(1, () => leads);
      leads = false;
      const { link } = replica();
      expect(await within('no leader', link.whenLed(1200))).toBeNull();
      expect(led.sides).toEqual([]);
    });
  });
}
