// The connection of a member to the bus and its faults, for the log and for the view of the cluster. A server that is away fails several times a second.
import { assertNever } from '../../../shared/assert-never';
import type { BusView } from '../../../shared/api/cluster';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { Bus, BusFault } from '../cluster/bus/bus';

const FAULT_LOG_INTERVAL_MS = 10_000;

export function watchBus(bus: Bus, clock: Clock, logger: Logger): () => BusView {
  let server: string | null = null;
  const loggedAtMonotonicMs = new Map<BusFault['type'], number>();
  bus.onStatus((status) => {
    switch (status.type) {
      case 'connected':
      case 'reconnected':
        server = status.server;
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
  // The channels are of the term of a leader, which knows them.
  return () => ({ is_connected: bus.isConnected, server, channels: 0, ...bus.counts });
}
