import { expect, onTestFinished, test } from 'vitest';
import { InProcessNetwork } from '../../../../src/main/scheduler/cluster/bus/in-process-network';
import { HELLO_INTERVAL_MS } from '../../../../src/main/scheduler/cluster/channel/core/hello';
import { LeaderLink } from '../../../../src/main/scheduler/cluster/channel/leader-link';
import { ReplicaLinks } from '../../../../src/main/scheduler/cluster/channel/replica-links';
import { ManualClock } from '../../../support/manual-clock';

async function turns(): Promise<void> {
  for (let count = 0; count < 10; count++) await new Promise((resolve) => setImmediate(resolve));
}

/** A member and a leader of one pool. `advance`: as many hellos as the time has. */
function pair() {
  const clock = new ManualClock();
  const network = new InProcessNetwork();
  const link = new LeaderLink(network.join('pool-1', clock).bus, clock);
  const leader = { leads: true };
  const { bus } = network.join('pool-1', clock);
  const links = new ReplicaLinks({ bus, clock, epoch: 1, leads: () => leader.leads, onChannel: () => undefined });
  onTestFinished(() => {
    links.stop();
    link.stop();
  });
  return {
    link,
    leader,
    start: async (): Promise<void> => {
      link.start();
      links.start();
      await turns();
    },
    advance: async (forMs: number): Promise<void> => {
      for (let ms = 0; ms < forMs; ms += HELLO_INTERVAL_MS) {
        clock.advance(HELLO_INTERVAL_MS);
        await turns();
      }
    },
  };
}

test('a leader is silent for 2 s -> the channel stays, and requests wait until the leader is heard again', async () => {
  const { link, leader, start, advance } = pair();
  await start();
  expect(link.isLed).toBe(true);
  const { channel } = link;

  leader.leads = false;
  await advance(2000);
  expect([link.isLed, link.channel === channel, link.isReady]).toEqual([false, true, true]);
  let led: unknown = 'waits';
  void link.whenLed(12_000).then((found) => (led = found));
  await turns();
  expect(led).toBe('waits');

  leader.leads = true;
  await advance(HELLO_INTERVAL_MS);
  expect(led).toBe(channel);
  expect(link.isLed).toBe(true);
});

test('a leader is silent for 10 s -> the member is not ready for traffic; heard again -> it is', async () => {
  const { link, leader, start, advance } = pair();
  expect(link.isReady).toBe(false);
  await start();
  leader.leads = false;
  await advance(9500);
  expect(link.isReady).toBe(true);
  await advance(HELLO_INTERVAL_MS);
  expect(link.isReady).toBe(false);
  leader.leads = true;
  await advance(1000);
  expect(link.isReady).toBe(true);
});

test('a channel ends -> it is not a way to the leader any more, also in the same turn', async () => {
  const { link, start, advance } = pair();
  await start();
  const { channel } = link;
  channel?.send('full', null, new Uint8Array(1024 * 1024));
  expect(channel?.isFull).toBe(true);
  // As a request does that waits until the channel takes more.
  const led = channel?.whenDrained().then(() => link.whenLed(12_000));
  channel?.close('test');
  expect(link.isLed).toBe(false);
  await advance(HELLO_INTERVAL_MS);
  const next = await led;
  expect([next?.isOpen, next === link.channel]).toEqual([true, true]);
});
