import { expect, test } from 'vitest';
import { InProcessNetwork } from '../../../../src/main/scheduler/cluster/bus/in-process-network';
import { LeaderLink } from '../../../../src/main/scheduler/cluster/channel/leader-link';
import { ReplicaLinks } from '../../../../src/main/scheduler/cluster/channel/replica-links';
import { ManualClock } from '../../../support/manual-clock';

async function turns(): Promise<void> {
  for (let count = 0; count < 10; count++) await new Promise((resolve) => setImmediate(resolve));
}

test('a leader is silent for 2 s -> the channel stays, and requests wait until the leader is heard again', async () => {
  const clock = new ManualClock();
  const network = new InProcessNetwork();
  const link = new LeaderLink(network.join('pool-1', clock).bus, clock);
  let leads = true;
  const leader = { bus: network.join('pool-1', clock).bus, clock, epoch: 1, leads: () => leads, onChannel: () => undefined };
  const links = new ReplicaLinks(leader);
  link.start();
  links.start();
  await turns();
  expect(link.isLed).toBe(true);
  const { channel } = link;

  leads = false;
  for (let ms = 0; ms < 2000; ms += 500) {
    clock.advance(500);
    await turns();
  }
  expect([link.isLed, link.channel === channel, link.isReady]).toEqual([false, true, true]);
  let led: unknown = 'waits';
  void link.whenLed(12_000).then((found) => (led = found));
  await turns();
  expect(led).toBe('waits');

  leads = true;
  clock.advance(500);
  await turns();
  expect(led).toBe(channel);
  expect(link.isLed).toBe(true);
  links.stop();
  link.stop();
});

test('a leader is silent for 10 s -> the member is not ready for traffic; heard again -> it is', async () => {
  const clock = new ManualClock();
  const network = new InProcessNetwork();
  const link = new LeaderLink(network.join('pool-1', clock).bus, clock);
  let leads = true;
  const leader = { bus: network.join('pool-1', clock).bus, clock, epoch: 1, leads: () => leads, onChannel: () => undefined };
  const links = new ReplicaLinks(leader);
  const advance = async (forMs: number): Promise<void> => {
    for (let ms = 0; ms < forMs; ms += 500) {
      clock.advance(500);
      await turns();
    }
  };
  expect(link.isReady).toBe(false);
  link.start();
  links.start();
  await turns();
  leads = false;
  await advance(9500);
  expect(link.isReady).toBe(true);
  await advance(500);
  expect(link.isReady).toBe(false);
  leads = true;
  await advance(1000);
  expect(link.isReady).toBe(true);
  links.stop();
  link.stop();
});

test('a channel ends -> it is not a way to the leader any more, also in the same turn', async () => {
  const clock = new ManualClock();
  const network = new InProcessNetwork();
  const link = new LeaderLink(network.join('pool-1', clock).bus, clock);
  const leader = { bus: network.join('pool-1', clock).bus, clock, epoch: 1, leads: () => true, onChannel: () => undefined };
  const links = new ReplicaLinks(leader);
  link.start();
  links.start();
  await turns();
  const { channel } = link;
  channel?.send('full', null, new Uint8Array(1024 * 1024));
  expect(channel?.isFull).toBe(true);
  // As a request does that waits until the channel takes more.
  const led = channel?.whenDrained().then(() => link.whenLed(12_000));
  channel?.close('test');
  expect(link.isLed).toBe(false);
  clock.advance(500);
  await turns();
  const next = await led;
  expect([next?.isOpen, next === link.channel]).toEqual([true, true]);
  links.stop();
  link.stop();
});
