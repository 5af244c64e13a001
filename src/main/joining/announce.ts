// Announces a shared pool in the local networks, and answers questions for it (DNS-SD, ADR 0022). No probing: on Linux each socket hears
// all interfaces, so our own announcement on another interface would look like a conflict. The id is unique.
import { networkInterfaces } from 'node:os';
import type { LanInterface } from '../../shared/api/network-report';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { type Announcement, isAskedFor, type PoolOffer, recordsOf } from './core/dns-records';
import { listeningInterfaces } from './core/lan-interfaces';
import type { MulticastSocket } from './multicast';
import { type InterfaceHooks, PerInterface } from './per-interface';

/** An announcement is sent twice (RFC 6762, 8.3): packets get lost. */
const REPEAT_AFTER_MS = 1000;
/** At most one answer in this time (RFC 6762, 6). Otherwise a stranger could multiply its packets. */
const ANSWER_INTERVAL_MS = 1000;

export interface PoolAnnouncement {
  readonly interfaces: readonly LanInterface[];
  stop(): Promise<void>;
}

export interface AnnouncedScheduler extends Omit<Announcement, keyof PoolOffer> {
  /** The address on which the scheduler listens. */
  readonly host: string;
  readonly offer: () => PoolOffer;
}

export function announcePool({ host, offer, ...announcement }: AnnouncedScheduler, clock: Clock, logger: Logger): PoolAnnouncement {
  const timers = new Set<Timer>();
  const send = (socket: MulticastSocket, { addresses }: LanInterface, ttl?: number): void => {
    socket.answer(recordsOf({ ...announcement, ...offer() }, addresses, ttl));
  };
  const later = (delayMs: number, act: () => void): void => {
    const timer = clock.setTimer(delayMs, () => {
      timers.delete(timer);
      act();
    });
    timers.add(timer);
  };
  /** When the next answer may be sent. More than one interval ahead: an answer waits already, for all questions until then. */
  const nextAtMonotonicMs = new WeakMap<MulticastSocket, number>();
  const answer = (socket: MulticastSocket, lan: LanInterface): void => {
    const nowMonotonicMs = clock.monotonicMs();
    const nextAt = nextAtMonotonicMs.get(socket) ?? 0;
    if (nextAt > nowMonotonicMs + ANSWER_INTERVAL_MS) return;
    if (nextAt <= nowMonotonicMs) send(socket, lan);
    else
      later(nextAt - nowMonotonicMs, () => {
        send(socket, lan);
      });
    nextAtMonotonicMs.set(socket, Math.max(nextAt, nowMonotonicMs) + ANSWER_INTERVAL_MS);
  };
  const hooks: InterfaceHooks = {
    onOpened(socket, lan) {
      logger.log('debug', 'pool_announced', { interface: lan.name, addresses: lan.addresses });
      send(socket, lan);
      later(REPEAT_AFTER_MS, () => {
        send(socket, lan);
      });
    },
    onPacket({ isResponse, questions }, socket, lan) {
      const records = recordsOf(announcement, lan.addresses);
      if (!isResponse && questions.some((question) => isAskedFor(question, records))) answer(socket, lan);
    },
    onClosing(socket, lan) {
      send(socket, lan, 0);
    },
    onFault(reason, lan) {
      logger.log('debug', 'multicast_fault', { interface: lan.name, reason });
    },
  };
  const networks = new PerInterface(clock, hooks, () => listeningInterfaces(networkInterfaces(), host));
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
