// When the bus has been away for so long that this replica sends its nodes to another member: with the bus, each of them has a leader. A leader
// that is away is no reason: another member leads soon, and nodes keep their connections.
import type { Clock, Timer } from '../../platform/clock';
import type { Bus } from '../cluster/bus/bus';

/** Longer than NATS servers take to start again. */
export const BUS_AWAY_MS = 10_000;

/** Calls back each time that the bus has been away for so long. Returns a function that ends the calls. */
export function onBusAbsence(bus: Pick<Bus, 'onStatus'>, clock: Clock, act: () => void): () => void {
  let timer: Timer | null = null;
  const off = bus.onStatus(({ type }) => {
    if (type === 'disconnected') timer ??= clock.setTimer(BUS_AWAY_MS, act);
    if (type !== 'connected' && type !== 'reconnected') return;
    timer?.cancel();
    timer = null;
  });
  return () => {
    off();
    timer?.cancel();
  };
}
