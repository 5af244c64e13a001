// Announces a shared pool in the local networks, and answers questions for it (DNS-SD, ADR 0022). No probing: on Linux each socket hears
// all interfaces, so our own announcement on another interface would look like a conflict. The id is unique.
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { type Announcement, isAskedFor, recordsOf } from './core/dns-records';
import type { LanInterface } from './core/lan-interfaces';
import type { MulticastSocket } from './multicast';
import { PerInterface } from './per-interface';

/** An announcement is sent twice (RFC 6762, 8.3): packets get lost. */
const REPEAT_AFTER_MS = 1000;

export interface PoolAnnouncement {
  readonly interfaces: readonly LanInterface[];
  stop(): Promise<void>;
}

export function announcePool(announcement: Announcement, clock: Clock, logger: Logger): PoolAnnouncement {
  const timers = new Set<Timer>();
  const send = (socket: MulticastSocket, { addresses }: LanInterface, ttl?: number): void => {
    socket.answer(recordsOf(announcement, addresses, ttl));
  };
  const networks = new PerInterface(clock, {
    onOpened(socket, lan) {
      logger.log('debug', 'pool_announced', { interface: lan.name, addresses: lan.addresses });
      send(socket, lan);
      const timer = clock.setTimer(REPEAT_AFTER_MS, () => {
        timers.delete(timer);
        send(socket, lan);
      });
      timers.add(timer);
    },
    onPacket({ isResponse, questions }, socket, lan) {
      const records = recordsOf(announcement, lan.addresses);
      if (!isResponse && questions.some((question) => isAskedFor(question, records))) send(socket, lan);
    },
    onClosing(socket, lan) {
      send(socket, lan, 0);
    },
    onFault(reason, lan) {
      logger.log('debug', 'multicast_fault', { interface: lan.name, reason });
    },
  });
  return {
    get interfaces() {
      return networks.interfaces;
    },
    async stop() {
      for (const timer of timers) timer.cancel();
      await networks.stop();
    },
  };
}
