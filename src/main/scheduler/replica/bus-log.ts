// Logs the connection of a member to the bus, and its faults. A server that is away fails several times a second.
import { assertNever } from '../../../shared/assert-never';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { Bus, BusFault } from '../cluster/bus/bus';

const FAULT_LOG_INTERVAL_MS = 10_000;

export function logBus(bus: Bus, clock: Clock, logger: Logger): void {
  const loggedAtMonotonicMs = new Map<BusFault['type'], number>();
  bus.onStatus((status) => {
    switch (status.type) {
      case 'connected':
      case 'reconnected':
        logger.log('info', 'cluster_bus_connected', { server: status.server });
        return;
      case 'disconnected':
        logger.log('warn', 'cluster_bus_disconnected');
        return;
      case 'epoch_raised':
        return;
      case 'fault': {
        const { type, ...details } = status.fault;
        const nowMonotonicMs = clock.monotonicMs();
        if (nowMonotonicMs - (loggedAtMonotonicMs.get(type) ?? -Infinity) < FAULT_LOG_INTERVAL_MS) return;
        loggedAtMonotonicMs.set(type, nowMonotonicMs);
        logger.log('warn', 'cluster_bus_fault', { type, ...details });
        return;
      }
      default:
        assertNever(status);
    }
  });
}
